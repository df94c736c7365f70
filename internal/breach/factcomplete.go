package breach

import "strings"

// TellsAgency reports whether the fact is that an agency was told, first or again.
func (f Fact) TellsAgency() bool { return f.Kind == RegulatorNotified || f.Kind == RegulatorUpdated }

// Complete refuses a fact that says too little to be recorded, and one that says what
// its kind has no place for: with code "no_reference" where its number or reason is
// missing, "no_count" where a number of people is, and "no_number" where there is one
// too many. Whether it can have happened is Course's to say.
func (f Fact) Complete() error {
	filed := f.Kind == HHSFiled || f.Kind == HHSAddendum
	switch {
	case f.Kind == HHSFiled && f.Reference == "":
		return Refuse("no_reference", "Give the portal's tracking number with --reference.", "a filing with HHS is proved by its tracking number")
	case f.Kind == HHSAddendum && f.Count == 0:
		return Refuse("no_count", "Give the final number with --count.", "an addendum for the whole incident needs the number that HHS was told")
	case f.Batch != "" && f.Kind != LettersMailed:
		return Refuse("no_batch", "Leave --batch out.", "only "+LettersMailed+" is of a batch")
	case f.Kind == PracticeMailed && (f.Count < 1 || f.Estimate):
		return Refuse("no_count", "Give with --count to how many people its letters went in all.", "%s needs a number of people", f.Kind)
	case f.Estimate && !filed:
		return Refuse("no_number", "Give the number with --count.", "only a report to HHS can be an estimate")
	case f.Count != 0 && !filed && !f.TellsAgency() && f.Kind != PracticeNotified && f.Kind != PracticeUpdated && f.Kind != EmailsSent && f.Kind != PracticeMailed:
		return Refuse("no_number", "Leave --count out.", "%s has no number of people", f.Kind)
	case f.Count < 0 || (f.Estimate && f.Count == 0):
		return Refuse("no_count", "Give the number HHS was told.", "%d is not a number of people", f.Count)
	case f.Kind == AgencyDetermined && f.Answer != string(Yes) && f.Answer != string(No):
		return Refuse("no_answer", "Give --answer yes or --answer no.", "whether the business associate is the practice's agent has to be answered")
	case f.Outlet != "" && f.Kind != MediaSent:
		return Refuse("no_outlet", "Leave --outlet out.", "only "+MediaSent+" is sent to an outlet")
	case f.Outlet != "" && f.Jurisdiction == "":
		return Refuse("no_state", "Give it with --jurisdiction.", "an outlet serves a State, and nothing says which")
	case f.Kind == TollFreeTested && f.Answer != string(Yes) && f.Answer != string(No):
		return Refuse("no_answer", "Give --answer yes or --answer no.", "whether the toll-free number was answered has to be said")
	case f.URL != "" && (f.Kind != PostingStarted || f.Answer == MediaInstead):
		return Refuse("no_url", "Leave --url out.", "only a posting on a page has an address")
	case f.URL != "" && !IsPostingURL(f.URL):
		return Refuse("unknown_url", "Give the address of the page as a browser shows it, beginning with https://.", "%q is not the address of a page", f.URL)
	case f.Kind == PostingStarted && f.Answer != "" && f.Answer != MediaInstead:
		return Refuse("unknown_answer", "Leave --answer out, or give media for a notice in print or broadcast media.", "%q does not say where the notice is", f.Answer)
	case f.Sender != "" && !f.HasSender():
		return Refuse("no_sender", "Leave --sender out.", "%s says by its name who did it", f.Kind)
	case f.Answer != "" && f.Kind != AgencyDetermined && f.Kind != PostingStarted && f.Kind != TollFreeTested:
		return Refuse("unknown_answer", "Leave --answer out.", "%s is not answered with a word", f.Kind)
	case (f.Kind == ClockOverride || f.Kind == DelayReason || f.Kind == PostingGap) && strings.TrimSpace(f.Reference) == "":
		return Refuse("no_reference", "Give it with --reference.", "%s needs its source or reason", f.Kind)
	case !f.Through.IsZero() && (f.Kind != DelayReason && f.Kind != PostingGap || f.Through.Before(f.On)):
		return Refuse("unknown_through", "It is for delay_reason and posting_gap, and not before --on.", "--through %s says nothing here", f.Through)
	}
	return nil
}
