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
		fresh, err := appendOnce(ctx, q, alarm.Incident, alarm.Practice, ledger.KindRestarted, run, ledger.Restarted{Ended: ended})
		if err != nil || !fresh {
			return err
		}
		alarm.Kind, alarm.Stopped = casebook.TroubleRestarted, true // shown at once: it does not pass by itself
		return noteTrouble(ctx, q, alarm)
	})
}
