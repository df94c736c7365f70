package cli

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/errgroup"

	"duenotice/activities"
	"duenotice/internal/acts"
	"duenotice/internal/casebook"
	"duenotice/internal/rulebooks"
)

// atATime is how many practices' acts are asked for at the same time.
const atATime = 16

// eachAndAfter is each with what follows it: also where some rows were refused.
func (m *many) eachAndAfter(ctx context.Context, incident string, rows []row) error {
	err := m.each(ctx, incident, rows)
	var coded *codeError
	said := errors.As(err, &coded) && coded.err == nil
	if m.after == nil || m.dryRun || err != nil && !said {
		return err
	}
	return errors.Join(m.after(ctx, incident), err)
}

// each carries out an act for every row, practices side by side and the rows of
// one practice in their order, and says what became of them.
func (m *many) each(ctx context.Context, incident string, rows []row) error {
	s, err := m.p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if _, err := s.store.Incident(ctx, incident); err != nil {
		return err
	}
	if !m.dryRun {
		if err := s.dial(ctx); err != nil {
			return err
		}
	}
	var keys []string
	of := map[string][]int{}
	for i, r := range rows {
		if of[r.practice] == nil {
			keys = append(keys, r.practice)
		}
		of[r.practice] = append(of[r.practice], i)
	}
	results := make([]rowResult, len(rows))
	var mu sync.Mutex
	shown, done := m.p.progress(), 0
	group, all := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, key := range keys {
		group.Go(func() error {
			err := m.ofPractice(all, s, incident, key, of[key], rows, results)
			mu.Lock()
			defer mu.Unlock()
			done += len(of[key])
			shown.of(done, len(rows), m.doing(), m.units())
			return err
		})
	}
	err = group.Wait()
	shown.end()
	return m.conclude(rows, results, err)
}

// ofPractice carries out the rows of one practice. Its error ends everything; a
// row that is refused is a result.
func (m *many) ofPractice(ctx context.Context, s *session, incident, key string, places []int, rows []row, results []rowResult) error {
	orders := make([]*order, len(places))
	for n, i := range places {
		o, err := m.rowOrder(incident, rows[i])
		if results[i].did = o.did; err != nil {
			results[i].refused = err
			continue
		}
		if o.complete != nil {
			err = o.complete(ctx, s, &o.act)
		}
		results[i].did = o.told()
		switch {
		case errors.Is(err, errDone):
			results[i].repeated = true
		case err != nil:
			if results[i].refused = asRefused(err); results[i].refused == nil {
				return err
			}
		default:
			orders[n] = &o
		}
	}
	// What one row does may be what a later one needs, so none is done after one that
	// could not be asked for.
	if err := forget(ctx, s, incident, key, orders, places, results); err != nil {
		return err
	}
	for n, i := range places {
		o := orders[n]
		if o == nil {
			continue
		}
		repeated, err := m.ask(ctx, s, o)
		var unheard *acts.Unheard
		switch {
		case err == nil:
			results[i].done, results[i].repeated = !repeated, repeated
		case errors.As(err, &unheard):
			for k := n; k < len(places); k++ {
				if orders[k] != nil {
					results[places[k]].failed = err
				}
			}
			return nil
		default:
			if results[i].refused = asRefused(err); results[i].refused == nil {
				return err
			}
		}
	}
	return nil
}

// rowOrder is what a row asks for; its error is the row's, whatever it is.
func (m *many) rowOrder(incident string, r row) (order, error) {
	if r.practice == "" {
		return order{}, usage("the row has no practice in the column %s", practiceColumn)
	}
	if err := practiceArgument(r.practice); err != nil {
		return order{}, err
	}
	return m.order(incident, r)
}

// ask asks for an act, or in a dry run whether it would be done.
func (m *many) ask(ctx context.Context, s *session, o *order) (repeated bool, err error) {
	if m.dryRun {
		return s.try(ctx, o.act)
	}
	if o.before != nil {
		if err := o.before(ctx); err != nil {
			return false, err
		}
	}
	result, err := s.desk().Ask(ctx, o.act)
	return result.Repeated, err
}

// try reports whether an act would be done, and changes nothing.
func (s *session) try(ctx context.Context, act casebook.Act) (repeated bool, err error) {
	sender, err := s.config.Mailer(s.p.Now)
	if err != nil {
		return false, err
	}
	before, err := s.store.Acts(ctx, act.IncidentID, act.PracticeKey)
	if err != nil {
		return false, err
	}
	if repeated, err = acts.Identify(&act, before); err != nil || repeated {
		return repeated, err
	}
	steps := &activities.Activities{Store: s.store, Books: rulebooks.Kept(), Mail: sender, Now: s.p.Now, Zone: s.config.Zone}
	return activities.Try(ctx, steps, act)
}

// forget leaves out the first rows of a practice that an earlier run of the same
// file did: several acts of one series, such as reasons for two delays, would
// otherwise each take the place of the one before it, again and again.
func forget(ctx context.Context, s *session, incident, key string, orders []*order, places []int, results []rowResult) error {
	if len(orders) < 2 {
		return nil
	}
	before, err := s.store.Acts(ctx, incident, key)
	if err != nil {
		return err
	}
	seen := make([]bool, len(orders))
	for n, o := range orders {
		if o == nil || seen[n] {
			continue
		}
		var series []int
		for k := n; k < len(orders); k++ {
			if orders[k] != nil && acts.SameSeries(o.act, orders[k].act) {
				seen[k] = true
				series = append(series, k)
			}
		}
		did, err := alreadyDone(orders, series, before)
		if err != nil {
			return err
		}
		if len(series) < 2 {
			continue
		}
		for _, k := range series[:did] {
			results[places[k]].repeated, orders[k] = true, nil
		}
	}
	return nil
}

// alreadyDone is how many of a series' acts, from the first on, are its latest.
func alreadyDone(orders []*order, series []int, before []casebook.Act) (int, error) {
	var asked, done []string
	for _, k := range series {
		content, err := orders[k].act.Content()
		if err != nil {
			return 0, err
		}
		asked = append(asked, string(content))
	}
	for _, act := range before {
		if !acts.SameSeries(orders[series[0]].act, act) {
			continue
		}
		content, err := act.Content()
		if err != nil {
			return 0, err
		}
		done = append(done, string(content))
	}
	for n := min(len(asked), len(done)); n > 0; n-- {
		same := true
		for i := range n {
			same = same && asked[i] == done[len(done)-n+i]
		}
		if same {
			return n, nil
		}
	}
	return 0, nil
}
