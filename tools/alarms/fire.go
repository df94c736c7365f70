package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// history is what Prometheus scraped of one program.
type history struct {
	// Job is what the program is called in Prometheus, Start when the first scrape was.
	Job   string    `json:"job"`
	Start time.Time `json:"start"`
	// Scrapes came a minute apart.
	Scrapes []scrape `json:"scrapes"`
}

// scrape is a text that was scraped so many times in a row; "" where nobody answered.
type scrape struct {
	Times int    `json:"times"`
	Text  string `json:"text"`
}

// fired is an alarm that fires.
type fired struct {
	Alert  string            `json:"alert"`
	Labels map[string]string `json:"labels"`
}

const step = time.Minute

// fire tells which alarms fire at the end of a history: those whose expression held at
// every minute of the time that the rule waits.
func fire(ctx context.Context, alerts []alert, h history) ([]fired, error) {
	db, end, err := load(h)
	if err != nil {
		return nil, err
	}
	engine := promql.NewEngine(promql.EngineOpts{MaxSamples: 1 << 20, Timeout: time.Minute, LookbackDelta: 5 * time.Minute})
	firing := []fired{}
	for _, a := range alerts {
		since := map[string]time.Time{}
		now := map[string]map[string]string{}
		for at := h.Start; !at.After(end); at = at.Add(step) {
			query, err := engine.NewInstantQuery(ctx, db, nil, a.expr, at)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", a.name, err)
			}
			result := query.Exec(ctx)
			vector, err := result.Vector()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", a.name, err)
			}
			now = map[string]map[string]string{}
			for _, s := range vector {
				key := s.Metric.String()
				now[key] = s.Metric.Map()
				if _, is := since[key]; !is {
					since[key] = at
				}
			}
			for key := range since {
				if _, is := now[key]; !is {
					delete(since, key)
				}
			}
			query.Close()
		}
		for key, of := range now {
			if end.Sub(since[key]) >= a.wait {
				firing = append(firing, fired{Alert: a.name, Labels: of})
			}
		}
	}
	slices.SortFunc(firing, func(a, b fired) int { return strings.Compare(a.Alert, b.Alert) })
	return firing, nil
}

// memory is a history as the engine reads it.
type memory []*storage.SeriesEntry

// load makes series of a history, with what Prometheus adds: the job, "up", and a mark
// where a series ends.
func load(h history) (memory, time.Time, error) {
	series := map[string]labels.Labels{}
	samples := map[string][]chunks.Sample{}
	put := func(at time.Time, of labels.Labels, v float64) {
		key := of.String()
		series[key] = of
		samples[key] = append(samples[key], point{at.UnixMilli(), v})
	}
	at, end := h.Start, h.Start
	before := map[string]bool{}
	for _, s := range h.Scrapes {
		values, err := parse(h.Job, s.Text)
		if err != nil {
			return nil, end, err
		}
		for range s.Times {
			seen := map[string]bool{}
			up := 0.0
			if s.Text != "" {
				up = 1
			}
			put(at, labels.FromStrings("__name__", "up", "job", h.Job), up)
			for _, v := range values {
				put(at, v.of, v.v)
				seen[v.of.String()] = true
			}
			for key := range before {
				if !seen[key] {
					put(at, series[key], math.Float64frombits(value.StaleNaN))
				}
			}
			before, end, at = seen, at, at.Add(step)
		}
	}
	var db memory
	for key, of := range series {
		db = append(db, storage.NewListSeries(of, samples[key]))
	}
	return db, end, nil
}

type labelled struct {
	of labels.Labels
	v  float64
}

// parse reads a text in Prometheus's own format.
func parse(job, text string) ([]labelled, error) {
	if text == "" {
		return nil, nil
	}
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("what was scraped cannot be read: %w", err)
	}
	var found []labelled
	for _, family := range families {
		vector, err := expfmt.ExtractSamples(&expfmt.DecodeOptions{}, family)
		if err != nil {
			return nil, err
		}
		for _, s := range vector {
			b := labels.NewBuilder(labels.EmptyLabels()).Set("job", job)
			for name, value := range s.Metric {
				b.Set(string(name), string(value))
			}
			found = append(found, labelled{b.Labels(), float64(s.Value)})
		}
	}
	return found, nil
}

// Querier makes memory a storage.Queryable.
func (m memory) Querier(_, _ int64) (storage.Querier, error) { return querier{m}, nil }

type querier struct{ db memory }

func (q querier) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	var found []*storage.SeriesEntry
	for _, s := range q.db {
		if !slices.ContainsFunc(matchers, func(m *labels.Matcher) bool { return !m.Matches(s.Labels().Get(m.Name)) }) {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b *storage.SeriesEntry) int { return labels.Compare(a.Labels(), b.Labels()) })
	return &set{found: found, at: -1}
}

func (querier) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (querier) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (querier) Close() error { return nil }

type set struct {
	found []*storage.SeriesEntry
	at    int
}

func (s *set) Next() bool                      { s.at++; return s.at < len(s.found) }
func (s *set) At() storage.Series              { return s.found[s.at] }
func (*set) Err() error                        { return nil }
func (*set) Warnings() annotations.Annotations { return nil }

// point is one number of a series.
type point struct {
	t int64
	v float64
}

func (p point) T() int64                    { return p.t }
func (point) ST() int64                     { return 0 }
func (p point) F() float64                  { return p.v }
func (point) H() *histogram.Histogram       { return nil }
func (point) FH() *histogram.FloatHistogram { return nil }
func (point) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (p point) Copy() chunks.Sample         { return p }
