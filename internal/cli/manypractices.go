package cli

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/breach"
)

// practiceKeys is --practice of an act that may be given for several: what was given,
// each time and between commas, keys and patterns.
type practiceKeys []string

// practicesFlag adds --practice for one practice or several.
func practicesFlag(cmd *cobra.Command, keys *practiceKeys, help string) {
	cmd.Flags().Var(keys, "practice", help)
}

// String implements pflag.Value.
func (k *practiceKeys) String() string { return strings.Join(*k, ",") }

// Type implements pflag.Value; it is what the help has for the value.
func (k *practiceKeys) Type() string { return "keys" }

// Set implements pflag.Value. What is no key is said when the command begins, with
// whatever else is wrong with it.
func (k *practiceKeys) Set(value string) error { return k.Append(value) }

// Append, Replace and GetSlice implement pflag.SliceValue: the flag gathers several.
func (k *practiceKeys) Append(value string) error {
	*k = append(*k, strings.Split(value, ",")...)
	return nil
}

// Replace implements pflag.SliceValue.
func (k *practiceKeys) Replace(values []string) error {
	*k = slices.Clone(values)
	return nil
}

// GetSlice implements pflag.SliceValue.
func (k *practiceKeys) GetSlice() []string { return *k }

// named reports whether any practice was named. An empty value names none, as it
// always has: it is then for the command to say what that means.
func (k *practiceKeys) named() bool {
	return k != nil && len(*k) > 0 && !slices.Equal(*k, []string{""})
}

// one is the key where a single one was given, "" where none was. Else several are to
// be found. What can be no key and no pattern is an error of the command line.
func (k *practiceKeys) one() (key string, several bool, err error) {
	if !k.named() {
		return "", false, nil
	}
	if len(*k) == 1 && !isPattern((*k)[0]) {
		return (*k)[0], false, practiceArgument((*k)[0])
	}
	for i, word := range *k {
		word = strings.TrimSpace(word)
		(*k)[i] = word
		switch {
		case word == "":
			return "", false, usage("--practice has no key before or after a comma")
		case isPattern(word) && !breach.IsKey(strings.ReplaceAll(word, "*", "x")):
			return "", false, usage("%q is not a pattern of practices' keys: a key's characters and *", word)
		case !isPattern(word):
			if err := practiceArgument(word); err != nil {
				return "", false, err
			}
		}
	}
	return "", true, nil
}

func isPattern(word string) bool { return strings.Contains(word, "*") }

// choose returns the practices that are named, each once: keys as they were given, and
// for a pattern those of the incident's that it matches, in key order. A pattern that
// matches none is refused; a key that is none is left for the act to refuse.
func (k *practiceKeys) choose(there []string) ([]string, error) {
	var chosen []string
	seen := map[string]bool{}
	take := func(key string) {
		if !seen[key] {
			seen[key] = true
			chosen = append(chosen, key)
		}
	}
	for _, word := range *k {
		if !isPattern(word) {
			take(word)
			continue
		}
		found := false
		for _, key := range there {
			matches, err := path.Match(word, key)
			if err != nil {
				return nil, usage("%q is not a pattern: %v", word, err)
			}
			if matches {
				found = true
				take(key)
			}
		}
		if !found {
			return nil, breach.Refuse("no_match", "Nothing was done. status --csv lists the practices' keys.", "no practice's key matches %s", word)
		}
	}
	return chosen, nil
}

// severalShown is how many practices are shown one by one before it is asked.
const severalShown = 10

// several carries out an act for each practice that --practice names: shown and asked
// for first, then as the rows of a file.
func (m *many) several(ctx context.Context, incident string) error {
	there, err := m.practicesThere(ctx, incident)
	if err != nil {
		return err
	}
	keys, err := m.practices.choose(there)
	if err != nil {
		return err
	}
	if len(keys) == 1 && !m.dryRun {
		return m.one(ctx, incident, keys[0])
	}
	rows := make([]row, len(keys))
	for i, key := range keys {
		rows[i].practice = key
	}
	what, err := m.saidOf(ctx, incident, keys)
	if err != nil {
		return err
	}
	for i, r := range rows {
		if i == severalShown && len(rows) > severalShown+1 {
			what = append(what, "and the same for "+number(len(rows)-i)+" more, "+r.practice+" to "+rows[len(rows)-1].practice)
			break
		}
		// What is wrong with the command line is wrong for all of them.
		o, err := m.order(incident, r)
		if err != nil {
			return err
		}
		what = append(what, o.did)
	}
	if !m.dryRun {
		if err := m.p.ask(ctx, m.yes, "This is done for "+count(len(rows), "practice", "practices")+", each by an act of its own:", what...); err != nil {
			return err
		}
	}
	return m.eachAndAfter(ctx, incident, rows)
}

// saidOf is what is said of several acts together, before each of them.
func (m *many) saidOf(ctx context.Context, incident string, keys []string) ([]string, error) {
	if m.about == nil {
		return nil, nil
	}
	s, err := m.p.open(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	return m.about(ctx, s, incident, keys)
}

// practicesThere are the keys of an incident's practices, as far as whoever gave the
// command sees them.
func (m *many) practicesThere(ctx context.Context, incident string) ([]string, error) {
	s, err := m.p.open(ctx)
	if err != nil {
		return nil, err
	}
	defer s.close()
	if _, err := s.store.Incident(ctx, incident); err != nil {
		return nil, err
	}
	const page = 1000
	var all []string
	for after := ""; ; after = all[len(all)-1] {
		keys, err := s.store.PracticeKeys(ctx, incident, after, page, false)
		if err != nil {
			return nil, err
		}
		if all = append(all, keys...); len(keys) < page {
			return all, nil
		}
	}
}
