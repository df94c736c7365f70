package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/packet"
	"duenotice/internal/postgres"
	"duenotice/internal/postgres/pagedoor"
	"duenotice/internal/testkit"
)

// TestTwoClerksAndTheWorkerNeverLockEachOtherUp lets two clerks of one practice do on
// their pages what there is to do, while the worker carries out what they answer and seals
// what they see, and an officer gives codes and ends sessions. Whoever needs several rows
// of a practice takes its page first: then none waits for another in a circle.
func TestTwoClerksAndTheWorkerNeverLockEachOtherUp(t *testing.T) {
	t.Parallel()
	a := practicesAnswer(t, "P1", "P2")
	a.steps.Packets = a.store
	of, ref := a.of("P1"), activities.PracticeRef{IncidentID: pagesIncident, PracticeKey: "P1"}
	// A circle is looked for sooner than by default, so that each is found.
	_, err := testkit.Pool(t, a.owner).Exec(t.Context(), `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''20ms''', current_database()); END $$`)
	require.NoError(t, err)
	store, door := a.again()
	link, err := store.PageLink(t.Context(), of)
	require.NoError(t, err)

	ctx := t.Context()
	clerk := func(n, round int) error {
		code, err := store.GiveCode(ctx, of, postgres.CodeByTelephone, "Robin Officer", time.Now().Add(time.Hour))
		if err != nil {
			return err
		}
		token, ok, err := comeIn(ctx, door, link, code)
		if err != nil || !ok {
			return err // the officer ended every code meanwhile, or another one was given
		}
		for i, answer := range []packet.Answer{
			{Kind: packet.NotOurs, PersonKeys: []string{"a"}, Name: fmt.Sprintf("Ann Example %d", n), Title: "Manager"},
			{Kind: packet.Delegate, Delegation: breach.Delegations[(n+round)%len(breach.Delegations)], Name: fmt.Sprintf("Ann Example %d", n), Title: "Manager"},
		} {
			err = door.Visit(ctx, token.Key(), func(ctx context.Context, v *pagedoor.Visit) error {
				// As the page of people who are not its patients does: it shows the list first.
				if i == 0 {
					if err := v.Looked(ctx, packet.PartPeople); err != nil {
						return err
					}
				}
				_, err := v.Answer(ctx, uuid.New(), answer, nil)
				return err
			})
			if err != nil {
				return err
			}
		}
		return door.Visit(ctx, token.Key(), func(ctx context.Context, v *pagedoor.Visit) error { return v.Leave(ctx, round%2 == 0) })
	}
	worker := a.attendant(store, a.steps.ActOnPractice)
	does := map[string]func(round int) error{
		"one clerk":     func(round int) error { return clerk(0, round) },
		"another clerk": func(round int) error { return clerk(1, round) },
		"the attendant": func(int) error { return worker.turn(ctx) },
		"the packets":   func(int) error { return activities.SealPacket(ctx, a.steps, ref) },
		"the plan":      func(int) error { _, err := a.steps.PlanPractice(ctx, ref); return err },
		"the officer": func(int) error {
			_, err := store.EndPageSessions(ctx, of, "Robin Officer", "")
			return errors.Join(err, store.EndOver(ctx))
		},
	}
	const rounds = 25
	var clerks, others sync.WaitGroup
	ended := make(chan struct{})
	begin := func(all *sync.WaitGroup, who string, goes func(round int) bool) {
		all.Go(func() {
			for round := 0; goes(round); round++ {
				err := does[who](round)
				var failed *pgconn.PgError
				if errors.As(err, &failed) && failed.Code == "40P01" {
					t.Errorf("%s in round %d: %s\n%s\n%s", who, round, failed.Message, failed.Detail, failed.Where)
				}
			}
		})
	}
	for who := range does {
		if strings.HasSuffix(who, "clerk") {
			begin(&clerks, who, func(round int) bool { return round < rounds })
			continue
		}
		begin(&others, who, func(int) bool {
			select {
			case <-ended:
				return false
			default:
				return true
			}
		})
	}
	clerks.Wait()
	close(ended)
	others.Wait()
	require.NoError(t, worker.turn(ctx))
	require.NotEmpty(t, a.actsOf("P1"), "nobody answered anything")
}
