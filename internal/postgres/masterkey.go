package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/datakey"
	"duenotice/internal/postgres/sqlgen"
)

// checkText is what a master key's check value unwraps to. It is no secret:
// that it unwraps proves that the key is there and the right one.
var checkText = []byte("duenotice master key check value")

var checkOwner = []byte("master key check")

// CheckKeys makes sure, before anything is written, that every master key the
// database needs is there and is the right one, and notes the newest one. A lost
// key found out later would be a list of people nobody can read any more.
//
// It refuses with "no_key" when no master keys are configured, "lost_key" when
// one that is needed is not among them, "wrong_key" when another one has its
// name, and "retired_key" when the newest is one that was rotated away.
func (s *Store) CheckKeys(ctx context.Context) error {
	if err := s.requireMaster(); err != nil {
		return err
	}
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		keys, err := q.MasterKeys(ctx)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if k.RetiredAt != nil {
				continue
			}
			if err := s.checkMaster(ctx, k.Name, k.CheckValue); err != nil {
				return err
			}
		}
		_, err = s.useNewest(ctx, q)
		return err
	})
}

func (s *Store) requireMaster() error {
	if s.master == nil {
		return breach.Refuse("no_key", "Set DUENOTICE_KEY_FILE to the key file; keys new makes one: see docs/keys.md.",
			"there is no master key, and without one patient data is neither read nor written")
	}
	return nil
}

func (s *Store) checkMaster(ctx context.Context, name string, value []byte) error {
	text, err := s.master.Unwrap(ctx, name, value, checkOwner)
	if err == nil && !bytes.Equal(text, checkText) {
		err = datakey.ErrWrongMaster
	}
	return s.masterProblem(name, err)
}

// masterProblem says to a person what is wrong with a master key.
func (s *Store) masterProblem(name string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, datakey.ErrNoMaster):
		return breach.Refuse("lost_key", "Put that key back from where you keep the copy of the key file, below the newest one. Without it nobody can read those people.",
			"the database needs the master key %q, and the %s does not have it", name, s.master.Source())
	case errors.Is(err, datakey.ErrWrongMaster):
		return breach.Refuse("wrong_key", "Put the right key back from where you keep the copy of the key file, or see that the key file belongs to this database.",
			"the %s has another master key under the name %q than the one the database was written with", s.master.Source(), name)
	}
	return fmt.Errorf("the master key %q in the %s: %w", name, s.master.Source(), err)
}

// useNewest returns the name of the master key to wrap with, noted in the
// database and held in use until the transaction ends.
func (s *Store) useNewest(ctx context.Context, q *sqlgen.Queries) (string, error) {
	name, err := s.master.Newest(ctx)
	if err != nil {
		return "", err
	}
	return name, s.use(ctx, q, name)
}

// use is useNewest for a name.
func (s *Store) use(ctx context.Context, q *sqlgen.Queries, name string) error {
	key, err := q.UseMasterKey(ctx, name)
	if errors.Is(err, pgx.ErrNoRows) {
		value, err := s.master.Wrap(ctx, name, checkText, checkOwner)
		if err != nil {
			return s.masterProblem(name, err)
		}
		if _, err := q.AddMasterKey(ctx, sqlgen.AddMasterKeyParams{Name: name, CheckValue: value}); err != nil {
			return err
		}
		// Read again: another process may have been first, with another key of that name.
		key, err = q.UseMasterKey(ctx, name)
		if err != nil {
			return err
		}
	} else if err != nil {
		return err
	}
	if key.RetiredAt != nil {
		return breach.Refuse("retired_key", "Use the key file as keys rotate left it, its newest key first, and start this program again.",
			"the newest master key of the %s is %q, which was rotated away on %s", s.master.Source(), name, key.RetiredAt.UTC().Format(time.DateOnly))
	}
	return s.checkMaster(ctx, name, key.CheckValue)
}

// MasterKeyState is one master key that the database knows, for doctor.
type MasterKeyState struct {
	Name      string
	Incidents int
	// RetiredAt is zero while the key is needed.
	RetiredAt time.Time
	// Problem is a *breach.Refusal, or what kept the key from being looked at.
	Problem error
}

// MasterKeys says how each master key stands, and changes nothing.
func (s *Store) MasterKeys(ctx context.Context) ([]MasterKeyState, error) {
	rows, err := s.q.KeyUse(ctx)
	if err != nil {
		return nil, err
	}
	states := make([]MasterKeyState, len(rows))
	for i, r := range rows {
		states[i] = MasterKeyState{Name: r.Name, Incidents: r.Incidents, RetiredAt: utc(r.RetiredAt)}
		if r.RetiredAt == nil {
			if states[i].Problem = s.requireMaster(); states[i].Problem == nil {
				states[i].Problem = s.checkMaster(ctx, r.Name, r.CheckValue)
			}
		}
	}
	return states, nil
}

// Rotation is what RotateKeys did.
type Rotation struct {
	// To is the master key that wraps every data key from now on.
	To string
	// Rewrapped is how many incidents' data keys it wrapped anew.
	Rewrapped int
	// Retired are the master keys that nothing here needs any more.
	Retired []string
}

// RotateKeys wraps every incident's data key with the newest master key and
// retires the others. Nothing stops meanwhile: rows stay as they are, people can
// be read at every moment, and a load that began before is waited for and then
// wrapped anew as well. A master key that cannot be read stops it before
// anything is changed. Again, it changes nothing.
func (s *Store) RotateKeys(ctx context.Context) (Rotation, error) {
	if err := s.requireMaster(); err != nil {
		return Rotation{}, err
	}
	newest, err := s.master.Newest(ctx)
	if err != nil {
		return Rotation{}, err
	}
	if err := s.revive(ctx, newest); err != nil {
		return Rotation{}, err
	}
	if err := s.CheckKeys(ctx); err != nil {
		return Rotation{}, err
	}
	done := Rotation{To: newest}
	if done.Rewrapped, err = s.rewrapAll(ctx, newest); err != nil {
		return done, err
	}
	keys, err := s.q.MasterKeys(ctx)
	if err != nil {
		return done, err
	}
	for _, k := range keys {
		if k.Name == newest || k.RetiredAt != nil {
			continue
		}
		rewrapped, err := s.retire(ctx, k.Name, newest)
		done.Rewrapped += rewrapped
		if err != nil {
			return done, err
		}
		done.Retired = append(done.Retired, k.Name)
	}
	return done, nil
}

// revive takes a master key back into use that was rotated away before.
func (s *Store) revive(ctx context.Context, name string) error {
	return s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		_, err := q.LockMasterKey(ctx, name)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return q.ReviveMasterKey(ctx, name)
	})
}

// retire marks a master key as no longer needed, once nothing is wrapped with
// it: loads that use it are waited for, and what they left is wrapped anew.
func (s *Store) retire(ctx context.Context, name, newest string) (rewrapped int, err error) {
	for {
		retired, err := s.tryRetire(ctx, name)
		if err != nil || retired {
			return rewrapped, err
		}
		n, err := s.rewrapAll(ctx, newest)
		rewrapped += n
		if err != nil {
			return rewrapped, err
		}
	}
}

func (s *Store) tryRetire(ctx context.Context, name string) (retired bool, err error) {
	err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
		// Waits for those who wrap with it. The next statement sees what they left.
		already, err := q.LockMasterKey(ctx, name)
		if err != nil {
			return err
		}
		n, err := q.RetireMasterKey(ctx, name)
		retired = n == 1 || already != nil
		return err
	})
	return retired, err
}

func (s *Store) rewrapAll(ctx context.Context, newest string) (rewrapped int, err error) {
	rows, err := s.q.IncidentKeys(ctx, newest)
	if err != nil {
		return 0, err
	}
	for _, r := range rows {
		secret, err := s.unwrap(ctx, r.IncidentID, r.Master, r.Wrapped)
		if err != nil {
			return rewrapped, err
		}
		wrapped, err := s.master.Wrap(ctx, newest, secret, keyOwner(r.IncidentID))
		if err != nil {
			return rewrapped, s.masterProblem(newest, err)
		}
		err = s.inTx(ctx, func(_ pgx.Tx, q *sqlgen.Queries) error {
			// Another rotation, to another key, may have retired this one meanwhile.
			if err := s.use(ctx, q, newest); err != nil {
				return err
			}
			n, err := q.RewrapIncidentKey(ctx, sqlgen.RewrapIncidentKeyParams{
				IncidentID: r.IncidentID, Master: newest, Wrapped: wrapped, Was: r.Wrapped,
			})
			rewrapped += int(n)
			return err
		})
		if err != nil {
			return rewrapped, err
		}
	}
	return rewrapped, nil
}
