package casebook_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"duenotice/internal/casebook"
)

// TestTermsAreWhatAnActSaysAndNothingElse goes through every kind of terms there
// is: they are stored by their name alone, and come back.
func TestTermsAreWhatAnActSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	whose := casebook.Act{ID: "1", IncidentID: "X", PracticeKey: "P", Kind: "kind", Who: "Ada", Identity: "os:ada", At: time.Unix(1, 0)}
	b, err := json.Marshal(whose.Terms())
	require.NoError(t, err)
	require.JSONEq(t, "{}", string(b))
	seen := 0
	for i, field := range reflect.VisibleFields(reflect.TypeFor[casebook.Act]()) {
		if field.Type.Kind() != reflect.Pointer {
			continue
		}
		seen++
		act := whose
		value := reflect.New(field.Type.Elem())
		reflect.ValueOf(&act).Elem().Field(i).Set(value)
		b, err := json.Marshal(act.Terms())
		require.NoError(t, err)
		said := map[string]json.RawMessage{}
		require.NoError(t, json.Unmarshal(b, &said))
		require.Len(t, said, 1, string(b))
		require.Contains(t, said, field.Name)
		var back casebook.Terms
		require.NoError(t, json.Unmarshal(b, &back))
		require.Equal(t, value.Interface(), reflect.ValueOf(back.Act).Field(i).Interface())
	}
	require.Greater(t, seen, 10)
}
