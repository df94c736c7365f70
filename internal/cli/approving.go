package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
)

// approveAll approves exactly what waits for this person now.
func (s *session) approveAll(ctx context.Context, incident string, f approveFlags) error {
	who := f.who
	waiting, err := s.store.Waiting(ctx, incident, who)
	if err != nil {
		return err
	}
	if len(waiting.Practices) == 0 {
		return s.nothingWaits(ctx, incident, who)
	}
	if err := s.asPreviewed(ctx, incident, waiting, f.preview); err != nil {
		return err
	}
	people := 0
	for _, w := range waiting.Practices {
		people += w.People
	}
	minors, deceased := spokenOf(waiting.Practices)
	s.p.sayWhoIsSpokenOf(people, minors, deceased)
	if err := errors.Join(s.noteOneAccount(ctx, incident, who), s.noteAddressCheck(ctx, incident)); err != nil {
		return err
	}
	if err := s.p.sure(ctx, f.yes, approving(waiting.Practices)); err != nil {
		return err
	}
	result, err := s.desk().Ask(ctx, casebook.Act{
		IncidentID: incident, Kind: casebook.ActApprove, Who: who, Approve: &casebook.ApproveTerms{SHA256: waiting.SHA256},
	})
	if err != nil {
		return err
	}
	if result.Repeated {
		s.p.say("Incident %s: already approved by %s; nothing changed.", incident, who)
	} else {
		s.p.say("Incident %s: letters of %s approved, by %s.", incident, count(result.Practices, "practice", "practices"), who)
	}
	return s.afterApproval(ctx, incident, f.noWait)
}

// noteOneAccount says where the account approved under another name before, which the
// record will show. Whether that is allowed is decided where the approval is written.
func (s *session) noteOneAccount(ctx context.Context, incident, who string) error {
	acts, err := s.store.Acts(ctx, incident, "")
	if err != nil {
		return err
	}
	i := slices.IndexFunc(acts, func(a casebook.Act) bool {
		return a.Kind == casebook.ActApprove && a.Identity == string(s.who.Identity) && !breach.SamePerson(a.Who, who)
	})
	if i >= 0 {
		s.p.note("%s approved as %s before: status and the evidence say that both approvals came from one account. access tells how each person gets one of their own.",
			s.who.Identity, acts[i].Who)
	}
	return nil
}

// noteAddressCheck says where letters would go to addresses that were checked too long ago.
func (s *session) noteAddressCheck(ctx context.Context, incident string) error {
	check, err := s.store.LatestAddressCheck(ctx, incident)
	if worry := check.Worry(s.p.today(s.config)); worry != "" {
		s.p.note("ADDRESSES %s.", worry)
	}
	return err
}

// aboutApproving says what approving the letters of these practices brings about, as
// approve --all does before it asks.
func (s *session) aboutApproving(ctx context.Context, incident, who string, keys []string) ([]string, error) {
	waiting, err := s.store.Waiting(ctx, incident, who)
	if err != nil {
		return nil, err
	}
	chosen := slices.DeleteFunc(waiting.Practices, func(w casebook.WaitingPractice) bool { return !slices.Contains(keys, w.Key) })
	if len(chosen) == 0 {
		return nil, nil // each is refused, or was approved before, and says so
	}
	people := 0
	for _, w := range chosen {
		people += w.People
	}
	minors, deceased := spokenOf(chosen)
	s.p.sayWhoIsSpokenOf(people, minors, deceased)
	return []string{approving(chosen)}, errors.Join(s.noteOneAccount(ctx, incident, who), s.noteAddressCheck(ctx, incident))
}

// afterApprovals is afterApproval of many, which had each a connection of their own.
func (p *program) afterApprovals(noWait bool) func(ctx context.Context, incident string) error {
	return func(ctx context.Context, incident string) error {
		s, err := p.open(ctx)
		if err != nil {
			return err
		}
		defer s.close()
		return s.afterApproval(ctx, incident, noWait)
	}
}

// approving says what one more approval of these practices' letters brings about.
func approving(waiting []casebook.WaitingPractice) string {
	people, letters, complete := 0, 0, 0
	for _, w := range waiting {
		people, letters = people+w.People, letters+w.Letters
		if len(w.ApprovedBy)+1 >= w.Needed {
			complete++
		}
	}
	text := "the letters of " + count(len(waiting), "practice", "practices") + " (" + count(letters, "letter", "letters") + " to " +
		count(people, "person", "people") + ") are approved"
	switch complete {
	case 0:
		return text + "; they are printed when another person approves them too."
	case len(waiting):
		return text + " and printed."
	}
	return text + ", and those of " + count(complete, "practice", "practices") + " printed; the others wait for another person's approval."
}

// nothingWaits tells a second approval by the same person from one that has
// nothing to approve.
func (s *session) nothingWaits(ctx context.Context, incident, who string) error {
	acts, err := s.store.Acts(ctx, incident, "")
	if err != nil {
		return err
	}
	mine := func(a casebook.Act) bool { return a.Kind == casebook.ActApprove && breach.SamePerson(a.Who, who) }
	if slices.ContainsFunc(acts, mine) {
		s.p.say("Incident %s: what there is was already approved by %s; nothing changed.", incident, who)
		return nil
	}
	return breach.Refuse("nothing_waits", "Run status to see where it stands.", "no letters of %s wait for an approval by %s", incident, who)
}

func (s *session) approvePractice(ctx context.Context, incident string, f approveFlags) error {
	before, err := s.store.Practice(ctx, incident, f.practice)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(before.Approvals, func(a casebook.Approval) bool { return breach.SamePerson(a.Who, f.who) }) {
		s.p.say("Practice %s: already approved by %s; nothing changed.", f.practice, f.who)
		return nil
	}
	waiting, err := s.store.Waiting(ctx, incident, f.who)
	if err != nil {
		return err
	}
	its := func(w casebook.WaitingPractice) bool { return w.Key == f.practice }
	if i := slices.IndexFunc(waiting.Practices, its); i >= 0 {
		minors, deceased := spokenOf(waiting.Practices[i : i+1])
		s.p.sayWhoIsSpokenOf(waiting.Practices[i].People, minors, deceased)
		if err := errors.Join(s.noteOneAccount(ctx, incident, f.who), s.noteAddressCheck(ctx, incident)); err != nil {
			return err
		}
		if err := s.p.sure(ctx, f.yes, approving(waiting.Practices[i:i+1])); err != nil {
			return err
		}
	}
	o, err := approveOrder(incident, f.practice, func(string) string { return f.who })
	if err != nil {
		return err
	}
	complete := o.complete
	o.complete = func(ctx context.Context, s *session, act *casebook.Act) error {
		err := complete(ctx, s, act)
		if err == nil && !strings.HasPrefix(act.Approve.SHA256, f.preview) {
			return notAsPreviewed(incident, f.practice, f.preview)
		}
		return err
	}
	o.act.IncidentID, o.act.PracticeKey, o.act.Who = incident, f.practice, f.who
	if err := s.carryOut(ctx, o); err != nil {
		return err
	}
	return s.afterApproval(ctx, incident, f.noWait)
}

// afterApproval says who is still needed, and waits for the letters of what is approved.
func (s *session) afterApproval(ctx context.Context, incident string, noWait bool) error {
	open, err := s.store.Waiting(ctx, incident, "")
	if err != nil {
		return err
	}
	if n := len(open.Practices); n > 0 {
		s.p.say("Letters of %s still wait for approval by another person: %s",
			count(n, "practice", "practices"), s.p.command("approve", incident, "--list"))
	}
	if noWait {
		return nil
	}
	before, after, err := s.waitPrinted(ctx, incident)
	if err != nil {
		return err
	}
	if after.Batches > before.Batches || (after.Batches > 0 && len(open.Practices) == 0) {
		s.sayLetters(s.p.incidentFolder(s.config, incident), after)
		s.p.say("When they are mailed: %s", s.mailedCommand(incident))
	}
	return nil
}

// mailedCommand records the mailing of every batch that is printed.
func (s *session) mailedCommand(incident string) string {
	return s.p.command("record", incident, "--fact", breach.LettersMailed, "--on", s.p.today(s.config).String(), "--by", "YOUR NAME")
}

// sayLetters says how many letters there are and where.
func (s *session) sayLetters(folder outfolder.Incident, letters casebook.LetterCounts) {
	s.p.say("%s on %s, in %s: %s", count(letters.Letters, "letter", "letters"), count(letters.Pages, "page", "pages"),
		count(letters.Batches, "batch", "batches"), shortPath(folder.Dir())+"/mail/")
	if letters.Held > 0 {
		s.p.say("%s held back: held.csv beside the letters says whose and why. The notice stays owed to them.", count(letters.Held, "letter is", "letters are"))
	}
}

// waitPrinted waits until the letters of everything that is approved are printed.
func (s *session) waitPrinted(ctx context.Context, incident string) (before, after casebook.LetterCounts, err error) {
	shown := s.p.progress()
	defer shown.end()
	first, most := true, 0
	waits := s.waitsFor(incident, "")
	err = wait(ctx, func() (bool, error) {
		status, err := s.store.Status(ctx, incident, s.p.Now(), s.p.today(s.config))
		if err == nil {
			err = waits.look(ctx)
		}
		if err != nil {
			return false, err
		}
		open, err := s.store.Waiting(ctx, incident, "")
		if err != nil {
			return false, err
		}
		unfinished, err := s.store.Printing(ctx, incident)
		if err != nil {
			return false, err
		}
		if first {
			before, first = status.Letters, false
		}
		after = status.Letters
		// One whose approvals are complete is in the phase of waiting for them
		// until its workflow has looked.
		printing := status.In(casebook.PhaseApproved) + max(0, status.In(casebook.PhaseApproval)-len(open.Practices))
		most = max(most, printing)
		shown.of(most-printing, most, "Printing:", "practices, "+count(after.Letters, "letter", "letters"))
		// Its letters count as printed once they are assigned; the files come later.
		return printing == 0 && !unfinished, nil
	})
	return before, after, err
}
