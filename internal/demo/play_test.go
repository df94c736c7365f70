package demo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/account"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/clerk"
	"duenotice/internal/demo"
)

// stage notes what was typed, and shows the statuses one after the other, a minute apart.
type stage struct {
	typed     []string
	practices []casebook.PracticeStatus
	held      []casebook.HeldLetter
	noMail    []string
	waiting   []int
	statuses  []casebook.Status
	summary   casebook.Summary
	now       time.Time
}

func (s *stage) Run(_ context.Context, words ...string) error {
	s.typed = append(s.typed, strings.Join(words, " "))
	return nil
}

func (s *stage) Practices(context.Context, string) ([]casebook.PracticeStatus, error) {
	return s.practices, nil
}

func (s *stage) Held(context.Context, string) ([]casebook.HeldLetter, error) { return s.held, nil }

func (s *stage) AwaitClosing(_ context.Context, _ string, done func(casebook.Status) (bool, error)) error {
	for _, status := range s.statuses {
		if ok, err := done(status); ok || err != nil {
			return err
		}
		s.now = s.now.Add(time.Minute)
	}
	return errors.New("it waits for ever")
}

func (s *stage) AwaitAnswers(_ context.Context, _ string, done func(int) (bool, error)) error {
	for _, waiting := range s.waiting {
		if ok, err := done(waiting); ok || err != nil {
			return err
		}
		s.now = s.now.Add(time.Minute)
	}
	_, err := done(0)
	return err
}

func (s *stage) Invitation(_ context.Context, practice string, _ time.Time) (clerk.Invitation, error) {
	if slices.Contains(s.noMail, practice) {
		return clerk.Invitation{}, demo.ErrNoMail
	}
	return clerk.Invitation{Page: "page of " + practice, Code: "code of " + practice}, nil
}

func (s *stage) Clerk(context.Context) (clerk.Clerk, string, func(), error) {
	return s, "in a test", func() { s.typed = append(s.typed, "the clerk goes") }, nil
}

// Answer is the clerk's.
func (s *stage) Answer(_ context.Context, i clerk.Invitation, a clerk.Answer) error {
	s.typed = append(s.typed, strings.Join([]string{i.Page, i.Code, a.Name, a.Title, a.Delegation}, ", "))
	return nil
}

func (s *stage) Rows(name string, rows [][]string) (string, error) {
	for _, r := range rows {
		s.typed = append(s.typed, name+": "+strings.Join(r, ","))
	}
	return name, nil
}

func (s *stage) Say(string) {}

func (s *stage) Stuck(incident string, practices int) error {
	return fmt.Errorf("%s: %d stuck", incident, practices)
}

func (s *stage) Summary(string) (casebook.Summary, error) { return s.summary, nil }

func (s *stage) Today() (civil.Date, error) { return civil.MustParse("2026-04-20"), nil }

func (s *stage) Now() time.Time { return s.now }

func owes(key string, phase casebook.Phase, duties ...breach.Obligation) casebook.PracticeStatus {
	p := casebook.PracticeStatus{Key: key, Phase: phase}
	for _, o := range duties {
		p.Obligations = append(p.Obligations, casebook.ObligationStatus{Obligation: o})
	}
	return p
}

func closed(n, of int, phase string) casebook.Status {
	return casebook.Status{Practices: of, Phase: phase, Phases: []casebook.PhaseCount{{Phase: casebook.PhaseClosed, Practices: n}}}
}

// TestTheOfficersRecordWhatIsOwedAndNothingElse, after the letters are printed, in
// the order of the facts, and once for all practices where one record does.
func TestTheOfficersRecordWhatIsOwedAndNothingElse(t *testing.T) {
	t.Parallel()
	letters := breach.Obligation{Kind: breach.IndividualNotice}
	s := &stage{
		practices: []casebook.PracticeStatus{
			owes("P1", casebook.PhaseDelegation, breach.Obligation{Kind: breach.CoveredEntityNotice}, breach.Obligation{Kind: breach.DataOwnerNotice}, letters),
			owes("P2", casebook.PhaseApproval, breach.Obligation{Kind: breach.CoveredEntityNotice}, breach.Obligation{Kind: breach.HHSNotice, Regime: breach.Part2}, letters,
				breach.Obligation{Kind: breach.SubstituteNotice, Form: breach.FormKept}),
			owes("P3", casebook.PhaseDelegation),
		},
		noMail:   []string{"P3"},
		waiting:  []int{2, 1},
		held:     []casebook.HeldLetter{{PracticeKey: "P2", PersonKey: "K9"}},
		statuses: []casebook.Status{closed(1, 2, casebook.IncidentRunning), closed(2, 2, casebook.IncidentClosed)},
		summary:  casebook.Summary{Phase: casebook.IncidentClosed},
	}
	s.practices[1].Notice = string(casebook.MessageRecorded) // by the record for the outbox
	s.practices[1].Account = account.Account{
		{State: account.PracticeTells, People: 3}, {State: account.NoAddress, Why: account.ByEmail, People: 1}, {State: account.Held, People: 1},
	}
	play := demo.Play{Stage: s, Incident: "DEMO", Folder: "cases/DEMO"}
	require.NoError(t, play.Perform(t.Context()))
	for i, typed := range s.typed {
		s.typed[i] = strings.NewReplacer(" --on 2026-04-20", "", " --by Ada Rivera", "").Replace(typed)
	}
	require.Equal(t, []string{
		"validate cases/DEMO", "start cases/DEMO",
		"page of P1, code of P1, Jo Lindqvist, Office manager, all", "the clerk goes",
		"delegate.csv: practice_key,delegation", "delegate.csv: P3,all", "delegate DEMO --from delegate.csv",
		"approve DEMO --list", "approve DEMO --all", "approve DEMO --all --by Ben Okafor",
		"record DEMO --fact letters_mailed", "record DEMO --fact hhs_filed --jurisdiction " + breach.Part2 + " --reference DEMO-TRACKING-NUMBER",
		"status DEMO --held",
		"record.csv: practice_key,fact,on,count,reference,person", "record.csv: P1,practice_notified,2026-04-20,,,",
		"record.csv: P2,practice_mailed,2026-04-20,3,,", "record.csv: P2,emails_sent,2026-04-20,,DEMO-MAILING,",
		"record.csv: P2,told_otherwise,2026-04-20,,by telephone,K9", "record DEMO --from record.csv",
		"record DEMO --fact acknowledged", "status DEMO",
	}, s.typed)
}

// TestTheDemoDoesNotWaitForEver: three minutes without a practice that closes are
// an error, and each that closes begins them anew.
func TestTheDemoDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	s := &stage{statuses: slices.Concat(slices.Repeat([]casebook.Status{closed(0, 2, casebook.IncidentRunning)}, 3),
		slices.Repeat([]casebook.Status{closed(1, 2, casebook.IncidentRunning)}, 9))}
	play := demo.Play{Stage: s, Incident: "DEMO"}
	require.EqualError(t, play.Perform(t.Context()), "DEMO: 1 stuck")
	require.Equal(t, 7*time.Minute, s.now.Sub(time.Time{}))
}
