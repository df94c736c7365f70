package breach

import (
	"errors"
	"fmt"
)

// Refusal is an act or input that is not allowed, in words for the person who
// tried: what was refused, why, and what to do instead. Nothing was changed.
// It never holds patient data.
type Refusal struct {
	// Code is stable, for programs: "same_approver".
	Code string
	// Message says what was refused and why.
	Message string
	// Advice says what to do next.
	Advice string
}

// Refuse returns a Refusal with a formatted message.
func Refuse(code, advice, format string, args ...any) *Refusal {
	return &Refusal{Code: code, Message: fmt.Sprintf(format, args...), Advice: advice}
}

func (r *Refusal) Error() string {
	if r.Advice == "" {
		return r.Message
	}
	return r.Message + ". " + r.Advice
}

// AsRefusal finds a Refusal in err's chain.
func AsRefusal(err error) (*Refusal, bool) {
	var r *Refusal
	ok := errors.As(err, &r)
	return r, ok
}
