package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"duenotice/internal/app"
	"duenotice/internal/breach"
)

// in is the program as it works in one environment.
func (p *program) in(environment string) *program {
	q := *p
	q.environment = environment
	return &q
}

// surroundings are the variables that the configuration is read from: the flag
// --environment comes before the variable.
func (p *program) surroundings() func(string) string {
	if p.environment == "" {
		return p.Getenv
	}
	return func(name string) string {
		if name == app.EnvironmentVariable {
			return p.environment
		}
		return p.Getenv(name)
	}
}

// configProblem is what is wrong with the configuration: the surroundings' fault,
// but for an environment that the person has to name.
func configProblem(err error) error {
	if refusal, ok := breach.AsRefusal(err); ok && (refusal.Code == "no_environment" || refusal.Code == "unknown_environment") {
		return &codeError{exitUsage, err}
	}
	return systemError(err)
}

// sharedConfig is the configuration for a command that speaks to no server.
func (p *program) sharedConfig() (app.Config, error) {
	config, err := app.LoadShared(p.surroundings(), p.dir)
	return config, configProblem(err)
}

// environments are all that are configured, where none is named and a command may
// look at each; none where there are none, or one is meant.
func (p *program) environments() ([]string, error) {
	if p.surroundings()(app.EnvironmentVariable) != "" {
		return nil, nil
	}
	names, err := app.Environments(p.Getenv)
	if err != nil || len(names) < 2 {
		return nil, configProblem(err)
	}
	return names, nil
}

// chooseBy works in the environment of a case, and refuses one that is of another
// environment than is named, or of one that is not configured. Where no
// environments are configured the case may name any.
func (p *program) chooseBy(incident breach.Incident) error {
	names, err := app.Environments(p.Getenv)
	if err != nil {
		return configProblem(err)
	}
	its := strings.TrimSpace(incident.Environment)
	if len(names) == 0 || its == "" {
		return nil
	}
	named := p.surroundings()(app.EnvironmentVariable)
	switch {
	case named != "" && named != its:
		return breach.Refuse("other_environment", "Leave --environment away, and the case's own is taken; or correct environment in incident.yaml.",
			"incident %s is of environment %s, and environment %s was named", incident.ID, its, named)
	case !slices.Contains(names, its):
		return breach.Refuse("other_environment", "Correct environment in incident.yaml, or add it to "+app.ConfigFile+": see docs/environments.md.",
			"incident %s is of environment %q, and there are only: %s", incident.ID, its, strings.Join(names, ", "))
	}
	p.environment = its
	return nil
}

// noneBut refuses a command that starts servers of its own where environments say
// which servers are used.
func (p *program) noneBut(command string) error {
	names, err := app.Environments(p.Getenv)
	if err != nil {
		return configProblem(err)
	}
	if len(names) > 0 {
		return systemError(fmt.Errorf("%s starts servers of its own, and the environments in %s (%s) name theirs. Start the worker with: %s; or give %s in another folder",
			command, app.ConfigFile, strings.Join(names, ", "), p.command("worker"), command))
	}
	return nil
}

// statusOfAll lists the incidents of every environment. One that cannot be looked
// at hides nothing of the others, and fails the command in the end.
func (p *program) statusOfAll(ctx context.Context, names []string, f statusFlags) error {
	lines, missing, watches := []incidentLine{}, []string(nil), []environmentWatch{}
	for _, name := range names {
		of, watch, err := p.in(name).incidentLines(ctx)
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			p.note("Environment %s cannot be looked at: %v", name, err)
			missing = append(missing, name)
			continue
		}
		lines, watches = append(lines, of...), append(watches, watch)
	}
	if err := p.showIncidents(lines, watches, f); err != nil {
		return err
	}
	if len(missing) > 0 {
		return away(systemError(errors.New("not all incidents are shown; not looked at: "+strings.Join(missing, ", "))), f)
	}
	return answerFor(lines, watches, f)
}

// incidentLines are the incidents of the program's environment, and whether
// somebody works there.
func (p *program) incidentLines(ctx context.Context) ([]incidentLine, environmentWatch, error) {
	s, err := p.open(ctx)
	if err != nil {
		return nil, environmentWatch{}, err
	}
	defer s.close()
	list, err := s.store.Incidents(ctx, p.Now())
	if err != nil {
		return nil, environmentWatch{}, err
	}
	watch, err := s.watch(ctx)
	return linesOf(list, p.environment), watch, err
}
