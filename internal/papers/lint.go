package papers

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"duenotice/internal/breach"
)

// required is what each template must say, by the law that asks for it. A
// field's name stands for what it prints.
var required = map[string][]struct{ words, law string }{
	letterText: {
		{"{{.Head}}", "who a patient knows"},
		{"# Notice of Data Breach", "Cal. Civ. Code 1798.82(d)(1)"},
		{"## What Happened", "Cal. Civ. Code 1798.82(d)(1)"},
		{"## What Information Was Involved", "Cal. Civ. Code 1798.82(d)(1)"},
		{"## What We Are Doing", "Cal. Civ. Code 1798.82(d)(1)"},
		{"## What You Can Do", "Cal. Civ. Code 1798.82(d)(1)"},
		{"## For More Information", "Cal. Civ. Code 1798.82(d)(1)"},
		{"{{.WhatHappened}}", "45 CFR 164.404(c)(1)(A)"},
		{"{{.Occurred}}", "45 CFR 164.404(c)(1)(A)"},
		{"{{.Discovered}}", "45 CFR 164.404(c)(1)(A)"},
		{"{{.Classes}}", "45 CFR 164.404(c)(1)(B)"},
		{"{{.WhatYouCanDo}}", "45 CFR 164.404(c)(1)(C)"},
		{"{{.WhatWeAreDoing}}", "45 CFR 164.404(c)(1)(D)"},
		{"{{range .Contacts}}", "45 CFR 164.404(c)(1)(E)"},
		{"{{range .Practices}}", "45 CFR 164.404(a)(1)"},
		{".Delayed", "Cal. Civ. Code 1798.82(d)(2)(D)"},
	},
	mediaText: {
		{"{{.State}}", "45 CFR 164.406(a)"},
		{"{{.WhatHappened}}", "45 CFR 164.404(c)(1)(A)"},
		{"{{.Occurred}}", "45 CFR 164.404(c)(1)(A)"},
		{"{{.Discovered}}", "45 CFR 164.404(c)(1)(A)"},
		{"{{.Classes}}", "45 CFR 164.404(c)(1)(B)"},
		{"{{.WhatYouCanDo}}", "45 CFR 164.404(c)(1)(C)"},
		{"{{.WhatWeAreDoing}}", "45 CFR 164.404(c)(1)(D)"},
		{"{{range .Contacts}}", "45 CFR 164.404(c)(1)(E)"},
	},
	postingText: {
		{"{{.Covered}}", "45 CFR 164.404(d)(2)(ii)"},
		{"{{.WhatHappened}}", "45 CFR 164.404(c)(1)(A)"},
		{"{{.Occurred}}", "45 CFR 164.404(c)(1)(A)"},
		{"{{.Discovered}}", "45 CFR 164.404(c)(1)(A)"},
		{"{{.Classes}}", "45 CFR 164.404(c)(1)(B)"},
		{"{{.WhatYouCanDo}}", "45 CFR 164.404(c)(1)(C)"},
		{"{{.WhatWeAreDoing}}", "45 CFR 164.404(c)(1)(D)"},
		{"{{.TollFree}}", "45 CFR 164.404(d)(2)(ii)(B)"},
		{"{{range .Contacts}}", "45 CFR 164.404(c)(1)(E)"},
	},
	noticeText: {
		{"people.csv", "45 CFR 164.410(c)(1)"},
		{"{{.WhatHappened}}", "45 CFR 164.410(c)(2)"},
		{"{{.Occurred}}", "45 CFR 164.410(c)(2)"},
		{"{{.Discovered}}", "45 CFR 164.410(c)(2)"},
		{"{{range .Classes}}", "45 CFR 164.410(c)(2)"},
		{"{{.WhatYouCanDo}}", "45 CFR 164.410(c)(2)"},
		{"{{.WhatWeAreDoing}}", "45 CFR 164.410(c)(2)"},
		{"{{.Reach}}", "45 CFR 164.410(c)(2)"},
	},
	emailText: {
		{"{{.Entity}}", "the sender"},
		{"{{range .Contacts}}", "how to answer"},
	},
	remindText: {
		{"{{.Entity}}", "the sender"},
		{"{{.Page}}", "where to answer"},
		{"{{range .Contacts}}", "how to answer"},
	},
	postText: {
		{"{{if .Page}}", "where to answer"},
		{"{{.Reach}}", "how to answer where there is no page"},
		{"{{.Silence}}", "what becomes of silence"},
	},
	codeText: {
		{"{{.Entity}}", "the sender"},
		{"{{.Code}}", "what it is sent for"},
		{"{{range .Contacts}}", "how to answer"},
	},
}

// CheckTemplates checks the built-in templates: each says what the law requires
// of it, in order for the letter's headings, and none has a placeholder left in it.
func CheckTemplates() error { return checkBuiltIn() }

// The templates are part of the program: one check holds for its life.
var checkBuiltIn = sync.OnceValue(func() error { return CheckTemplatesIn(embeddedTexts()) })

// CheckTemplatesIn checks the templates in a folder. A folder that lacks one of
// them fails: a check that looked at nothing found nothing.
func CheckTemplatesIn(folder fs.FS) error {
	for _, name := range slices.Sorted(maps.Keys(required)) {
		rules := required[name]
		raw, err := fs.ReadFile(folder, name)
		if err != nil {
			return fmt.Errorf("a template is missing: %w", err)
		}
		text := string(raw)
		at := 0
		for _, rule := range rules {
			found := strings.Index(text, rule.words)
			if found < 0 {
				return breach.Refuse("template_lacks_element", "Put it back.", "templates/%s lacks %q (%s)", name, rule.words, rule.law)
			}
			if strings.HasPrefix(rule.words, "#") {
				if found < at {
					return breach.Refuse("template_order", "Use the statute's order.", "templates/%s has %q out of order (%s)", name, rule.words, rule.law)
				}
				at = found
			}
		}
	}
	if err := checkPlaceholders(folder); err != nil {
		return err
	}
	book, err := readOffices(folder)
	if err != nil {
		return err
	}
	return checkStates(folder, book)
}

// checkPlaceholders refuses a template in which somebody left words to replace.
func checkPlaceholders(folder fs.FS) error {
	for _, pattern := range []string{"*.txt", "states/*.txt"} {
		names, err := fs.Glob(folder, pattern)
		if err != nil {
			return err
		}
		for _, name := range names {
			text, err := fs.ReadFile(folder, name)
			if err != nil {
				return err
			}
			if left := placeholder(withoutActions(string(text))); left != "" {
				return breach.Refuse("placeholder_left", "Replace it with the words that belong there.", "templates/%s has the placeholder %q", name, left)
			}
		}
	}
	return nil
}

// withoutActions drops {{...}}: what is left is printed as it stands.
func withoutActions(text string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, after, closed := strings.Cut(rest, "}}")
		if !closed {
			b.WriteString("{{")
			return b.String()
		}
		text = after
	}
}
