package evidence

import (
	"encoding/json"
	"path"
	"slices"
	"strings"

	"duenotice/internal/casebook"
	"duenotice/internal/ledger"
)

// checkContent compares the files of the pack with what the ledger says of them.
func (v *verification) checkContent() error {
	if err := v.checkProofFiles(); err != nil {
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
	return v.checkDuties(story)
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
		if !there || decided.Obligation == nil || !sameDuty(decided, d) {
			return broken(dutiesName, "%s is not as the ledger says it was decided", d.ID())
		}
	}
	for id := range s.duties {
		if !slices.Contains(ids, id) {
			return broken(dutiesName, "%s was decided and is not there", id)
		}
	}
	return nil
}

func sameDuty(c ledger.Change, d casebook.ObligationStatus) bool {
	o := *c.Obligation
	return o.Rule == d.Rule && o.Kind == d.Kind && o.Jurisdiction == d.Jurisdiction && o.Recipient == d.Recipient && o.Form == d.Form &&
		o.Count == d.Count && o.Due == d.Due && o.NotBefore == d.NotBefore && o.Citation == d.Citation && o.Why == d.Why && c.SettledOn == d.SettledOn
}
