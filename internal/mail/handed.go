package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"duenotice/internal/outfolder"
)

// handed is what the folder says of a message that was handed over: which, when, and
// whether the provider took it. It says nothing of what is in it or whom it is to.
type handed struct {
	Message    string    `json:"message"`
	At         time.Time `json:"handed_over_at"`
	Accepted   bool      `json:"accepted"`
	ProviderID string    `json:"provider_id,omitempty"`
	Status     int       `json:"status,omitempty"`
}

// remembering writes down beside the database what is handed over to a provider.
type remembering struct {
	Sender
	out outfolder.Folder
}

// Remembering is a sender that writes each message down in the output folder before it is
// handed over, and there again that the provider took it. What the folder has of a
// message is believed before it is sent: a database that was restored from a backup
// knows nothing of what was handed over since, and the practice would have it twice.
//
// A message that was taken is not sent again, and Send and Outcome return the receipt of
// then. Of one that was handed over with an outcome that nobody wrote down Send returns
// *OutcomeUnknown. What was not taken is forgotten.
func Remembering(sender Sender, out outfolder.Folder) Sender {
	return &remembering{Sender: sender, out: out}
}

// known reads what the folder says of a message; ok is false where it says nothing.
func (r *remembering) known(ctx context.Context, id string) (h handed, ok bool, err error) {
	if err := checkID(id); err != nil {
		return h, false, err
	}
	content, err := r.out.ReadFile(ctx, r.out.HandedOver(id))
	if errors.Is(err, fs.ErrNotExist) {
		return h, false, nil
	}
	if err != nil {
		return h, false, fmt.Errorf("look whether the e-mail was handed over before: %w", err)
	}
	if unread := json.Unmarshal(content, &h); unread != nil || h.Message != id {
		// Half a file is never seen under its name, so somebody changed it. That there is
		// one says that it was handed over.
		h = handed{Message: id}
	}
	return h, true, nil
}

func (h handed) receipt() Receipt {
	return Receipt{Outcome: Accepted, ProviderID: h.ProviderID, Status: h.Status, At: h.At}
}

// errHandedBefore is of a message that the folder knows and the database does not.
var errHandedBefore = errors.New("it was handed over before the database was restored")

// Send hands a message over unless that was done before.
func (r *remembering) Send(ctx context.Context, m Message) (Receipt, error) {
	before, ok, err := r.known(ctx, m.ID)
	switch {
	case err != nil:
		return Receipt{}, err
	case ok && before.Accepted:
		return before.receipt(), nil
	case ok:
		return Receipt{}, &OutcomeUnknown{Err: errHandedBefore}
	}
	note := handed{Message: m.ID, At: m.Date.UTC()}
	if err := r.write(ctx, note); err != nil {
		return Receipt{}, fmt.Errorf("write down that the e-mail is handed over: %w", err)
	}
	receipt, err := r.Sender.Send(ctx, m)
	var unknown *OutcomeUnknown
	switch {
	case err == nil:
		note.Accepted, note.ProviderID, note.Status = true, receipt.ProviderID, receipt.Status
		// Without it a restored database would ask a person, which is right as well: the
		// provider has the message, and no error here may say otherwise.
		_ = r.write(context.WithoutCancel(ctx), note)
	case !errors.As(err, &unknown):
		// What stays by mistake is asked of a person, and never sent twice.
		_ = r.out.Remove(context.WithoutCancel(ctx), r.out.HandedOver(m.ID))
	}
	return receipt, err
}

// Outcome is what the folder knows of a message, or else the sender.
func (r *remembering) Outcome(ctx context.Context, id, file string) (Receipt, error) {
	before, ok, err := r.known(ctx, id)
	if err != nil {
		return Receipt{}, err
	}
	if ok && before.Accepted {
		return before.receipt(), nil
	}
	return r.Sender.Outcome(ctx, id, file)
}

func (r *remembering) write(ctx context.Context, h handed) error {
	content, err := json.MarshalIndent(h, "", "  ")
	if err != nil {
		return err
	}
	_, err = r.out.WriteFile(ctx, r.out.HandedOver(h.Message), append(content, '\n'))
	return err
}
