package evidence

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"duenotice/internal/account"
	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
)

// checkContent compares the files of the pack with what the ledger says of them.
func (v *verification) checkContent() error {
	if err := v.checkProofFiles(); err != nil {
		return err
	}
	if err := v.checkAccount(); err != nil {
		return err
	}
	if v.manifest.Practice == "" {
		return nil
	}
	story, err := tell(v.story)
	if err != nil {
		return err
	}
	if err := v.checkPapers(story); err != nil {
		return err
	}
	if err := v.checkLooks(); err != nil {
		return err
	}
	return v.checkDuties(story)
}

// checkLooks: each look at the practice's posting is one of those that an entry of the
// incident's ledger holds. A practice without a posting has none.
func (v *verification) checkLooks() error {
	if v.files[looksName] == nil {
		return nil
	}
	text, err := v.read(looksName)
	if err != nil {
		return err
	}
	var looks []ledger.LookProof
	if err := json.Unmarshal(text, &looks); err != nil {
		return broken(looksName, "it cannot be read: %v", err)
	}
	for i, l := range looks {
		var look casebook.Look
		if err := json.Unmarshal([]byte(l.Look), &look); err != nil || look.Practice != v.manifest.Practice {
			return broken(looksName, "look %d is none at this practice's posting", i+1)
		}
		held, err := v.looksAt(l.Proof.Anchor)
		if err != nil {
			return err
		}
		if held.On != look.On || l.Proof.Holds(held.Anchor, ledger.LookHead(look.Practice, l.Look)) != nil {
			return broken(looksName, "look %d (%s) is not the one that the incident's ledger took in", i+1, look.On)
		}
		if i > 0 && looks[i-1].Proof.Anchor >= l.Proof.Anchor {
			return broken(looksName, "look %d stands twice or out of order", i+1)
		}
	}
	return nil
}

// looksAt are the looks that an entry of the incident's chain holds.
func (v *verification) looksAt(seq int) (held ledger.Looks, err error) {
	for _, e := range v.story {
		if e.Practice != "" || e.Seq != seq {
			continue
		}
		b, err := e.Decode()
		if err != nil || b.Kind != ledger.KindLooks {
			break
		}
		return ledger.ResultOf[ledger.Looks](b)
	}
	return held, broken(looksName, "entry %d of the incident's ledger holds no looks", seq)
}

// checkPapers: every paper is one the ledger says was made, and each that was
// made is there or said to be absent.
func (v *verification) checkPapers(s *story) error {
	made := map[string]string{}
	for _, f := range s.papers {
		made[papersFolder+path.Base(f.Path)] = f.SHA256
	}
	for _, f := range v.manifest.Files {
		if strings.HasPrefix(f.Path, papersFolder) {
			if made[f.Path] != f.SHA256 {
				return broken(f.Path, "it is not the paper that the ledger says was made")
			}
			delete(made, f.Path)
		}
	}
	for _, a := range v.manifest.Absent {
		if strings.HasPrefix(a.Path, papersFolder) && made[a.Path] == a.SHA256 {
			delete(made, a.Path)
		}
	}
	for name := range made {
		return broken(name, "the ledger says it was made, and it is neither in the pack nor said to be absent")
	}
	return nil
}

// checkProofFiles: every proof in the pack, or said to be absent, was recorded,
// and each that was recorded is one of them.
func (v *verification) checkProofFiles() error {
	recorded := map[string]bool{}
	for _, p := range proofsIn(v.story) {
		recorded[p.sum] = true
	}
	told := map[string]bool{}
	for _, f := range v.manifest.Files {
		if strings.HasPrefix(f.Path, proofFolder) {
			if !recorded[f.SHA256] {
				return broken(f.Path, "nobody recorded it as a proof")
			}
			told[f.SHA256] = true
		}
	}
	for _, a := range v.manifest.Absent {
		told[a.SHA256] = true
	}
	for _, p := range proofsIn(v.story) {
		if !told[p.sum] {
			return broken(proofFolder+p.sum, "it was recorded as a proof, and it is neither in the pack nor said to be absent")
		}
	}
	return nil
}

// checkAccount: an account that says that it adds up does. A pack from before there
// was one has none.
func (v *verification) checkAccount() error {
	if v.files[accountName] == nil {
		return nil
	}
	text, err := v.read(accountName)
	if err != nil {
		return err
	}
	var a casebook.IncidentAccount
	if err := json.Unmarshal(text, &a); err != nil {
		return broken(accountName, "it cannot be read: %v", err)
	}
	if a.AddsUp && !a.Lines.AddsUpTo(a.Findings) {
		return broken(accountName, "it says that it adds up; %d are on the lists, and its lines have %d", a.Findings, a.Lines.Total()-a.Lines.In(account.Left))
	}
	return nil
}

// checkDuties: duties.json is what the decisions in the ledger add up to.
func (v *verification) checkDuties(s *story) error {
	text, err := v.read(dutiesName)
	if err != nil {
		return err
	}
	var duties []casebook.ObligationStatus
	if err := json.Unmarshal(text, &duties); err != nil {
		return broken(dutiesName, "it cannot be read: %v", err)
	}
	var ids []string
	for _, d := range duties {
		ids = append(ids, d.ID())
		decided, there := s.duties[d.ID()]
		if !there || decided.Obligation == nil || *decided.Obligation != d.Obligation || decided.SettledOn != d.SettledOn {
			return broken(dutiesName, "%s is not as the ledger says it was decided", d.ID())
		}
		if err := v.checkLateness(s, d); err != nil {
			return err
		}
	}
	for id := range s.duties {
		if !slices.Contains(ids, id) {
			return broken(dutiesName, "%s was decided and is not there", id)
		}
	}
	return nil
}

// checkLateness: what the pack says of a duty beside the decision follows from its
// days. Of the warnings before the last day only the program that gave them knows.
func (v *verification) checkLateness(s *story, d casebook.ObligationStatus) error {
	days := casebook.DaysLate(d.Due, d.SettledOn, v.manifest.AsOf)
	if d.DaysLate != days {
		return broken(dutiesName, "%s says %d days late; by its last day (%s), the day it was done (%s) and the day of the pack (%s) it is %d",
			d.ID(), d.DaysLate, dayOr(d.Due, "none"), dayOr(d.SettledOn, "not done"), v.manifest.AsOf, days)
	}
	if d.Late != (days > 0 && d.SettledOn.IsZero()) {
		return broken(dutiesName, "%s does not say rightly whether it is late now", d.ID())
	}
	if !slices.Equal(d.Moved, s.moved[d.ID()]) {
		return broken(dutiesName, "%s says it was due on other days before than the ledger does", d.ID())
	}
	if d.Stage == stageOverdue && !s.passed[ledger.Overdue{Obligation: d.ID(), Due: d.Due}] {
		return broken(dutiesName, "%s says its last day passed while it was open, and the ledger does not", d.ID())
	}
	return nil
}

// stageOverdue is the last of the stages of a duty, the only one in the ledger.
const stageOverdue = "overdue"
