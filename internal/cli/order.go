package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"duenotice/activities"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/papers"
)

const reportOrderHelp = `Writes the order for a mail house, mail-order.pdf in the incident's folder: how many
letters, pages and sheets, on which paper and into which envelope, how they are mailed
and until when, the SHA-256 of each file, what comes back, and whom to ask. It is of
every batch that is printed and not recorded as mailed, or of those named with --batch.
It holds no patient data.

What of it you choose is print_run in incident.yaml.`

func (p *program) reportOrderCommand() *cobra.Command {
	var batches []string
	cmd := &cobra.Command{
		Use: "order INCIDENT", Short: "The order to a mail house", Long: reportOrderHelp,
		Example: "  duenotice report order EX-2026-03\n  duenotice report order EX-2026-03 --batch run-001-batch-0001",
		Args:    exactly("INCIDENT"),
		RunE:    func(cmd *cobra.Command, args []string) error { return p.reportOrder(cmd.Context(), args[0], batches) },
	}
	cmd.Flags().StringSliceVar(&batches, "batch", nil, "of this batch, or of several separated by commas")
	return cmd
}

func (p *program) reportOrder(ctx context.Context, incident string, names []string) error {
	if err := incidentArgument(incident); err != nil {
		return err
	}
	s, err := p.open(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	in, err := s.store.Incident(ctx, incident)
	if err != nil {
		return err
	}
	there, err := s.store.Batches(ctx, incident, "")
	if err != nil {
		return err
	}
	chosen, err := toOrder(names, there)
	if err != nil {
		return err
	}
	order := papers.OrderInput{Incident: in.Incident, OrderedOn: p.today(s.config)}
	pieces := 0
	for _, b := range chosen {
		batch, err := activities.OrderedBatch(ctx, s.config.Outputs(), incident, b.Name)
		if err != nil {
			return systemError(err)
		}
		order.Batches, pieces = append(order.Batches, batch), pieces+batch.Pieces
		run, _, _ := casebook.BatchOf(b.Name)
		planned, err := s.store.MailRun(ctx, incident, run)
		if err != nil {
			return err
		}
		order.Dated = civil.Later(order.Dated, planned.MailOn)
	}
	if order.MailBy, err = s.lastToMail(ctx, incident, in.Incident); err != nil {
		return err
	}
	if order.MailBy.IsZero() {
		order.MailBy = order.Dated
	}
	content, err := papers.Order(order)
	if err != nil {
		return err
	}
	path := p.incidentFolder(s.config, incident).Order()
	if _, err := s.config.Outputs().WriteFile(ctx, path, content); err != nil {
		return systemError(err)
	}
	p.say("Order of %s in %s: %s", count(pieces, "letter", "letters"), count(len(chosen), "batch", "batches"), shortPath(path))
	return nil
}

// toOrder are the batches that are named, or every one that waits to be mailed.
func toOrder(names []string, there []casebook.MailedBatch) ([]casebook.MailedBatch, error) {
	var chosen []casebook.MailedBatch
	for _, b := range there {
		printed := !b.PrintedAt.IsZero()
		if printed && !b.Withdrawn && (slices.Contains(names, b.Name) || len(names) == 0 && b.MailedOn.IsZero()) {
			chosen = append(chosen, b)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(chosen, func(b casebook.MailedBatch) bool { return b.Name == name }) {
			return nil, breach.Refuse("unknown_batch", "Run status to see what is printed.", "no batch %s is printed", name)
		}
	}
	if len(chosen) == 0 {
		return nil, breach.Refuse("nothing_to_mail", "Name one with --batch to order it again.", "no batch is printed that is not recorded as mailed")
	}
	return chosen, nil
}

// lastToMail is the first last day of an open notice to people; zero where none is open.
func (s *session) lastToMail(ctx context.Context, id string, incident breach.Incident) (last civil.Date, err error) {
	today := s.p.today(s.config)
	err = s.store.EachDuty(ctx, id, func(part []casebook.PracticeDuties) error {
		for _, of := range part {
			for _, d := range activities.CalendarInput(incident, of.Practice, of.Duties, today).Duties {
				if d.Kind == breach.IndividualNotice && d.Open() && !d.Due.IsZero() && (last.IsZero() || d.Due.Before(last)) {
					last = d.Due
				}
			}
		}
		return nil
	})
	return last, err
}
