package pages

import (
	"context"
	"net/http"
	"slices"

	"duenotice/internal/packet"
)

// dispute takes that people of the list are not the practice's patients. Its form is
// reached from the list, where their boxes are ticked.
func dispute(ctx context.Context, v *visit) (reply, error) {
	keys := v.chosen()
	if !v.posted() || len(keys) == 0 {
		return v.to("/list"), nil
	}
	return disputeForm(ctx, v, keys)
}

func disputeForm(ctx context.Context, v *visit, keys []string) (reply, error) {
	p, err := v.page(ctx)
	if err != nil {
		return nil, err
	}
	list, err := v.people(ctx)
	if err != nil {
		return nil, err
	}
	// Only whom the list has can be meant: a key of another practice is nobody here.
	var people []person
	err = list.each(func(r row) {
		if slices.Contains(keys, r.cell("person_key")) {
			people = append(people, r.person())
		}
	})
	if err != nil {
		return nil, err
	}
	if len(people) == 0 {
		return v.to("/list"), nil
	}
	if err := v.Looked(ctx, packet.PartPeople); err != nil {
		return nil, err
	}
	a := asked{Page: p, Form: v.newForm(), People: people}
	if a.Form.Values.Has("choose") { // it comes from the list
		return v.show(http.StatusOK, "not-ours", a), nil
	}
	reason := a.Form.text(fieldReason, true)
	answer := a.Form.signed(packet.NotOurs)
	answer.Reason = reason
	for _, one := range people {
		answer.PersonKeys = append(answer.PersonKeys, one.Key)
	}
	return v.answered(ctx, "not-ours", a, answer)
}
