package mailsink

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

//go:embed answers
var answers embed.FS

// Answer is how an attempt is answered.
type Answer struct {
	// file is the answer as it was recorded; "" closes the connection without one.
	file string
	// body, if not nil, stands in place of the recorded one.
	body []byte
	// reset is how long a rate limit lasts.
	reset time.Duration
	// takes: the message is kept, whatever the sender hears.
	takes bool
	// hangs: nothing is answered until the sender gives up.
	hangs bool
}

// The answers.
var (
	// Accepted takes the message: 202.
	Accepted = Answer{file: "202", takes: true}
	// Unauthorized does not know the key: 401.
	Unauthorized = Answer{file: "401"}
	// Forbidden does not let this sender send: 403.
	Forbidden = Answer{file: "403"}
	// TooLarge is the web server's page for a request that is too large: 413.
	TooLarge = Answer{file: "413"}
	// Broken is an error of the provider's own: 500.
	Broken = Answer{file: "500"}
	// Unavailable is the web server's page while there is nobody behind it: 503.
	Unavailable = Answer{file: "503"}
	// Silence keeps the message and never answers.
	Silence = Answer{takes: true, hangs: true}
	// Cut keeps the message and closes the connection without an answer.
	Cut = Answer{takes: true}
	// BadAddress refuses the recipient: 400.
	BadAddress = Answer{file: "400"}
)

// Limited is an answer to one attempt too many: 429, until the time has passed, in
// whole seconds.
func Limited(reset time.Duration) Answer { return Answer{file: "429", reset: reset} }

// Refused is a 400 that says what is wrong, and where.
func Refused(message, field string) Answer {
	type wrong struct {
		Message string  `json:"message"`
		Field   *string `json:"field"`
		Help    *string `json:"help"`
	}
	e := wrong{Message: message}
	if field != "" {
		e.Field = &field
	}
	body, err := json.Marshal(map[string][]wrong{"errors": {e}})
	if err != nil {
		panic(err) // strings can be written
	}
	return Answer{file: "400", body: body}
}

// answer writes an answer; id is the provider's of a message that was taken.
func (s *Sink) answer(w http.ResponseWriter, r *http.Request, a Answer, id string) {
	switch {
	case a.hangs:
		select {
		case <-r.Context().Done():
		case <-s.ended:
		}
		panic(http.ErrAbortHandler)
	case a.file == "":
		panic(http.ErrAbortHandler)
	}
	recorded, err := answers.ReadFile("answers/" + a.file + ".http")
	if err != nil {
		panic(err) // it is part of the program
	}
	response, err := http.ReadResponse(bufio.NewReader(bytes.NewReader(recorded)), nil)
	if err != nil {
		panic(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil {
		panic(err)
	}
	_ = response.Body.Close() // it was read from memory
	if a.body != nil {
		body = a.body
	}
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if id != "" {
		w.Header().Set("X-Message-Id", id)
	}
	if a.reset > 0 {
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(s.now().Add(a.reset).Unix(), 10))
	}
	w.WriteHeader(response.StatusCode)
	_, _ = w.Write(body) // the sender may have gone
}
