package synthetic

import (
	_ "embed"
	"fmt"
	"io"
	"strings"
	"text/template"

	"duenotice/internal/civil"
)

//go:embed incident.yaml.tmpl
var incidentText string

var incidentTemplate = template.Must(template.New("incident.yaml").Option("missingkey=error").
	Funcs(template.FuncMap{"spanish": inSpanish}).Parse(incidentText))

var spanishMonths = strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")

// inSpanish is a day as Spanish prose writes it.
func inSpanish(d civil.Date) string {
	return fmt.Sprintf("%d de %s de %d", d.Day, spanishMonths[d.Month-1], d.Year)
}

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
