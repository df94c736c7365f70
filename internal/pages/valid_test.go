package pages_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// TestEveryPageIsWellMadeInEveryLanguage: each page says its language, has one main
// heading and a title, names each field, points only to what is there, and carries the
// session's secret in every form.
func TestEveryPageIsWellMadeInEveryLanguage(t *testing.T) {
	t.Parallel()
	f := serve(t)
	titles := map[string]int{}
	for _, lang := range []string{"en", "es-MX,es;q=0.9", "fr"} {
		c := f.clerk(t)
		c.lang = lang
		want := strings.Split(lang, "-")[0]
		if want == "fr" {
			want = "en"
		}
		pages := map[string]answer{
			"come in": c.get(pathOf(f.link[own.Key])), "wrong code": c.post(pathOf(f.link[own.Key]), url.Values{"code": {"x"}}), "front": c.get("/"), "no session": c.get("/notice"), "nowhere": c.get("/nowhere"),
		}
		pages["notice"] = c.comesIn(own)
		for _, path := range []string{"/list", "/answer/received", "/answer/delegate", "/answer/contact", "/answer/told", "/devices"} {
			pages[path] = c.get(path)
		}
		chosen := c.form(pages["/list"], "choose", "choose", "yes", "person", "own-0003")
		pages["not ours"] = c.post("/list", chosen)
		secret := chosen.Get("form")
		for _, path := range []string{"/answer/received", "/answer/delegate", "/answer/contact"} {
			pages["empty "+path] = c.post(path, url.Values{"form": {secret}})
			require.Equal(t, http.StatusUnprocessableEntity, pages["empty "+path].status)
		}
		pages["told nothing"] = c.upload("/answer/told", map[string]string{"form": secret}, "", nil)
		pages["review"] = c.post("/answer/delegate", c.form(pages["/answer/delegate"], "delegate", append([]string{"delegation", "none"}, signer...)...))
		sent := c.post("/answer/received", c.form(pages["/answer/received"], "received", signer...))
		pages["answer"] = c.get(sent.to())
		pages["left"] = c.post("/leave", c.form(pages["notice"], "leave"))
		for name, page := range pages {
			t.Run(lang+" "+name, func(t *testing.T) {
				wellMade(t, page, want)
			})
			_, title, _ := strings.Cut(page.body, "<title>")
			title, _, _ = strings.Cut(title, "</title>")
			titles[want+" "+title]++
		}
	}
	require.Greater(t, len(titles), 24, "each page has a title of its own")
}

func wellMade(t *testing.T, page answer, lang string) {
	t.Helper()
	require.Equal(t, "text/html; charset=utf-8", page.header.Get("Content-Type"))
	require.NotContains(t, page.body, "ZgotmplZ", "the template engine met what it would not write")
	require.NotContains(t, page.body, "{", "a text has a name that was not filled in")
	root, err := html.Parse(strings.NewReader(page.body))
	require.NoError(t, err)
	ids := map[string]int{}
	var labelled, needed, referred []string
	headings, secrets, forms := 0, 0, 0
	open := balanced(t, page.body)
	require.Empty(t, open)
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		at := func(name string) string {
			for _, a := range n.Attr {
				if a.Key == name {
					return a.Val
				}
			}
			return ""
		}
		require.Empty(t, at("style"), "an inline style would be refused")
		require.Empty(t, at("onclick"))
		if id := at("id"); id != "" {
			ids[id]++
		}
		for _, name := range []string{"aria-describedby", "aria-labelledby"} {
			referred = append(referred, strings.Fields(at(name))...)
		}
		switch n.Data {
		case "html":
			require.Equal(t, lang, at("lang"))
		case "h1":
			headings++
		case "label":
			labelled = append(labelled, at("for"))
		case "a":
			if to, ok := strings.CutPrefix(at("href"), "#"); ok {
				referred = append(referred, to)
			}
		case "input", "textarea", "select":
			if at("type") == "hidden" {
				if at("name") == "form" {
					secrets++
				}
			} else if at("aria-label") == "" {
				require.NotEmpty(t, at("id"))
				needed = append(needed, at("id"))
			}
		case "form":
			if at("method") == "post" && !strings.HasPrefix(at("action"), "/p/") {
				forms++
			}
		case "img", "iframe", "object", "embed", "style":
			t.Fatalf("there is a %s", n.Data)
		}
	}
	require.Equal(t, 1, headings)
	require.Equal(t, forms, secrets, "every form of a session has its secret")
	for id, n := range ids {
		require.Equal(t, 1, n, "id %s", id)
	}
	for _, id := range needed {
		require.True(t, slices.Contains(labelled, id), "field %s has no label", id)
	}
	for _, id := range referred {
		require.Contains(t, ids, id, "something points to it")
	}
}

// balanced are the elements that are not closed, which a parser would mend in silence.
func balanced(t *testing.T, page string) (open []string) {
	t.Helper()
	empty := []string{"meta", "link", "input", "br"}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return open
		case html.StartTagToken:
			name, _ := z.TagName()
			if !slices.Contains(empty, string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			require.NotEmpty(t, open, "</%s>", name)
			require.Equal(t, open[len(open)-1], string(name))
			open = open[:len(open)-1]
		}
	}
}
