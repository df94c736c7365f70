package synthetic

import (
	_ "embed"
	"io"
	"text/template"

	"duenotice/internal/civil"
)

//go:embed incident.yaml.tmpl
var incidentText string

var incidentTemplate = template.Must(template.New("incident.yaml").Option("missingkey=error").Parse(incidentText))

func (p *plan) writeIncident(w io.Writer) error {
	if _, err := io.WriteString(w, mark); err != nil {
		return err
	}
	return incidentTemplate.Execute(w, struct {
		ID                                          string
		From, Discovered, Determined, Scope, MailBy civil.Date
	}{
		ID:         p.IncidentID,
		From:       p.Discovered.AddDays(-1),
		Discovered: p.Discovered,
		Determined: p.Discovered.AddDays(determinedAfter),
		Scope:      p.Discovered.AddDays(scopeAfter),
		MailBy:     p.Discovered.AddDays(mailAfter),
	})
}
