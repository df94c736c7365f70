package postgres

import (
	"context"
	"slices"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/postgres/sqlgen"
)

// RequestAct writes down, in the session of whoever asks, that they ask for the
// act. It is done before the workflow is told: only this makes the act's --by
// more than a word (Authorise). account is whose account gave the command, for a
// store that was not opened For somebody; a person's own login asks as itself.
func (s *Store) RequestAct(ctx context.Context, act casebook.Act, account string) error {
	request, err := act.RequestSHA256()
	if err != nil {
		return err
	}
	return s.inNameOf(ctx, access.OfAccount(account), func(q *sqlgen.Queries) error {
		return q.InsertActRequest(ctx, sqlgen.InsertActRequestParams{
			IncidentID: act.IncidentID, PracticeKey: act.PracticeKey, RequestSHA256: request,
		})
	})
}

// Authorise returns in whose session the act was asked for, and refuses an act
// that was asked for by nobody who may do it under that name. While nobody holds
// a role everybody may, and the identity may be "" but of what takes two people.
func (s *Store) Authorise(ctx context.Context, act casebook.Act) (identity string, err error) {
	grants, err := readGrants(ctx, s.q)
	if err != nil {
		return "", err
	}
	request, err := act.RequestSHA256()
	if err != nil {
		return "", err
	}
	requests, err := s.q.RequestsOfAct(ctx, sqlgen.RequestsOfActParams{
		IncidentID: act.IncidentID, PracticeKey: act.PracticeKey, RequestSHA256: request,
	})
	if err != nil {
		return "", err
	}
	if page, err := s.answered(ctx, act); page != "" || err != nil {
		return string(page), err
	}
	var refused error = breach.Refuse("no_identity", "Give the command with this program, which writes down in whose session it is given.",
		"nobody who is known asked for this act")
	for _, r := range requests {
		who := access.OfLogin(r.Login)
		if r.Program {
			who = access.OfAccount(r.Account)
		}
		if access.Open(grants) {
			return string(who), nil
		}
		_, err := access.May(grants, who, act.Who, access.Permission(act.Kind), act.IncidentID, act.PracticeKey)
		if err == nil {
			return string(who), nil
		}
		refused = err
	}
	// What takes two people is counted by identities: it needs one.
	if access.Open(grants) && !access.TakesTwo(act.Kind) {
		return "", nil
	}
	return "", refused
}

// answered is the practice's page where an answer on it asks for exactly this act,
// else "". The database took the answer in from a session of that practice alone
// (migration 00190); a practice may do what access.Practice may.
func (s *Store) answered(ctx context.Context, act casebook.Act) (access.Identity, error) {
	if act.PracticeKey == "" || act.ID == "" || !access.PageMay(access.Permission(act.Kind)) {
		return "", nil
	}
	asked, err := act.AnswerSHA256()
	if err != nil {
		return "", err
	}
	answers, err := s.q.AnswerOfAct(ctx, sqlgen.AnswerOfActParams{IncidentID: act.IncidentID, PracticeKey: act.PracticeKey, ActID: act.ID})
	if err != nil || !slices.Contains(answers, asked) {
		return "", err
	}
	return access.OfPage(act.IncidentID, act.PracticeKey), nil
}
