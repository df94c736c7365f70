package activities

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
)

func TestWhatAPersonMayDo(t *testing.T) {
	t.Parallel()
	today := civil.MustParse("2026-04-20")
	incident := breach.Incident{Discovered: civil.MustParse("2026-03-16"), Occurred: breach.Span{From: civil.MustParse("2026-03-16")}, Media: []breach.MediaTerms{{State: "VA", Outlets: []breach.Outlet{{Name: "Example Press"}, {Name: "Radio Example"}}}}}
	incident.Entity.Role = breach.BusinessAssociate
	practice := casebook.Practice{
		Practice: breach.Practice{Key: "P1", Delegation: breach.DelegateAll}, PapersSHA256: "h1",
		Approvals: []casebook.Approval{{Who: "Ada  Officer", At: time.Unix(0, 0)}},
	}
	approve := func(who, hash string) casebook.Act {
		return casebook.Act{Kind: casebook.ActApprove, Who: who, Approve: &casebook.ApproveTerms{SHA256: hash}}
	}
	record := func(kind, on, reference string) casebook.Act {
		return casebook.Act{Kind: casebook.ActRecord, Who: "Ada", Record: &casebook.RecordTerms{
			Fact: breach.Fact{Kind: kind, On: civil.MustParse(on), Reference: reference},
		}}
	}
	fact := func(f breach.Fact) casebook.Act {
		f.On = civil.MustParse("2026-04-20")
		return casebook.Act{Kind: casebook.ActRecord, Who: "Ada", Record: &casebook.RecordTerms{Fact: f}}
	}
	proved := func(f breach.Fact, sha256 string) casebook.Act {
		act := fact(f)
		act.Record.ProofSHA256 = sha256
		return act
	}
	about := func(person, how string) casebook.Act {
		return casebook.Act{Kind: casebook.ActRecord, Who: "Ada", Record: &casebook.RecordTerms{
			PersonKey: person, Fact: breach.Fact{Kind: breach.ToldOtherwise, On: today, Reference: how},
		}}
	}
	told := breach.Fact{Kind: breach.HHSFiled, On: civil.MustParse("2026-04-20"), Reference: "TX-1", Count: 600}
	practice.Tally.People = 600
	sent := func(f breach.Fact, by string) breach.Fact {
		f.Sender = by
		return f
	}
	again := func(f breach.Fact) breach.Fact {
		f.Reference = "TX-2"
		return f
	}
	answers := func(delegation string) func(*casebook.Practice) {
		return func(p *casebook.Practice) { p.Practice.Delegation = delegation }
	}
	did := func(f breach.Fact) func(*casebook.Practice) {
		return func(p *casebook.Practice) { p.Facts = breach.Facts{f} }
	}
	delegate := func(delegation string) casebook.Act {
		return casebook.Act{Kind: casebook.ActDelegate, Who: "Ada", Delegate: &casebook.DelegateTerms{Delegation: delegation}}
	}
	for _, c := range []struct {
		name    string
		act     casebook.Act
		change  func(*casebook.Practice)
		refused string
		already bool
	}{
		{name: "a second person approves", act: approve("Grace", "h1")},
		{name: "the same person again, typed differently", act: approve("ada officer", "h1"), already: true},
		{name: "papers that changed", act: approve("Grace", "h0"), refused: "changed_since_looked"},
		{name: "no papers yet", act: approve("Grace", ""), change: func(p *casebook.Practice) { p.PapersSHA256 = "" }, refused: "no_papers"},
		{name: "letters not delegated", act: approve("Grace", "h1"), change: func(p *casebook.Practice) { p.Practice.Delegation = "none" }, refused: "not_delegated"},
		{name: "nobody's name", act: approve(" ", "h1"), refused: "no_name"},
		{name: "the program's own name", act: approve("Duenotice", "h1"), refused: "no_name"},
		{name: "a closed practice", act: approve("Grace", "h1"), change: func(p *casebook.Practice) { p.Phase = casebook.PhaseClosed }, refused: "closed"},
		{name: "low probability without factors", act: casebook.Act{Kind: casebook.ActAssess, Who: "Ada", Assess: &casebook.AssessTerms{Conclusion: breach.LowProbability}}, refused: "factors_missing"},
		{name: "presumed needs none", act: casebook.Act{Kind: casebook.ActAssess, Who: "Ada", Assess: &casebook.AssessTerms{Conclusion: breach.Presumed}}},
		{name: "a delegation nobody knows", act: casebook.Act{Kind: casebook.ActDelegate, Who: "Ada", Delegate: &casebook.DelegateTerms{Delegation: "some"}}, refused: "unknown_delegation"},
		{name: "delegated as before", act: casebook.Act{Kind: casebook.ActDelegate, Who: "Ada", Delegate: &casebook.DelegateTerms{Delegation: "all"}}, already: true},
		{name: "taken back after printing", act: casebook.Act{Kind: casebook.ActDelegate, Who: "Ada", Delegate: &casebook.DelegateTerms{Delegation: "none"}}, change: func(p *casebook.Practice) {
			p.Account = account.Account{{State: account.Printed, Letter: account.Own, People: 1}}
		}, refused: "letters_printed"},
		{name: "a mailing of today", act: record("letters_mailed", "2026-04-20", ""), change: func(p *casebook.Practice) {
			p.Account = account.Account{{State: account.Printed, Letter: account.Own, People: 1}}
		}},
		{name: "a mailing of nothing that is printed", act: record("letters_mailed", "2026-04-20", ""), refused: "nothing_to_mail"},
		{name: "a fact of tomorrow", act: record("letters_mailed", "2026-04-21", ""), refused: "future"},
		{name: "a fact before the incident", act: record("letters_mailed", "2026-03-15", ""), refused: "before_incident"},
		{name: "a filing without its number", act: record("hhs_filed", "2026-04-20", ""), refused: "no_reference"},
		{name: "a filing with its number", act: record("hhs_filed", "2026-04-20", "TX-1")},
		{name: "an addendum without a number takes the lists'", act: record("hhs_addendum", "2026-04-20", ""), change: func(p *casebook.Practice) { p.Facts = breach.Facts{told} }},
		{name: "an addendum to no report", act: record("hhs_addendum", "2026-04-20", ""), refused: "no_cause"},
		{name: "an addendum from before the report", act: record("hhs_addendum", "2026-04-19", ""), change: func(p *casebook.Practice) { p.Facts = breach.Facts{told} }, refused: "before_cause"},
		{name: "an acknowledgment of nothing", act: record("acknowledged", "2026-04-20", ""), refused: "no_cause"},
		{name: "an acknowledgment from before the day in practices.csv", act: record("acknowledged", "2026-04-01", ""), change: func(p *casebook.Practice) { p.Practice.NotifiedOn = civil.MustParse("2026-04-02") }, refused: "before_cause"},
		{name: "an acknowledgment of the day in practices.csv", act: record("acknowledged", "2026-04-02", ""), change: func(p *casebook.Practice) { p.Practice.NotifiedOn = civil.MustParse("2026-04-02") }},
		{name: "a mailing of letters that are not ours", act: record("letters_mailed", "2026-04-20", ""), change: func(p *casebook.Practice) { p.Practice.Delegation = "none" }, refused: "not_ours"},
		{name: "the practice's own mailing", act: fact(breach.Fact{Kind: "practice_mailed", Count: 600}), change: func(p *casebook.Practice) { p.Practice.Delegation = "none" }},
		{name: "the practice's own mailing to nobody knows how many", act: fact(breach.Fact{Kind: "practice_mailed"}), change: func(p *casebook.Practice) { p.Practice.Delegation = "none" }, refused: "no_count"},
		{name: "an own mailing of letters that are ours", act: fact(breach.Fact{Kind: "practice_mailed", Count: 600}), refused: "letters_ours"},
		{name: "an outlet on the list", act: fact(breach.Fact{Kind: "media_sent", Jurisdiction: "VA", Outlet: "example press"})},
		{name: "an outlet that nobody listed", act: fact(breach.Fact{Kind: "media_sent", Jurisdiction: "VA", Outlet: "Example Pres"}), refused: "unknown_outlet"},
		{name: "an outlet of a State without a list", act: fact(breach.Fact{Kind: "media_sent", Jurisdiction: "MD", Outlet: "Any Press"})},
		{name: "a batch of newspapers", act: fact(breach.Fact{Kind: "media_sent", Batch: "run-001-batch-0001"}), refused: "no_batch"},
		{name: "an estimate of nobody", act: fact(breach.Fact{Kind: "hhs_filed", Reference: "TX-1", Estimate: true}), refused: "no_count"},
		{name: "an estimate of 501", act: fact(breach.Fact{Kind: "hhs_filed", Reference: "TX-1", Count: 501, Estimate: true})},
		{name: "a number with a mailing", act: fact(breach.Fact{Kind: "letters_mailed", Count: 5}), refused: "no_number"},
		{name: "an agent, or not, without an answer", act: record("agency_determined", "2026-04-20", ""), refused: "no_answer"},
		{name: "no agent after all", act: fact(breach.Fact{Kind: "agency_determined", Answer: "no"})},
		{name: "an answer nobody asked for", act: fact(breach.Fact{Kind: "letters_mailed", Answer: "yes"}), refused: "unknown_answer"},
		{name: "a posting in the newspaper", act: fact(breach.Fact{Kind: "posting_started", Answer: "media"})},
		{name: "a posting on the moon", act: fact(breach.Fact{Kind: "posting_started", Answer: "moon"}), refused: "unknown_answer"},
		{name: "another clock on nobody's word", act: record("clock_override", "2026-04-20", " "), refused: "no_reference"},
		{name: "a delay without a reason", act: record("delay_reason", "2026-04-10", ""), refused: "no_reference"},
		{name: "a delay with its days", act: fact(breach.Fact{Kind: "delay_reason", Reference: "printer broke", Through: civil.MustParse("2026-04-20")})},
		{name: "a delay that ends before it begins", act: fact(breach.Fact{Kind: "delay_reason", Reference: "printer broke", Through: civil.MustParse("2026-04-19")}), refused: "unknown_through"},
		{name: "a delay until tomorrow", act: fact(breach.Fact{Kind: "delay_reason", Reference: "printer broke", Through: civil.MustParse("2026-04-21")}), refused: "future"},
		{name: "days of a mailing", act: fact(breach.Fact{Kind: "letters_mailed", Through: civil.MustParse("2026-04-20")}), refused: "unknown_through"},
		{name: "the same filing again", act: fact(told), change: func(p *casebook.Practice) { p.Facts = breach.Facts{told} }, already: true},
		{name: "the same filing, its receipt handed in later", act: proved(told, "receipt"), change: func(p *casebook.Practice) { p.Facts = breach.Facts{told} }},
		{name: "the same filing with the receipt it has", act: proved(told, "receipt"), change: func(p *casebook.Practice) {
			p.Facts, p.Proofs = breach.Facts{told}, []casebook.RecordTerms{{Fact: told, ProofSHA256: "receipt"}}
		}, already: true},
		{name: "a person told by telephone", act: about("k1", "by telephone")},
		{name: "nobody told by telephone", act: about("", "by telephone"), refused: "no_person"},
		{name: "a person told nobody knows how", act: about("k1", " "), refused: "no_reference"},
		{name: "a mailing to one person", act: casebook.Act{Kind: casebook.ActRecord, Who: "Ada", Record: &casebook.RecordTerms{
			PersonKey: "k1", Fact: breach.Fact{Kind: "media_sent", On: today},
		}}, refused: "no_person"},
		{name: "ours, of who left it to us", act: fact(sent(told, breach.ByUs))},
		{name: "ours, of who did not", act: fact(sent(told, breach.ByUs)), change: answers("letters"), refused: "duty_theirs"},
		{name: "the practice's, of who left it to us", act: fact(sent(told, breach.ByPractice)), refused: "duty_ours"},
		{name: "the practice's own", act: fact(sent(told, breach.ByPractice)), change: answers("none")},
		{name: "ours, of who has not answered", act: fact(sent(told, breach.ByUs)), change: answers("")},
		{name: "ours after the practice's", act: fact(again(sent(told, breach.ByUs))), change: did(sent(told, breach.ByPractice)), refused: "duty_theirs"},
		{name: "the practice's after ours", act: fact(again(sent(told, breach.ByPractice))), change: did(sent(told, breach.ByUs)), refused: "duty_done"},
		{name: "the practice's after ours, by its later answer", act: fact(again(told)), change: func(p *casebook.Practice) {
			did(sent(told, breach.ByUs))(p)
			answers("none")(p)
		}}, // an officer corrects our own number, and it stays ours
		{name: "the other made that filing", act: fact(sent(told, breach.ByPractice)), change: did(sent(told, breach.ByUs))},
		{name: "the same filing once more", act: fact(told), change: did(sent(told, breach.ByPractice)), already: true},
		{name: "another sender", act: fact(sent(told, "them")), refused: "unknown_sender"},
		{name: "the sender of letters", act: fact(breach.Fact{Kind: "letters_mailed", Sender: breach.ByUs}), refused: "no_sender"},
		{name: "taken back after we told HHS", act: delegate("letters"), change: did(sent(told, breach.ByUs)), refused: "duty_done"},
		{name: "taken back after it told HHS itself", act: delegate("letters"), change: did(sent(told, breach.ByPractice))},
		{name: "left to us after it told HHS itself", act: delegate("all"), change: func(p *casebook.Practice) {
			did(sent(told, breach.ByPractice))(p)
			answers("none")(p)
		}},
		{name: "no such fact", act: record("telegram_sent", "2026-04-20", ""), refused: "unknown_fact"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := practice
			if c.change != nil {
				c.change(&p)
			}
			err := allowed(incident, p, c.act, today)
			switch {
			case c.already:
				require.ErrorIs(t, err, errAlready)
			case c.refused != "":
				refusal, ok := breach.AsRefusal(err)
				require.True(t, ok, "%v", err)
				require.Equal(t, c.refused, refusal.Code)
			default:
				require.NoError(t, err)
			}
		})
	}
}

func TestAHoldNeedsTheOfficialsIdentity(t *testing.T) {
	t.Parallel()
	today := civil.MustParse("2026-04-20")
	whole := breach.Hold{Kind: breach.OralHold, StatedOn: civil.MustParse("2026-03-20"), Official: "SA Example", Agency: "Example Bureau", Statement: "would impede"}
	require.NoError(t, allowedHold(whole, today))
	for code, spoil := range map[string]func(*breach.Hold){
		"no_official":   func(h *breach.Hold) { h.Official = "" },
		"no_statement":  func(h *breach.Hold) { h.Statement = " " },
		"no_day":        func(h *breach.Hold) { h.StatedOn = civil.MustParse("2026-04-21") },
		"unknown_kind":  func(h *breach.Hold) { h.Kind = "email" },
		"no_until":      func(h *breach.Hold) { h.Kind = breach.WrittenHold }, // it names no time: 164.412(a)
		"until_before":  func(h *breach.Hold) { h.Until = civil.MustParse("2026-03-19") },
		"unknown_scope": func(h *breach.Hold) { h.Covers = []string{"everything"} },
	} {
		h := whole
		spoil(&h)
		refusal, ok := breach.AsRefusal(allowedHold(h, today))
		require.True(t, ok, code)
		require.Equal(t, code, refusal.Code)
	}
}
