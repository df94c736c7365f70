package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// alarmDays is how long an alarm is shown after what it tells of was last seen. The
// ledger keeps it for good.
const alarmDays = 7

// NoteRefused writes down that something which came through Temporal was not believed:
// in the ledger of the alarm's practice, or of its incident where it has no such
// practice, and as a trouble. An entry with the same ref is written once and raises no
// second alarm: a workflow reads its history again and refuses the same anew. Where
// there is no such incident, only the alarm is written.
func (s *Store) NoteRefused(ctx context.Context, ref string, alarm casebook.Trouble, refused ledger.Refused) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		incident, practice, err := chainOf(ctx, q, alarm.Incident, alarm.Practice)
		if err != nil {
			return err
		}
		if incident != "" {
			if fresh, err := appendOnce(ctx, q, incident, practice, ledger.KindRefused, ref, refused); err != nil || !fresh {
				return err
			}
		}
		alarm.Incident, alarm.Practice, alarm.Kind = incident, practice, casebook.TroubleRefused
		alarm.Stopped = true // shown at once: it does not pass by itself
		return noteTrouble(ctx, q, alarm)
	})
}

// chainOf locks the practice, or the incident where it has no such practice, and says
// which it is: whoever makes up a workflow's ID makes up both.
func chainOf(ctx context.Context, q *sqlgen.Queries, incidentID, practiceKey string) (incident, practice string, err error) {
	for _, practice := range []string{practiceKey, ""} {
		err := lockChain(ctx, q, incidentID, practice)
		if err == nil {
			return incidentID, practice, nil
		}
		if refusal, ok := errors.AsType[*breach.Refusal](err); !ok || refusal.Code != "unknown_incident" && refusal.Code != "unknown_practice" {
			return "", "", err
		}
	}
	return "", "", nil
}

// ForgetAlarms takes back the alarms that nothing has raised for a week.
func (s *Store) ForgetAlarms(ctx context.Context) error {
	return s.q.ForgetAlarms(ctx, sqlgen.ForgetAlarmsParams{Alarms: casebook.Alarms, Days: alarmDays})
}
