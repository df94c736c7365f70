package app

import (
	"context"
	"fmt"
	"time"

	"duenotice/internal/packet"
	"duenotice/internal/papers"
	"duenotice/internal/postgres"
)

// proofEndings are the endings of proofs by their type, so that a click opens them.
var proofEndings = map[string]string{"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "text/csv": ".csv", "text/plain": ".txt"}

// keepProof puts the file that came with an answer among the incident's proofs, before
// the act that names it: what is on record as a proof is there. It may name patients.
func (a *attendant) keepProof(ctx context.Context, answer *postgres.OpenedAnswer) error {
	if answer.Proof == nil {
		return nil
	}
	folder := a.out.Incident(answer.Of.IncidentID)
	file, err := a.out.CreatePatientFile(folder.Proof(answer.ProofSHA, proofEndings[answer.ProofType]))
	if err != nil {
		return err
	}
	defer file.Abort()
	if _, err := file.Write(answer.Proof); err != nil {
		return err
	}
	_, err = file.Commit(ctx)
	return err
}

// sign makes the paper of what a practice agreed to, and writes down where it lies. The
// same answer gives the same file.
func (a *attendant) sign(ctx context.Context, answer *postgres.OpenedAnswer) error {
	if answer.Kind != packet.Delegate {
		return nil
	}
	incident, err := a.store.Incident(ctx, answer.Of.IncidentID)
	if err != nil {
		return err
	}
	practice, err := a.store.Practice(ctx, answer.Of.IncidentID, answer.Of.Key)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(practice.Practice.ZoneName())
	if err != nil {
		return fmt.Errorf("the time zone of practice %s: %w", answer.Of.Key, err)
	}
	_, sha, err := answer.Encode()
	if err != nil {
		return err
	}
	paper, err := papers.SignedDelegation(papers.DelegationInput{
		Incident: incident.Incident, Practice: practice.Practice, Delegation: answer.Delegation, Name: answer.Name, Title: answer.Title,
		At: answer.At, Zone: zone, AnswerID: answer.ID.String(), AnswerSHA256: sha,
	})
	if err != nil {
		return err
	}
	made := packet.Part{Name: packet.PartSigned, Content: paper}
	// It names nobody but who signed, and is part of the practice's evidence.
	if _, err := a.out.WriteFile(ctx, a.out.Incident(answer.Of.IncidentID).Proof(made.SHA256(), ".pdf"), paper); err != nil {
		return err
	}
	return a.store.NoteSigned(ctx, answer.AnswerRef, postgres.Signed{AnswerID: answer.ID, SHA256: made.SHA256(), Bytes: int64(len(paper))})
}
