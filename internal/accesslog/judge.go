package accesslog

import (
	"cmp"
	"slices"
	"time"

	"duenotice/internal/accesslog/baseline"
)

// The measures by which an account is held against what is usual.
const (
	// MeasurePatients is how many different patients' records were opened in an hour,
	// MeasureExports how many were exported, MeasureUnnamed how many rows lines gave that
	// name no patient.
	MeasurePatients = "patients_an_hour"
	MeasureExports  = "exports_an_hour"
	MeasureUnnamed  = "rows_without_patient_an_hour"
	// MeasureHours is how many hours of work were in unusual hours of the day,
	// MeasurePractices how many practices were never seen before.
	MeasureHours     = "unusual_hours"
	MeasurePractices = "new_practices"
)

// Sign is one measure of one account, with every number it was judged by.
type Sign struct {
	Measure string `json:"measure"`
	// Value is the highest count of the window; At is the hour it was in, in UTC, for
	// measures of an hour.
	Value int        `json:"value"`
	At    *time.Time `json:"at,omitempty"`
	// Hours is how many hours of the window left both baselines.
	Hours int `json:"hours_left,omitempty"`
	// Of is how many hours or days the value is of, for the other measures.
	Of int `json:"of,omitempty"`
	// Own and Role are the baselines of the account and of its role.
	Own  *baseline.Baseline `json:"own,omitempty"`
	Role *baseline.Baseline `json:"role,omitempty"`
	// The rates and the chances of the value by them, where there are no baselines.
	OwnRate    float64 `json:"own_rate,omitempty"`
	RoleRate   float64 `json:"role_rate,omitempty"`
	OwnChance  float64 `json:"own_chance,omitempty"`
	RoleChance float64 `json:"role_chance,omitempty"`
	// Left: it left its own and its role's baseline. Judged is false where there is too
	// little of both to say.
	Left   bool `json:"left"`
	Judged bool `json:"judged"`
	// Alone is "own" or "role" where the other has too little to be asked.
	Alone string `json:"alone,omitempty"`
}

// judge makes the signs of an account. Those of which nothing happened are left out. Where
// the role is not known its accounts have nothing in common: what a machine does every hour
// would then be usual for everybody. Its baseline is asked only of who has none.
func judge(a *account, r *role, known bool) []Sign {
	var signs []Sign
	if own := a.patients.Limit > 0; own && !known {
		r = &role{}
	}
	for i, m := range []struct {
		name string
		own  baseline.Baseline
		of   func(hour) int
		most int
	}{
		{MeasurePatients, a.patients, func(h hour) int { return h.patients }, a.most.patients},
		{MeasureExports, a.exports, func(h hour) int { return h.exports }, a.most.exports},
		{MeasureUnnamed, a.unnamed, func(h hour) int { return h.unnamed }, a.most.unnamed},
	} {
		if m.most == 0 {
			continue
		}
		s := Sign{Measure: m.name, Value: m.most, Own: &m.own, Role: &r.of[i]}
		for _, h := range a.window {
			left, _ := baseline.Left(m.of(h), m.own, r.of[i])
			s.Hours += int(flag(left))
			if s.At == nil && m.of(h) == m.most {
				at := time.Unix(int64(h.at)*3600, 0).UTC()
				s.At = &at
			}
		}
		s.Left, s.Judged = baseline.Left(m.most, m.own, r.of[i])
		s.Alone = alone(m.own.Limit > 0, r.of[i].Limit > 0)
		signs = append(signs, s)
	}
	if s := judgeHours(a, r); s.Value > 0 {
		signs = append(signs, s)
	}
	if s := judgePractices(a, r); s.Value > 0 {
		signs = append(signs, s)
	}
	return signs
}

func alone(own, role bool) string {
	switch {
	case own && !role:
		return "own"
	case role && !own:
		return "role"
	}
	return ""
}

// judgeHours judges work in hours of the day in which neither the account nor its role
// usually works.
func judgeHours(a *account, r *role) Sign {
	own, roles := a.hours.N() >= baseline.FewestHours, r.hours.N() >= baseline.FewestHours
	var unusual [24]bool
	for h := range unusual {
		unusual[h] = (own || roles) && (!own || a.hours.Rare(h)) && (!roles || r.hours.Rare(h))
	}
	s := Sign{Measure: MeasureHours, Value: a.windowHours.In(unusual), Of: a.windowHours.N(), Judged: own || roles, Alone: alone(own, roles)}
	s.OwnRate, s.RoleRate = a.hours.Share(unusual), r.hours.Share(unusual)
	s.OwnChance, s.RoleChance = baseline.BinomialTail(s.Value, s.Of, s.OwnRate), baseline.BinomialTail(s.Value, s.Of, s.RoleRate)
	s.Left = s.bothBelow(own, roles)
	return s
}

// judgePractices judges practices at which the account was never before. How often an
// account meets new ones is told from the second half of its days: in the first every
// practice is new.
func judgePractices(a *account, r *role) Sign {
	own, roles := a.laterDays >= baseline.FewestHours/2, r.laterDays >= baseline.FewestHours/2
	s := Sign{Measure: MeasurePractices, Value: a.fresh, Of: a.windowDays, Judged: own || roles, Alone: alone(own, roles)}
	s.OwnRate, s.RoleRate = float64(a.laterNew+1)/float64(a.laterDays+1), float64(r.laterNew+1)/float64(r.laterDays+1)
	days := float64(max(a.windowDays, 1))
	s.OwnChance, s.RoleChance = baseline.PoissonTail(s.Value, s.OwnRate*days), baseline.PoissonTail(s.Value, s.RoleRate*days)
	s.Left = s.bothBelow(own, roles)
	return s
}

// bothBelow reports that the value is put down to chance by neither baseline there is.
func (s *Sign) bothBelow(own, roles bool) bool {
	return (own || roles) && (!own || s.OwnChance < baseline.Chance) && (!roles || s.RoleChance < baseline.Chance)
}

// leavers orders accounts: those that left a baseline first, by how far above it they
// were.
func leavers(list []AccountReport) {
	slices.SortStableFunc(list, func(x, y AccountReport) int {
		return cmp.Or(int(flag(y.Left))-int(flag(x.Left)), int(flag(y.Chosen))-int(flag(x.Chosen)), cmp.Compare(y.excess(), x.excess()), cmp.Compare(x.Account, y.Account))
	})
}

// excess is how many times the limit the account's highest count is.
func (a *AccountReport) excess() float64 {
	most := 0.0
	for _, s := range a.Signs {
		if s.Own == nil || !s.Left {
			continue
		}
		if limit := max(s.Own.Limit, s.Role.Limit); limit > 0 {
			most = max(most, float64(s.Value)/float64(limit))
		}
	}
	return most
}
