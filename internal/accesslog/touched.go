package accesslog

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"duenotice/internal/accesslog/logs"
	"duenotice/internal/intake/spill"
)

// touched are the lines of the chosen accounts within the window, by person.
type touched struct {
	sorter     *spill.Sorter
	key, value []byte
	lines      int
}

// touch is one line about one person.
type touch struct {
	// person is the person_key, or a question mark and the log's id where the id can be
	// nobody's key.
	person   string
	practice uint32
	at       time.Time
	log      uint32
	line     uint64
	account  uint32
	action   logs.Action
	failed   bool
	hash     [sha256.Size]byte
	patient  string
}

var actionsInOrder = []logs.Action{logs.View, logs.Export, logs.Change, logs.None}

func (t *touched) add(one touch) error {
	t.lines++
	t.key = append(append(t.key[:0], one.person...), 0)
	t.key = binary.BigEndian.AppendUint32(t.key, one.practice)
	t.key = binary.BigEndian.AppendUint64(t.key, uint64(one.at.UnixNano()))
	t.key = binary.BigEndian.AppendUint32(t.key, one.log)
	t.key = binary.BigEndian.AppendUint64(t.key, one.line)
	t.value = append(t.value[:0], flag(one.failed))
	for i, action := range actionsInOrder {
		if action == one.action {
			t.value = append(t.value, byte(i))
		}
	}
	t.value = binary.BigEndian.AppendUint32(t.value, one.account)
	t.value = append(append(t.value, one.hash[:]...), one.patient...)
	return t.sorter.Add(t.key, t.value)
}

var errTouch = errors.New("a line between reading and writing is damaged")

func readTouch(key, value []byte) (touch, error) {
	person, rest, found := bytes.Cut(key, []byte{0})
	if !found || len(rest) != 24 || len(value) < 6+sha256.Size || int(value[1]) >= len(actionsInOrder) {
		return touch{}, errTouch
	}
	one := touch{
		person: string(person), practice: binary.BigEndian.Uint32(rest), at: time.Unix(0, int64(binary.BigEndian.Uint64(rest[4:]))).UTC(),
		log: binary.BigEndian.Uint32(rest[12:]), line: binary.BigEndian.Uint64(rest[16:]),
		failed: value[0] == 1, action: actionsInOrder[value[1]], account: binary.BigEndian.Uint32(value[2:]), patient: string(value[6+sha256.Size:]),
	}
	copy(one.hash[:], value[6:])
	return one, nil
}

// reached is what the chosen accounts did with one person at one practice.
type reached struct {
	person, patient                 string
	practice                        uint32
	views, exports, changes, failed int
	lines                           int
	first, last                     time.Time
	hash                            [sha256.Size]byte
}

// given reports that the record was given at least once.
func (r *reached) given() bool { return r.views+r.exports+r.changes > 0 }

// lineColumns are those of access-lines.csv.
var lineColumns = []string{"log", "line", "sha256", "time", "account", "action", "given", "person_key", "practice_key"}

// each gives what was reached by person and practice, and writes every line with its hash.
// The hash of reached is over the lines' hashes, in the order of their times.
func (t *touched) each(w *csv.Writer, accounts *names, places *places, do func(reached) error) error {
	var now reached
	hash := sha256.New()
	give := func() error {
		if now.lines == 0 {
			return nil
		}
		hash.Sum(now.hash[:0])
		return do(now)
	}
	err := t.sorter.Each(func(key, value []byte) error {
		one, err := readTouch(key, value)
		if err != nil {
			return err
		}
		if now.lines == 0 || now.person != one.person || now.practice != one.practice {
			if err := give(); err != nil {
				return err
			}
			now = reached{person: one.person, patient: one.patient, practice: one.practice, first: one.at}
			hash.Reset()
		}
		now.lines++
		now.last = one.at
		hash.Write(one.hash[:])
		switch {
		case one.failed:
			now.failed++
		case one.action == logs.Export:
			now.exports++
		case one.action == logs.Change:
			now.changes++
		default:
			now.views++
		}
		person := one.person
		if person[0] == '?' {
			person = ""
		}
		return w.Write([]string{
			"L" + strconv.FormatUint(uint64(one.log), 10), strconv.FormatUint(one.line, 10), hex.EncodeToString(one.hash[:]), one.at.Format(time.RFC3339Nano),
			safe(accounts.text[one.account]), string(one.action), yesNo(!one.failed), person, places.all[one.practice].key,
		})
	})
	if err != nil {
		return err
	}
	return give()
}

func yesNo(is bool) string {
	if is {
		return "yes"
	}
	return "no"
}

// encode and decode carry reached to the join.
func (r *reached) encode(to []byte) []byte {
	to = binary.BigEndian.AppendUint32(to[:0], r.practice)
	for _, n := range []int{r.views, r.exports, r.changes, r.failed, r.lines} {
		to = binary.BigEndian.AppendUint64(to, uint64(n))
	}
	to = binary.BigEndian.AppendUint64(to, uint64(r.first.UnixNano()))
	to = binary.BigEndian.AppendUint64(to, uint64(r.last.UnixNano()))
	return append(append(to, r.hash[:]...), r.patient...)
}

func (r *reached) decode(from []byte) error {
	if len(from) < 60+sha256.Size {
		return fmt.Errorf("join with the list: %w", errTouch)
	}
	r.practice = binary.BigEndian.Uint32(from)
	for i, to := range []*int{&r.views, &r.exports, &r.changes, &r.failed, &r.lines} {
		*to = int(binary.BigEndian.Uint64(from[4+8*i:]))
	}
	r.first = time.Unix(0, int64(binary.BigEndian.Uint64(from[44:]))).UTC()
	r.last = time.Unix(0, int64(binary.BigEndian.Uint64(from[52:]))).UTC()
	copy(r.hash[:], from[60:])
	r.patient = string(from[60+sha256.Size:])
	return nil
}
