package app_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
)

// TestNothingIsSentToAnAddressFromWhichEmailCameBack: a reminder that came back, or was
// refused, ends all e-mail to its address; the practice is reached by post, at once, and
// its standing says so. Once the address is corrected, or an officer says that e-mail
// goes there again, reminders go on as other e-mails.
func TestNothingIsSentToAnAddressFromWhichEmailCameBack(t *testing.T) {
	t.Parallel()
	for name, mend := range map[string]func(t *testing.T, in installed, did func(casebook.Act) error){
		"its address is corrected": func(t *testing.T, _ installed, did func(casebook.Act) error) {
			t.Helper()
			require.NoError(t, did(casebook.Act{Kind: casebook.ActContact, Contact: &casebook.ContactTerms{PrivacyOfficer: "Dana Example", Email: "new@p1.example.org", Phone: "512-555-0100"}}))
		},
		"an officer says so": func(t *testing.T, in installed, did func(casebook.Act) error) {
			t.Helper()
			p, err := in.store.Practice(t.Context(), caseID, "P1")
			require.NoError(t, err)
			step, m, back := p.CameBack()
			require.True(t, back)
			again := casebook.Act{Kind: casebook.ActNotify, Notify: &casebook.NotifyTerms{Step: step, Attempt: m.Attempt}}
			other := again
			other.Notify = &casebook.NotifyTerms{Step: step, Attempt: m.Attempt + 1}
			refusal, ok := activities.RefusalOf(did(other))
			require.True(t, ok)
			require.Equal(t, "changed_since_looked", refusal.Code)
			require.NoError(t, did(again))
			require.NoError(t, did(again), "said twice it is said once")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			practice := quiet("P1")
			practice.DefaultDelegation, practice.DefaultDays = "", 0
			in, sender, at := installQuiet(t, practice)
			acts := 0
			did := func(act casebook.Act) error {
				acts++
				act.ID, act.IncidentID, act.PracticeKey, act.Who = fmt.Sprintf("act-%d", acts), caseID, "P1", "Robin Officer"
				_, err := in.steps.ActOnPractice(t.Context(), act)
				return err
			}
			days := func(n int) activities.PracticeState {
				at.at = at.at.AddDate(0, 0, n)
				return in.follow(t, "P1")
			}
			heard := func() casebook.Heard {
				list, err := in.store.Heard(t.Context(), caseID, "P1")
				require.NoError(t, err)
				return list[0]
			}
			bounced := casebook.Act{Kind: casebook.ActRecord, Record: &casebook.RecordTerms{Fact: breach.Fact{Kind: breach.ReminderBounced, On: in.today()}}}
			in.follow(t, "P1")
			require.Len(t, sender.take(), 2, "the notice and the code")
			refusal, ok := activities.RefusalOf(did(bounced))
			require.True(t, ok)
			require.Equal(t, "no_reminder", refusal.Code, "none went out yet")
			require.Empty(t, days(6).EmailStopped)
			first := sender.take()
			require.Len(t, first, 1)
			bounced.Record = &casebook.RecordTerms{Fact: breach.Fact{
				Kind: breach.ReminderBounced, On: in.today(), Reference: casebook.MessageReference(first[0].ID) + ": bounce 550",
			}}
			require.NoError(t, did(bounced))
			require.NoError(t, did(bounced), "a list of events that is given again")
			state := in.follow(t, "P1")
			require.Contains(t, state.EmailStopped, "did not arrive")
			for _, what := range []string{"notify --post --reminders", "practice contact", "notify --practice"} {
				require.Contains(t, state.NeedsPerson, what)
			}
			require.NotEmpty(t, heard().EmailStopped)
			status, err := in.store.Status(t.Context(), caseID, at.now(), in.today())
			require.NoError(t, err)
			require.Equal(t, 1, status.Pages.EmailStopped)
			require.NoError(t, in.askForPost(t, casebook.PostReminder), "by post, and at once")
			_, printed, err := activities.PrintPost(t.Context(), in.steps, in.store, "one")
			require.NoError(t, err)
			require.True(t, printed)
			for range 3 {
				days(6)
			}
			require.Empty(t, sender.take(), "nothing further goes there")

			mend(t, in, did)
			state = in.follow(t, "P1")
			require.Empty(t, state.EmailStopped)
			require.Empty(t, heard().EmailStopped)
			sent := sender.take()
			require.Len(t, sent, 1, "the reminder whose day it is")
			require.NotEqual(t, first[0].ID, sent[0].ID)
			p, err := in.store.Practice(t.Context(), caseID, "P1")
			require.NoError(t, err)
			require.Equal(t, p.Practice.Email, sent[0].To.Email)
			days(1)
			require.Empty(t, sender.take(), "once")
		})
	}
}
