package cli

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/casefolder"
	"duenotice/internal/civil"
	"duenotice/internal/ledger"
	"duenotice/internal/postgres"
)

func (p *program) addressesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "addresses", Short: "Have addresses checked before letters are printed",
		Long: `Gives the addresses of people to whom a letter is owed to a service that compares
them with the Postal Service's addresses (CASS, DPV) and changes of address
(NCOALink), and takes what comes back. Do it before letters are approved: where an
address changes, the practice's papers are made and approved anew.

Mail at commercial rates needs addresses that were compared within 95 days (Move
Update); status and approve say when that was longer ago.`,
		Example: `  duenotice addresses export EX-2026-03 --by "Ada Rivera"
  duenotice addresses import EX-2026-03 checked.csv --checked-on 2026-04-03 --by "Ada Rivera"`,
		Args: noSuchCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.addressesExportCommand(), p.addressesImportCommand())
	return cmd
}

const addressesExportHelp = `Writes the addresses of people to whom a letter is owed, or whose letter came
back, into mail/address-check.csv of the incident's folder: token, first_name,
last_name (of whoever the letter is addressed to), address1, address2, city, state,
zip. A token stands for one person at one address, and only this incident's key
makes it. Nothing says what the list is of. It is patient data all the same: give
it to a service with which there is an agreement, and delete it when it is back.

Left out are people whose practice writes to them, addresses abroad, those that
people asked for in confidence (45 CFR 164.522(b)), and those without a usable one.`

func (p *program) addressesExportCommand() *cobra.Command {
	var who string
	cmd := &cobra.Command{
		Use: "export INCIDENT", Short: "Write the addresses that are to be checked", Long: addressesExportHelp,
		Example: `  duenotice addresses export EX-2026-03 --by "Ada Rivera"`,
		Args:    exactly("INCIDENT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.addressesExport(cmd.Context(), args[0], strings.TrimSpace(who))
		},
	}
	byFlag(cmd, &who)
	return cmd
}

func (p *program) addressesExport(ctx context.Context, incident, who string) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	if err := breach.CheckPersonName("--by", who); err != nil {
		return err
	}
	s, err := p.openTo(ctx, purpose{permission: access.SeePeople, by: who, incident: incident})
	if err != nil {
		return err
	}
	defer s.close()
	file, err := s.config.Outputs().CreatePatientFile(p.incidentFolder(s.config, incident).AddressCheck())
	if err != nil {
		return systemError(err)
	}
	defer file.Abort()
	list := casefolder.WriteAddresses(file)
	apart, err := s.store.AddressesToCheck(ctx, incident, list.Add)
	if err != nil {
		return err
	}
	n, err := list.Flush()
	if err != nil {
		return systemError(err)
	}
	if n == 0 {
		p.say("Incident %s: nobody waits for a letter at an address that can be checked.", incident)
		return nil
	}
	written, err := file.Commit(ctx)
	if err != nil {
		return systemError(err)
	}
	if err := s.store.NoteListOut(ctx, incident, who, p.Now(), written.SHA256, ledger.ListOut{For: ledger.ListOfAddresses, Rows: n}); err != nil {
		return err
	}
	p.say("Incident %s, addresses of %s: %s", incident, count(n, "person", "people"), shortPath(written.Path))
	if apart > 0 {
		p.say("Left out: %s, abroad or asked for in confidence (45 CFR 164.522(b)).", count(apart, "address", "addresses"))
	}
	p.say("What comes back: %s", p.command("addresses", "import", incident, "FILE", "--checked-on", "DATE", "--by", who))
	return nil
}

var addressesImportHelp = `Takes a CSV of addresses that a service checked: the columns of addresses export,
and as far as the service knows

  plus4           the last four digits of the ZIP, where zip has five
  delivery_point  the two digits of the delivery point
  dpv             the confirmation code of the Delivery Point Validation: Y, D, S, N, R
  ncoa            NCOALink's return code: ` + strings.ToUpper(strings.Join(breach.NCOACodes[:6], ", ")) + ` and so on
  move_type       of A, 91 and 92: ` + strings.Join(breach.MoveTypes, ", ") + `
  moved_on        of A, 91 and 92: YYYY-MM-DD, or a month as 202602

The address is the new one where somebody moved, else the one as the Postal
Service writes it. Other names of columns are said in columns of incident.yaml.

A new address is taken where the row has the person's own names, and no business
moved. With DPV Y the address is written as the service wrote it, in the same
State. Whoever moved and left no address (01, 02, 03) has no usable address from
then on: substitute notice is owed to them (45 CFR 164.404(d)(2)). An address that
the Postal Service does not know (N, R) is the last known one and gets its letter;
it is listed, as are those whose apartment is missing (D, S), orders that NCOALink
does not give, and rows that are left aside. The address before and every code are
kept, sealed: report person shows them. The same file again changes nothing.`

func (p *program) addressesImportCommand() *cobra.Command {
	var who, on string
	cmd := &cobra.Command{
		Use: "import INCIDENT FILE", Short: "Take what a service says of addresses", Long: addressesImportHelp,
		Example: `  duenotice addresses import EX-2026-03 checked.csv --checked-on 2026-04-03 --by "Ada Rivera"`,
		Args:    exactly("INCIDENT", "FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := incidentArgument(args[0]); err != nil {
				return err
			}
			day, err := civil.Parse(on)
			if err != nil {
				return usage("--checked-on %q is not a date YYYY-MM-DD", on)
			}
			if err := breach.CheckPersonName("--by", strings.TrimSpace(who)); err != nil {
				return err
			}
			s, err := p.openTo(cmd.Context(), purpose{permission: casebook.ActAmend, by: who, incident: args[0]})
			if err != nil {
				return err
			}
			defer s.close()
			return s.addressesImport(cmd.Context(), args[0], args[1], postgres.CheckedAddressesInput{By: strings.TrimSpace(who), At: p.Now(), CheckedOn: day})
		},
	}
	cmd.Flags().StringVar(&on, "checked-on", "", "the day on which the service compared the addresses, YYYY-MM-DD")
	required(cmd, "checked-on")
	p.ignoreColumnFlag(cmd)
	byFlag(cmd, &who)
	return cmd
}

func (s *session) addressesImport(ctx context.Context, incident, path string, in postgres.CheckedAddressesInput) error {
	options, err := s.listOptions(ctx, incident)
	if err != nil {
		return err
	}
	in.Today = s.p.today(s.config)
	shown := newProblems()
	list, report, err := casefolder.ReadCheckedAddresses(ctx, path, options, in.Today, shown.add)
	if err != nil {
		return err
	}
	if report.Errors+report.Warnings > 0 {
		s.p.printReport(s.p.Err, report, shown)
	}
	if report.Refused() {
		s.p.note("%s: the list has %s. Correct it and give the command again.", s.p.paint(s.p.Err, red, "refused"), count(report.Errors, "error", "errors"))
		return &codeError{code: exitRefused}
	}
	in.SHA256, in.Rows = list.SHA256, list.Rows
	// Before anything is recorded: nobody would hear of it.
	if err := s.dial(ctx); err != nil {
		return err
	}
	result, err := s.store.TakeCheckedAddresses(ctx, incident, in)
	if err != nil {
		return err
	}
	s.sayChecked(incident, &result)
	if result.List.Number == 0 {
		return nil
	}
	return s.tellAmended(ctx, incident, result.List.Number, casebook.Act{
		ID: result.ActID, IncidentID: incident, Kind: casebook.ActAmend, Who: in.By, At: in.At,
	})
}

// sayChecked says what became of addresses that were checked. It names lines of the file.
func (s *session) sayChecked(incident string, r *postgres.CheckedAddressesResult) {
	if r.AlreadyTaken {
		s.p.say("Incident %s: this list was taken before, as check %d; nothing changed.", incident, r.Number)
		return
	}
	s.p.say("Incident %s: check %d of addresses is recorded.", incident, r.Number)
	t := s.p.lines(2)
	for _, o := range breach.AddressOutcomes {
		if n := r.Outcomes[string(o)]; n > 0 {
			t.row("  "+o.Words(), n)
		}
	}
	if r.Missing > 0 {
		t.row("  not in the file", r.Missing)
	}
	t.print()
	for _, o := range breach.AddressOutcomes {
		if lines := r.Lines[o]; len(lines) > 0 {
			s.p.note("%s: %s", o.Words(), fileLines(lines))
		}
	}
	why := map[string][]int{}
	for _, l := range r.Left {
		why[l.Why] = append(why[l.Why], l.Line)
	}
	reasons := make([]string, 0, len(why))
	for reason := range why {
		reasons = append(reasons, reason)
	}
	slices.Sort(reasons)
	for _, reason := range reasons {
		s.p.note("left aside, %s: %s", reason, fileLines(why[reason]))
	}
	if r.List.Number > 0 {
		s.p.say("List %d has the new addresses of %s; the old ones stay in the record. Papers of practices that it touched are made and approved anew.", r.List.Number, count(r.List.Changed, "finding", "findings"))
		s.sayPractices(r.List.Practices)
	}
	if r.Outcomes[string(breach.AddressGone)] > 0 {
		s.p.say("Who left no address is owed substitute notice (45 CFR 164.404(d)(2)), or a letter when a later list has a better one.")
	}
}

// fileLines names lines of a file, the first of many.
func fileLines(lines []int) string {
	words := make([]string, min(len(lines), keysShown))
	for i := range words {
		words[i] = strconv.Itoa(lines[i])
	}
	text := "line "
	if len(lines) > 1 {
		text = "lines "
	}
	return text + strings.Join(words, ", ") + andMore(len(lines)-keysShown)
}
