package papers_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/internal/breach"
	"duenotice/internal/papers"
)

// What officers write, from letters as they are sent: some of it is in every letter
// already, some of it they write twice.
var (
	saidOfHappening = []string{
		"On March 16, 2026 we noticed that somebody had used a stolen password.",
		"We discovered this incident on March 16, 2026.",
		"On 3/16/2026 we learned of unusual activity in our network.",
		"An outsider entered our systems between March 14, 2026 and March 16, 2026.",
		"The incident happened between March 14, 2026 and March 16, 2026.",
		"We shut that person out the same day.",
		"We finished looking through the files on April 10, 2026.",
		"This notice was not delayed by law enforcement.",
		"We take the privacy of your information seriously.",
	}
	saidOfDoing = []string{
		"We shut that person out the same day.",
		"We take the privacy of your information seriously.",
		"We changed every password of the system.",
		"We now ask for a second proof of identity from everybody who signs in.",
		"We offer credit monitoring through Example Watch.",
		"We told the Federal Bureau of Investigation.",
		"We regret that this happened.",
	}
	saidOfSteps = []string{
		"Please take the steps below.",
		"Read the statements of your health plan and your doctors.",
		"Change the password of your patient account.",
		"Call your bank if you see a payment that you did not make.",
		"Place a security freeze on your credit file.",
		"Call us at 1-800-555-0100 with any question.",
		"We now ask for a second proof of identity from everybody who signs in.",
	}
)

// generatedIncident is an incident whose texts are some of those sentences.
func generatedIncident(random *rand.Rand) breach.Incident {
	some := func(own string, all []string) string {
		picked := []string{own}
		for _, n := range random.Perm(len(all))[:1+random.IntN(len(all)-1)] {
			picked = append(picked, all[n])
		}
		if random.IntN(2) == 0 {
			return strings.Join(picked, "\n\n")
		}
		return strings.Join(picked, " ")
	}
	i := exampleIncident()
	i.WhatHappened, i.WhatWeAreDoing, i.WhatYouCanDo = some("Somebody was in our records.", saidOfHappening), some("We closed the way in.", saidOfDoing), some("You can act today.", saidOfSteps)
	if random.IntN(2) == 0 {
		i.CreditMonitoring = breach.CreditMonitoring{}
	}
	return i
}

// TestNothingIsSaidTwice renders generated incidents to every kind of reader and reads
// them: no sentence stands twice, the dates of the breach are told and not told again in
// the letter's words, and advice that officers gave is not given again.
func TestNothingIsSaidTwice(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(12, 2026))
	for n := range 120 {
		i := generatedIncident(random)
		p := examplePerson()
		p.DataClasses = append(p.DataClasses, "account_credentials", "payment_card")
		switch n % 4 {
		case 1:
			p.BirthDate = may1.AddYears(-8)
		case 2:
			p.DeceasedDate = may1.AddDays(-90)
		case 3:
			p.RepresentativeName, p.RepresentativeRelation = "Gil Guardian", "guardian"
		}
		file, pieces := letters(t, i, letterTo(p))
		require.Equal(t, 2, pieces[0].Pages)
		text := flowed(textOf(t, file))
		if os.Getenv("DUENOTICE_TEST_SHOW") != "" {
			t.Log(textOf(t, file))
		}
		seen := map[string]bool{}
		for _, sentence := range regexp.MustCompile(`[.:] `).Split(text, -1) {
			words := strings.ToLower(strings.Join(regexp.MustCompile(`[A-Za-z0-9]+`).FindAllString(sentence, -1), " "))
			if strings.Count(words, " ") < 4 || strings.Contains(words, "page 2 of 2") {
				continue
			}
			require.False(t, seen[words], "%q stands twice in:\n%s", sentence, text)
			seen[words] = true
		}
		require.Contains(t, text, "March 16, 2026")
		if strings.Contains(i.WhatHappened, "noticed that") || strings.Contains(i.WhatHappened, "discovered this") {
			require.NotContains(t, text, "We discovered it on")
		} else {
			require.Contains(t, text, "We discovered it on March 16, 2026")
		}
		if happened := strings.Count(i.WhatHappened, "between March 14, 2026 and March 16, 2026"); happened > 0 {
			require.Equal(t, happened, strings.Count(text, "between March 14, 2026 and March 16, 2026"))
		} else {
			require.Contains(t, text, "The incident happened between March 14, 2026 and March 16, 2026.")
		}
		for officers, ours := range map[string]string{
			"Read the statements of your health plan": "Read the statements that come", "Change the password of your": "Change the password and the security",
			"Call your bank": "Tell the bank",
		} {
			if strings.Contains(i.WhatYouCanDo, officers) {
				require.NotContains(t, text, ours)
			} else {
				require.Equal(t, 1, strings.Count(text, ours), "%q in:\n%s", ours, text)
			}
		}
	}
}

// TestADateIsToldOnlyByASentenceThatSaysSo: what is not surely told, the letter tells.
func TestADateIsToldOnlyByASentenceThatSaysSo(t *testing.T) {
	t.Parallel()
	const discovered, happened = "We discovered it on March 16, 2026.", "The incident happened between March 14, 2026 and March 16, 2026."
	for words, missing := range map[string]string{
		"On March 16, 2026 we noticed it.":                                                           "discovered",
		"On March 16,\n2026 we noticed it.":                                                          "discovered",
		"Between March 14, 2026 and March 16, 2026 somebody entered our system.":                     "happened",
		"It happened between March 14, 2026 and March 16, 2026. We learned of it on March 16, 2026.": "both",
		"On March 16, 2026 we changed every password.":                                               "",
		"On 3/16/2026 we noticed it.":                                                                "",
		"On April 2, 2026 we learned that it was entered on March 16, 2026.":                         "",
		"We noticed it at once. All was closed by March 16, 2026.":                                   "",
		"We were away between March 14, 2026 and March 16, 2026.":                                    "",
		"We learned that this happened between March 14, 2026 and March 16, 2026.":                   "",
	} {
		i := exampleIncident()
		i.WhatHappened = words
		file, _ := letters(t, i, letterTo(examplePerson()))
		text := flowed(textOf(t, file))
		require.Equal(t, missing == "" || missing == "happened", strings.Contains(text, discovered), words)
		require.Equal(t, missing == "" || missing == "discovered", strings.Contains(text, happened), words)
	}
}

// TestTheBoxSaysWhatToDoNow with the offer, its last day and its link, else the first
// step, which then does not stand again below.
func TestTheBoxSaysWhatToDoNow(t *testing.T) {
	t.Parallel()
	box := func(i breach.Incident, change func(*breach.Person)) (box, rest string) {
		p := examplePerson()
		change(&p)
		file, _ := letters(t, i, letterTo(p))
		text := flowed(textOf(t, file))
		_, after, found := strings.Cut(text, "What to Do Now")
		require.True(t, found)
		box, rest, found = strings.Cut(after, "More steps are under “What You Can Do”.")
		require.True(t, found)
		return box, rest
	}
	same := func(*breach.Person) {}
	offer := exampleIncident()
	offer.CreditMonitoring.EnrollBy = may1.AddDays(90)
	words, rest := box(offer, func(p *breach.Person) { p.EnrollmentCode = "ABCD-1234" })
	require.Contains(t, words, "24 months of credit monitoring")
	require.Contains(t, words, "https://example.org/enroll or call 1-800-555-0199 by July 30, 2026 .")
	require.Contains(t, words, "Your enrollment code: ABCD-1234")
	for _, once := range []string{"Example Watch", "example.org/enroll", "ABCD-1234", "July 30"} {
		require.NotContains(t, rest, once)
	}
	plain := exampleIncident()
	plain.CreditMonitoring = breach.CreditMonitoring{}
	for step, change := range map[string]func(*breach.Person){
		"Read the statements":      same,
		"Tell the bank":            func(p *breach.Person) { p.DataClasses = []breach.DataClass{"name", "payment_card"} },
		"Change the password":      func(p *breach.Person) { p.DataClasses = []breach.DataClass{"name", "account_credentials"} },
		"Stay alert: read account": func(p *breach.Person) { p.DataClasses = []breach.DataClass{"name", "ssn"} },
		"Stay alert: ask whether": func(p *breach.Person) {
			p.DataClasses, p.BirthDate = []breach.DataClass{"name"}, may1.AddYears(-4)
		},
		"Tell the three credit bureaus": func(p *breach.Person) { p.DeceasedDate = may1 },
	} {
		words, rest := box(plain, change)
		require.Contains(t, words, step)
		require.NotContains(t, rest, step)
	}
}

// TestThePracticesNameIsTheFirstThingRead: patients do not know who keeps the records.
func TestThePracticesNameIsTheFirstThingRead(t *testing.T) {
	t.Parallel()
	third := secondPractice()
	third.Key, third.LegalName = "P3", "Birch Lane Dental"
	for want, practices := range map[string][]breach.Practice{
		"Oak Street Family Medicine":                               {examplePractice()},
		"Oak Street Family Medicine and Elm Avenue Cardiology LLC": {examplePractice(), secondPractice()},
		"Your health care providers":                               {examplePractice(), secondPractice(), third},
	} {
		file, _ := letters(t, exampleIncident(), letterTo(examplePerson(), practices...))
		largest := 0.0
		var name []string
		for _, line := range readPDF(t, file) {
			if line.size > largest {
				largest, name = line.size, nil
			}
			if line.size == largest && line.text != "Notice of Data Breach" {
				name = append(name, line.text)
			}
		}
		require.Equal(t, want, strings.Join(name, " "))
		require.Less(t, strings.Index(textOf(t, file), name[0]+"\n"), strings.Index(textOf(t, file), "Notice of Data Breach"))
	}
}

// TestWhatOfficersSayTwiceIsPointedOut where the letter cannot leave it out for them.
func TestWhatOfficersSayTwiceIsPointedOut(t *testing.T) {
	t.Parallel()
	require.Empty(t, papers.Repeats(exampleIncident()))
	for words, what := range map[string]string{
		"We offer credit monitoring through Example Watch.": "credit monitoring", "Enroll at HTTPS://example.org/enroll/.": "credit monitoring",
		"Call 1 (800) 555-0100.": "how to reach you", "Write to Privacy@Example.org": "how to reach you",
		"Place a security freeze.": "credit files", "See www.annualcreditreport.com.": "credit files",
	} {
		i := exampleIncident()
		i.WhatYouCanDo = words
		repeats := papers.Repeats(i)
		require.Len(t, repeats, 1, words)
		require.Equal(t, "what_you_can_do", repeats[0].Key)
		require.Contains(t, repeats[0].What, what, fmt.Sprint(repeats))
	}
}
