package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres/sqlgen"
)

// NoteRestarted writes down that a workflow was ended from outside and is started
// again: in the ledger of the alarm's practice, or of its incident with an empty key,
// and as an alarm. run is the run that was ended, which is written down once.
func (s *Store) NoteRestarted(ctx context.Context, run, ended string, alarm casebook.Trouble) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		if err := lockChain(ctx, q, alarm.Incident, alarm.Practice); err != nil {
			return err
		}
		there, err := q.EntryIsThere(ctx, sqlgen.EntryIsThereParams{
			IncidentID: alarm.Incident, PracticeKey: alarm.Practice, Kind: ledger.KindRestarted, Ref: run,
		})
		if err != nil || there {
			return err
		}
		err = appendEntry(ctx, q, alarm.Incident, alarm.Practice, ledger.Body{Kind: ledger.KindRestarted, Who: engine, Ref: run}, ledger.Restarted{Ended: ended})
		if err != nil {
			return err
		}
		return q.NoteTrouble(ctx, sqlgen.NoteTroubleParams{
			IncidentID: alarm.Incident, PracticeKey: alarm.Practice, Step: casebook.TroubleRestarted, Part: alarm.Part,
			Stopped: true, What: alarm.What, Todo: alarm.Todo,
		})
	})
}
