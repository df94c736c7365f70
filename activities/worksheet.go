package activities

import (
	"context"

	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/civil"
	"duenotice/internal/outfolder"
	"duenotice/internal/papers"
)

// UpdateWorksheet writes the practice's HHS worksheet and its calendar anew. They say
// what was done as well as what is owed, so a record that settles a duty changes them;
// the notice, the list and the letter say only what is owed and stay as they were.
func (a *Activities) UpdateWorksheet(ctx context.Context, in PapersInput) (PracticeState, error) {
	defer beating(ctx)()
	if err := a.updateWorksheet(ctx, in); err != nil {
		return PracticeState{}, forTemporal(err)
	}
	state, err := a.refresh(ctx, in.PracticeRef)
	return state, forTemporal(err)
}

func (a *Activities) updateWorksheet(ctx context.Context, in PapersInput) error {
	on, err := a.paperDay(in.At)
	if err != nil {
		return err
	}
	seen, _, err := a.look(ctx, in.PracticeRef)
	if err != nil {
		return err
	}
	seen, duties, err := a.recorded(ctx, in.PracticeRef, seen)
	if err != nil {
		return err
	}
	incident, practice, plan := seen.incident, seen.practice, seen.plan
	folder := a.Out.Incident(in.IncidentID)
	made := paperSet{ctx: ctx, out: a.Out, folder: folder}
	if !a.Rehearsal {
		made.writeRecord(folder, incident.Incident, practice, plan, duties, on)
	}
	if made.err != nil {
		return made.err
	}
	noted := papersOf(incident, practice, plan, casebook.LetterVariants{}, made.files)
	noted.SHA256 = practice.PapersSHA256 // nothing that is approved was made anew
	return a.Store.SaveWorksheet(ctx, in.IncidentID, in.PracticeKey, noted)
}

// recorded returns a practice as it stands after its plan was saved as it was seen, and
// every duty it ever had. The plan is saved before: the calendar counts the changes that
// were saved.
func (a *Activities) recorded(ctx context.Context, ref PracticeRef, seen view) (view, []casebook.DutyRecord, error) {
	if seen.plan.LeavesGroup != seen.practice.LeftGroup {
		// Saving that it left its counting entity, or came back, counted that anew.
		var err error
		if seen, err = a.weigh(ctx, ref); err != nil {
			return view{}, nil, err
		}
	}
	duties, err := a.Store.DutiesEverOwed(ctx, ref.IncidentID, ref.PracticeKey)
	return seen, duties, err
}

// writeRecord writes the worksheet and the calendar, dated on.
func (s *paperSet) writeRecord(folder outfolder.Incident, incident breach.Incident, practice casebook.Practice, plan casebook.Plan,
	duties []casebook.DutyRecord, on civil.Date) {
	if s.err != nil {
		return
	}
	worksheetJSON, worksheetPDF, err := papers.Worksheet(worksheetInput(incident, practice, plan))
	if err != nil {
		s.err = err
		return
	}
	key := practice.Practice.Key
	s.write(folder.WorksheetJSON(key), func() ([]byte, error) { return worksheetJSON, nil })
	s.write(folder.WorksheetPDF(key), func() ([]byte, error) { return worksheetPDF, nil })
	s.write(folder.Deadlines(key), func() ([]byte, error) {
		return papers.Calendar(CalendarInput(incident, practice.Practice, duties, on))
	})
}

func worksheetInput(incident breach.Incident, practice casebook.Practice, plan casebook.Plan) papers.WorksheetInput {
	return papers.WorksheetInput{
		Incident: incident, Practice: practice.Practice, Tally: countedTally(practice), Group: practice.Group,
		Obligations: obligationsOf(plan), Discovered: plan.Discovered, Facts: practice.Facts, Account: practice.Account,
	}
}

// worksheetHash identifies what the worksheet answers and which days the calendar has
// as done. It changes with what is recorded, which packetHash does not.
func worksheetHash(incident breach.Incident, practice casebook.Practice, plan casebook.Plan) string {
	settled := make(map[string]civil.Date, len(plan.Obligations))
	for _, o := range plan.Obligations {
		settled[o.ID()] = o.SettledOn
	}
	return hashOf("worksheet", packetHash(incident, practice, plan), papers.WorksheetAnswers(worksheetInput(incident, practice, plan)), settled)
}

// CalendarInput is what a practice's deadlines are made of in a calendar: its own
// deadlines.ics, and the officer's of all practices. duties are all that it ever had,
// on is the day the calendar is made.
func CalendarInput(incident breach.Incident, practice breach.Practice, duties []casebook.DutyRecord, on civil.Date) papers.CalendarInput {
	return papers.CalendarInput{Incident: incident, Practice: practice, Duties: dated(duties), MadeOn: on}
}

// dated are the duties as the practice's calendar has them.
func dated(duties []casebook.DutyRecord) []papers.DatedDuty {
	list := make([]papers.DatedDuty, len(duties))
	for i, d := range duties {
		list[i] = papers.DatedDuty{Obligation: d.Obligation, Revision: d.Changes, Dropped: d.Dropped, DoneOn: d.SettledOn, DueBefore: d.DueBefore}
	}
	return list
}
