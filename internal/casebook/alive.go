package casebook

import (
	"fmt"
	"strings"
	"time"
)

// Watch says whether somebody works: a step that nobody takes looks like a quiet day.
type Watch struct {
	// Working: a worker takes work and the servers it needs answer it.
	Working bool `json:"working"`
	// LastSign is when a worker last was able to work; nil when none ever was.
	LastSign *time.Time `json:"last_sign"`
	// Problem is what keeps the worker from working, or what the last one ended
	// with; "" when it is not known.
	Problem string `json:"problem"`
	// Programs are those whose workers are at work, the newest first.
	Programs []Program `json:"programs,omitempty"`
}

// Releasing says which programs are at work while one takes another's place, and ""
// while there is one.
func (w Watch) Releasing() string {
	if len(w.Programs) < 2 {
		return ""
	}
	each := make([]string, len(w.Programs))
	for i, p := range w.Programs {
		each[i] = p.Text()
	}
	return "Programs at work, the newest first: " + strings.Join(each, "; ") + "."
}

// Text says that nobody works, since when, and what keeps the worker from it; "" while
// one works. zone is where the reader is.
func (w Watch) Text(zone *time.Location) string {
	if w.Working {
		return ""
	}
	since := "none ever did"
	if w.LastSign != nil {
		since = "the last sign of life was on " + w.LastSign.In(zone).Format("2006-01-02 at 15:04:05 MST")
	}
	text := fmt.Sprintf("no worker takes work; %s.", since)
	if w.Problem != "" {
		text += " What keeps it: " + w.Problem + "."
	}
	return text
}

// Program is one of the programs whose workers are at work: while one takes another's
// place there are two.
type Program struct {
	// Build is what it was built from, "" for one from before it said so.
	Build string `json:"build"`
	// Tables is the newest migration it knows, Changes how many changes of the
	// workflows' course.
	Tables  int `json:"tables"`
	Changes int `json:"changes"`
	// Workers is how many of its workers gave a sign of life lately.
	Workers int `json:"workers"`
}

// Text names the program and how many of its workers there are.
func (p Program) Text() string {
	build := p.Build
	if build == "" {
		build = "one that does not say which it is"
	}
	if p.Workers == 1 {
		return build + " (1 worker)"
	}
	return fmt.Sprintf("%s (%d workers)", build, p.Workers)
}

// Trouble is a step that failed and has not succeeded since. Nothing in it is
// about a person.
type Trouble struct {
	// Incident and Practice are "" where it concerns no single one.
	Incident string `json:"incident"`
	Practice string `json:"practice_key"`
	// Step is what could not be done, in the words that people read; Kind is the
	// step's own name, Part tells several of a kind apart.
	Step string `json:"step"`
	Kind string `json:"kind"`
	Part string `json:"part,omitempty"`
	// Since is the first failure after the last success.
	Since    time.Time `json:"since"`
	LastSeen time.Time `json:"last_seen"`
	Times    int       `json:"times"`
	// Stopped: the program refused it. It is tried again less and less often, and
	// at once when somebody changes something.
	Stopped bool   `json:"stopped"`
	What    string `json:"what"`
	Todo    string `json:"todo"`
}

// Text is the trouble in a sentence, but for what to do. Its Step is in words.
func (t Trouble) Text() string {
	who := ""
	switch {
	case t.Practice != "":
		who = "practice " + t.Practice + ": "
	case t.Incident != "":
		who = "incident " + t.Incident + ": "
	}
	return fmt.Sprintf("%scould not %s: %s.", who, t.Step, strings.TrimRight(t.What, "."))
}

// Kinds of trouble that are no activity's.
const (
	// TroubleGone is an incident of which Temporal knows nothing.
	TroubleGone = "workflow gone"
	// TroubleTask is a workflow whose own code fails.
	TroubleTask = "workflow task"
	// TroubleRefused is something that came through Temporal and was not believed. It
	// is an alarm: no success takes it back, and it is shown also of what is closed.
	TroubleRefused = "payload refused"
	// TroubleRestarted is a workflow that was ended from outside and is started again. It
	// is an alarm too.
	TroubleRestarted = "workflow started again"
	// TroubleAltered is something in the database that was changed past the program.
	TroubleAltered = "altered"
	// TroubleRestored is a database that does not know what was printed: it was restored
	// from a backup of before.
	TroubleRestored = "restored"
)

// Alarms are the kinds of trouble that tell of what somebody did past the program: no
// success of a step takes one back, and it is shown also of what is closed.
var Alarms = []string{TroubleRefused, TroubleRestarted, TroubleAltered}
