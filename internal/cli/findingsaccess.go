package cli

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duenotice/internal/accesslog"
	"duenotice/internal/accesslog/logs"
	"duenotice/internal/howfar"
)

const accessLogHelp = `Reads logs of who opened which record, and says which accounts left what is usual
for them and for their role between two times: different patients an hour, exports,
hours of the day, practices never seen before, each with its numbers. It needs no
server. access-report.json, .csv and .svg in the case folder have it all.

With --account it goes on to the people whom those accounts reached, by the case's
list of people: access-findings.csv is that list with yes, no or unknown in
acquired_or_viewed, access-people.csv says what was viewed and exported,
access-lines.csv has each line of the logs with its hash, and access-unknown.csv
whom the list does not have. --write writes the answers into findings.csv, and
--leave-out-no leaves the rows with no out: who stands in findings.csv is told.
No is said only where the logs could have shown it: what they cannot show, such as
gaps and damaged lines, is named.

A log is CSV, FHIR AuditEvent as JSON or NDJSON, or what PostgreSQL (pgAudit),
Oracle, SQL Server or MySQL write, plain or packed with gzip; give rotated files
together. Times that name no zone need --zone.`

// findingsAccess is one reading of access logs as it was asked for.
type findingsAccess struct {
	options        accesslog.Options
	from, to, zone string
	asJSON         bool
}

func (p *program) findingsAccessCommand() *cobra.Command {
	var f findingsAccess
	cmd := &cobra.Command{
		Use: "access CASE LOG...", Short: "Say which accounts left what is usual, and whom chosen ones reached", Long: accessLogHelp,
		Example: "  duenotice findings access cases/EX-2026-03 audit.csv --from 2026-03-16T22:00 --to 2026-03-17T06:00 --zone America/New_York\n" +
			"  duenotice findings access cases/EX-2026-03 audit.csv --from 2026-03-17T02:00Z --to 2026-03-17T10:00Z --account clerk-3 --write",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 {
				return errors.New([]string{"CASE, the case folder, is missing", "LOG, a file of an access log, is missing"}[len(args)])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			f.options.Dir, f.options.Logs = args[0], args[1:]
			return p.findingsAccess(cmd.Context(), f)
		},
	}
	flags, o := cmd.Flags(), &f.options
	flags.StringVar(&f.from, "from", "", "when the window begins, such as 2026-03-16T22:00-04:00; without an offset in --zone")
	flags.StringVar(&f.to, "to", "", "when the window ends; it is not in it")
	flags.StringArrayVar(&o.Accounts, "account", nil, "account whose people are wanted, as the log names it; may be given again")
	flags.StringVar(&f.zone, "zone", "", "zone of times that name none, and of hours of the day, such as America/Chicago or UTC")
	flags.StringSliceVar(&o.Profiles, "profile", nil, "profile to read by: a name or a file")
	flags.StringVar(&o.IDs, "ids", "", "whose ids of patients the logs have: the profile by which the list was imported, or person_key")
	flags.StringVar(&o.Roles, "roles", "", "CSV file with account and role, for logs without roles")
	flags.BoolVar(&o.Write, "write", false, "write the answers into findings.csv")
	flags.BoolVar(&o.LeaveOutNo, "leave-out-no", false, "leave rows out of the list that are answered with no: nobody writes to them")
	flags.BoolVar(&f.asJSON, "json", false, "one JSON document: what stands in access-report.json")
	return cmd
}

func (p *program) findingsAccess(ctx context.Context, f findingsAccess) error {
	config, err := p.sharedConfig()
	if err != nil {
		return err
	}
	o := &f.options
	o.Now, o.Zone = p.Now(), config.Zone
	if f.zone != "" {
		if o.LogZone, err = logs.ZoneOf(f.zone); err != nil {
			return usage("--zone is the name of a zone such as UTC or America/Chicago, not %q", f.zone)
		}
		o.Zone = o.LogZone
	}
	if o.From, err = windowEdge("--from", f.from, o.LogZone); err != nil {
		return err
	}
	if o.To, err = windowEdge("--to", f.to, o.LogZone); err != nil {
		return err
	}
	if o.Write && len(o.Accounts) == 0 {
		return usage("--write needs --account: without chosen accounts there are no answers to write")
	}
	if o.LeaveOutNo && len(o.Accounts) == 0 {
		return usage("--leave-out-no needs --account: without chosen accounts nobody is answered with no")
	}
	progress := p.progress()
	report, err := accesslog.Run(howfar.With(ctx, progress.teller("Reading the logs")), *o)
	progress.end()
	if err != nil {
		return err
	}
	if f.asJSON {
		return p.printJSON(report)
	}
	p.printAccess(report, f)
	return nil
}

// windowEdge is one end of the window. Which hour is meant must not depend on the machine:
// a time without an offset is of the zone that was named.
func windowEdge(flag, text string, zone *time.Location) (time.Time, error) {
	text = strings.ToUpper(strings.TrimSpace(text))
	if text == "" {
		return time.Time{}, usage("%s is missing: a time such as 2026-03-16T22:00-04:00", flag)
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", time.DateOnly} {
		if _, err := time.Parse(layout, text); err != nil {
			continue
		}
		if zone == nil {
			return time.Time{}, usage("%s has no offset: write %s-05:00 or %sZ, or name the zone with --zone", flag, text, text)
		}
		return time.ParseInLocation(layout, text, zone)
	}
	return time.Time{}, usage("%s is a time such as 2026-03-16T22:00-04:00, not %q", flag, text)
}
