package pages

import (
	"fmt"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"duenotice/internal/breach"
	"duenotice/internal/civil"
	files "duenotice/templates/pages"
)

// languages are those the pages are in, the first for whoever reads neither.
var languages = []string{"en", "es"}

var matcher = language.NewMatcher([]language.Tag{language.AmericanEnglish, language.LatinAmericanSpanish})

// words are the texts of one language, by key.
type words struct {
	lang  string
	texts map[string]string
	count *message.Printer
}

func readWords(lang string) (words, error) {
	w := words{lang: lang, count: message.NewPrinter(language.MustParse(lang + "-US"))}
	content, err := fs.ReadFile(files.Files, lang+".yaml")
	if err != nil {
		return w, err
	}
	return w, yaml.Unmarshal(content, &w.texts)
}

// text is the text of a key with its {names} filled in from pairs of name and value. A
// key that is not there is a mistake of a template, which its test finds.
func (w words) text(key string, pairs ...any) (string, error) {
	text, ok := w.texts[key]
	if !ok {
		return "", fmt.Errorf("there are no words for %q in %s", key, w.lang)
	}
	if len(pairs) == 0 {
		return text, nil
	}
	fill := make([]string, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		fill[i], fill[i+1] = fmt.Sprintf("{%v}", pairs[i]), w.value(pairs[i+1])
	}
	return strings.NewReplacer(fill...).Replace(text), nil
}

func (w words) value(v any) string {
	switch v := v.(type) {
	case int:
		return w.number(v)
	case civil.Date:
		return w.date(v)
	}
	return fmt.Sprint(v)
}

// number is 1,234 in both languages: so people in the United States write it.
func (w words) number(n int) string { return w.count.Sprintf("%d", n) }

// people is a number of patients with its noun.
func (w words) people(n int) (string, error) { return w.counted("patients", n) }

// counted is a text that has one form for one thing and another for several.
func (w words) counted(key string, n int) (string, error) {
	if n == 1 {
		return w.text(key+".one", "n", n)
	}
	return w.text(key+".many", "n", n)
}

// date is March 16, 2026, or 16 de marzo de 2026.
func (w words) date(d civil.Date) string {
	if w.lang == "es" && !d.IsZero() {
		return fmt.Sprintf("%d de %s de %d", d.Day, w.texts["month."+strconv.Itoa(int(d.Month))], d.Year)
	}
	return d.Long()
}

// moment is a day with a time, in the practice's zone.
func (w words) moment(t time.Time, zone *time.Location) string {
	t = t.In(zone)
	if w.lang == "es" {
		return w.date(civil.OfTime(t)) + ", " + t.Format("15:04 MST")
	}
	return w.date(civil.OfTime(t)) + ", " + t.Format("3:04 PM MST")
}

// left is how many days there are until due: "in 12 days", "today", "3 days ago".
func (w words) left(due, today civil.Date) (string, error) {
	switch n := due.DaysSince(today); {
	case n == 0:
		return w.text("days.today")
	case n > 0:
		return w.counted("days.left", n)
	default:
		return w.counted("days.ago", -n)
	}
}

// size is a file's, in the units people know.
func (w words) size(bytes int64) string {
	switch {
	case bytes < 1000:
		return w.count.Sprintf("%d", bytes) + " B"
	case bytes < 1_000_000:
		return w.count.Sprintf("%d", (bytes+999)/1000) + " KB"
	}
	return strconv.FormatFloat(float64(bytes)/1e6, 'f', 1, 64) + " MB"
}

// stateName is a State's name, or what stands for somebody whose State is not known.
func (w words) stateName(code string) (string, error) {
	if name := breach.StateName(code); name != "" {
		return name, nil
	}
	if code == "" || strings.EqualFold(code, "unknown") {
		return w.text("state.unknown")
	}
	return code, nil
}

// hasText reports whether there are words for a key.
func (w words) hasText(key string) bool { _, ok := w.texts[key]; return ok }

// languageCookie keeps the choice that somebody made with the switch.
const languageCookie = "duenotice_language"

// languageOf is the language that a request is answered in.
func languageOf(r *http.Request) string {
	if cookie, err := r.Cookie(languageCookie); err == nil {
		for _, lang := range languages {
			if cookie.Value == lang {
				return lang
			}
		}
	}
	_, at := language.MatchStrings(matcher, r.Header.Get("Accept-Language"))
	return languages[at]
}

// speaking takes the switch of the language: it keeps the choice, and shows the same page.
func (t *site) speaking(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.RawQuery == "" {
			next.ServeHTTP(w, r)
			return
		}
		query := r.URL.Query()
		chosen := query.Get("lang")
		if t.views[chosen] == nil {
			next.ServeHTTP(w, r)
			return
		}
		http.SetCookie(w, &http.Cookie{ //nolint:gosec // G124: Secure wherever the page is served with TLS
			Name: languageCookie, Value: chosen, Path: "/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
			HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: t.tls(),
		})
		query.Del("lang")
		to := *r.URL
		// A path of two slashes would be another site's.
		to.Scheme, to.Host, to.Path, to.RawPath = "", "", "/"+strings.TrimLeft(r.URL.Path, "/"), ""
		to.RawQuery = query.Encode()
		http.Redirect(w, r, to.String(), http.StatusSeeOther) //nolint:gosec // G710: a path of this site
	})
}
