package pdffile

import (
	"errors"
	"math"
)

// matrix maps a point to another (ISO 32000-1 section 8.3.3).
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// then is the matrix that does m and afterwards n.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// textState is where a drawing's text goes while it is read.
type textState struct {
	page, line matrix
	kept       []matrix
	font       string
	size       float64
	leading    float64
	// spoken are marked contents that are open, each with the text that stands for what is
	// drawn in it; said: it was taken.
	spoken []spoken
}

type spoken struct {
	text string
	is   bool
	said bool
}

// errText is a drawing that nobody could be sure to have read.
var errText = errors.New("its text cannot be read")

// texts reads what a drawing prints.
func (r *Reader) texts(drawn []byte) ([]Text, error) {
	s := &scanner{in: drawn}
	state := textState{page: identity, line: identity}
	var all []Text
	var args []value
	for t := s.next(); t.kind != ended; t = s.next() {
		if t.kind != keyword {
			v, err := s.value(t)
			if err != nil {
				return nil, err
			}
			args = append(args, v)
			continue
		}
		if len(t.text) == 0 { // a string without an end
			return nil, errText
		}
		text, err := r.operate(&state, string(t.text), args)
		if err != nil {
			return nil, err
		}
		if text != "" {
			at := state.line.then(state.page)
			// To a thousandth of a point: steps that lead back to a line add up to it.
			all = append(all, Text{X: thousandths(at[4]), FromTop: thousandths(r.height - at[5]), Size: state.size * math.Hypot(at[2], at[3]), Text: text})
		}
		args = args[:0]
	}
	return all, nil
}

func thousandths(length float64) float64 { return math.Round(length*1000) / 1000 }

// wants is how many operands operators have that look at theirs.
var wants = map[string]int{"cm": 6, "Tf": 2, "TL": 1, "Td": 2, "TD": 2, "Tm": 6, "Tj": 1, "TJ": 1, "BDC": 2}

// operate carries out one operator, and returns what it prints.
func (r *Reader) operate(s *textState, operator string, args []value) (string, error) {
	nums := make([]float64, len(args))
	for i, a := range args {
		nums[i] = a.token.num
	}
	if len(args) < wants[operator] {
		return "", errText
	}
	switch operator {
	case "q":
		s.kept = append(s.kept, s.page)
	case "Q":
		if len(s.kept) == 0 {
			return "", errText
		}
		s.page, s.kept = s.kept[len(s.kept)-1], s.kept[:len(s.kept)-1]
	case "cm":
		s.page = matrix(nums[:6]).then(s.page)
	case "BT":
		s.line = identity
	case "Tf":
		s.font, s.size = string(args[0].token.text), nums[1]
	case "TL":
		s.leading = nums[0]
	case "TD":
		s.leading = -nums[1]
		fallthrough
	case "Td":
		s.line = matrix{1, 0, 0, 1, nums[0], nums[1]}.then(s.line)
	case "T*":
		s.line = matrix{1, 0, 0, 1, 0, -s.leading}.then(s.line)
	case "Tm":
		s.line = matrix(nums[:6])
	case "BMC":
		s.spoken = append(s.spoken, spoken{})
	case "BDC":
		actual, is := args[1].dict["ActualText"]
		s.spoken = append(s.spoken, spoken{text: utf16Text(actual.token.text), is: is})
	case "EMC":
		if len(s.spoken) == 0 {
			return "", errText
		}
		s.spoken = s.spoken[:len(s.spoken)-1]
	case "Tj":
		return r.shows(s, args[:1])
	case "TJ":
		return r.shows(s, args[0].list)
	case "'", "\"", "Do":
		return "", errText // nothing of ours draws so, and it would be missed
	}
	return "", nil
}

// shows is what strings print: what stands for them where somebody said so, else what
// their codes are.
func (r *Reader) shows(s *textState, strings []value) (string, error) {
	for i := range s.spoken {
		if of := &s.spoken[i]; of.is {
			if of.said {
				return "", nil
			}
			of.said = true
			return of.text, nil
		}
	}
	font, known := r.fonts[s.font]
	if !known {
		return "", errText
	}
	text := ""
	for _, part := range strings {
		if part.token.kind == literal {
			text += font.text(part.token.text)
		}
	}
	return text, nil
}
