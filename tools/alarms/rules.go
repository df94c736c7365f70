package main

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql/parser"
)

// alert is one rule.
type alert struct {
	name string
	expr string
	wait time.Duration
}

// read reads a file of rules as Prometheus does, and asks for what ours have besides: a
// severity, a summary and a place in the runbook.
func read(path string) ([]alert, error) {
	groups, problems := rulefmt.ParseFile(path, false, model.UTF8Validation, parser.NewParser(parser.Options{}), slog.New(slog.DiscardHandler))
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	var alerts []alert
	seen := map[string]bool{}
	for _, g := range groups.Groups {
		for _, r := range g.Rules {
			switch {
			case r.Alert == "":
				return nil, fmt.Errorf("%s: a rule of the group %s is no alarm", path, g.Name)
			case seen[r.Alert]:
				return nil, fmt.Errorf("%s: there are two alarms %s", path, r.Alert)
			case r.Labels["severity"] == "" || r.Annotations["summary"] == "" || r.Annotations["runbook"] == "":
				return nil, fmt.Errorf("%s: %s lacks a severity, a summary or a runbook", path, r.Alert)
			}
			seen[r.Alert] = true
			alerts = append(alerts, alert{name: r.Alert, expr: r.Expr, wait: time.Duration(r.For)})
		}
	}
	if len(alerts) == 0 {
		return nil, fmt.Errorf("%s has no alarms", path)
	}
	return alerts, nil
}
