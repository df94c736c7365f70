package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"duenotice/internal/breach"
	"duenotice/internal/datakey"
	"duenotice/internal/postgres/sqlgen"
)

// keyOwner binds a wrapped data key to its incident.
func keyOwner(incidentID string) []byte { return []byte("incident\x00" + incidentID) }

// newDataKey makes the incident's data key. It is refused as CheckKeys refuses:
// before the first row is written.
func (s *Store) newDataKey(ctx context.Context, q *sqlgen.Queries, incidentID string) (*datakey.Key, error) {
	if err := s.requireMaster(); err != nil {
		return nil, err
	}
	master, err := s.useNewest(ctx, q)
	if err != nil {
		return nil, err
	}
	secret := s.generate()
	wrapped, err := s.master.Wrap(ctx, master, secret, keyOwner(incidentID))
	if err != nil {
		return nil, s.masterProblem(master, err)
	}
	err = q.InsertIncidentKey(ctx, sqlgen.InsertIncidentKeyParams{IncidentID: incidentID, Master: master, Wrapped: wrapped})
	if err != nil {
		return nil, err
	}
	return datakey.New(secret)
}

// codeShredded is the refusal of people who were made unreadable for good.
const codeShredded = "shredded"

// dataKey returns the incident's data key. Of one that is destroyed it says so
// with code "shredded", also in a process that has used it before.
func (s *Store) dataKey(ctx context.Context, q *sqlgen.Queries, incidentID string) (*datakey.Key, error) {
	if err := s.requireMaster(); err != nil {
		return nil, err
	}
	row, err := q.IncidentKey(ctx, incidentID)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("incident %s has no data key in the table incident_key: restore it from a backup", incidentID)
	}
	if err != nil {
		return nil, err
	}
	if row.ShreddedAt != nil {
		return nil, breach.Refuse(codeShredded, "The evidence is kept; status still shows it.",
			"the people of incident %s were made unreadable on %s, after their retention", incidentID, row.ShreddedAt.UTC().Format(time.DateOnly))
	}
	if key, ok := s.unwrapped.get(incidentID, row.Wrapped); ok {
		return key, nil
	}
	secret, err := s.unwrap(ctx, incidentID, row.Master, row.Wrapped)
	if err != nil {
		return nil, err
	}
	key, err := datakey.New(secret)
	if err != nil {
		return nil, err
	}
	s.unwrapped.put(incidentID, row.Wrapped, key)
	return key, nil
}

func (s *Store) unwrap(ctx context.Context, incidentID, master string, wrapped []byte) ([]byte, error) {
	secret, err := s.master.Unwrap(ctx, master, wrapped, keyOwner(incidentID))
	if errors.Is(err, datakey.ErrWrongMaster) {
		// The name's check value says whether it is the key or the row.
		keys, listErr := s.q.MasterKeys(ctx)
		for _, k := range keys {
			if k.Name == master && s.checkMaster(ctx, k.Name, k.CheckValue) == nil {
				return nil, fmt.Errorf("the data key of incident %s is not what was written there: "+
					"somebody changed the table incident_key. Restore it from a backup: %w", incidentID, datakey.ErrAltered)
			}
		}
		if listErr != nil {
			return nil, listErr
		}
	}
	return secret, s.masterProblem(master, err)
}

// keyCache keeps unwrapped data keys, each as long as the database has the same
// wrapped one: a KMS is asked once, and a destroyed key is gone at once.
type keyCache struct {
	mu   sync.Mutex
	keys map[string]cachedKey
}

type cachedKey struct {
	wrapped [sha256.Size]byte
	key     *datakey.Key
}

func (c *keyCache) get(incidentID string, wrapped []byte) (*datakey.Key, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cached, ok := c.keys[incidentID]
	return cached.key, ok && cached.wrapped == sha256.Sum256(wrapped)
}

func (c *keyCache) put(incidentID string, wrapped []byte, key *datakey.Key) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.keys == nil {
		c.keys = map[string]cachedKey{}
	}
	c.keys[incidentID] = cachedKey{sha256.Sum256(wrapped), key}
}
