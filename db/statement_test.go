package db

import (
	"fmt"
	"testing"
	"time"
)

// TestValuesOfStatements checks what a statement becomes with its values.
func TestValuesOfStatements(t *testing.T) {
	for _, c := range []struct {
		text   string
		values []any
		want   string
	}{
		{"SELECT 1", nil, "SELECT 1 []"},
		{"a = ? AND b = ?", []any{uint64(1), "x"}, "a = ? AND b = ? [1 x]"},
		{"a IN ? AND b = ?", []any{[]uint64{1, 2, 3}, "x"}, "a IN (?,?,?) AND b = ? [1 2 3 x]"},
		{"a = ? AND k IN ?", []any{true, []MessageKind{KindText}}, "a = ? AND k IN (?) [true text]"},
		{"a IN ? OR b IN ?", []any{[]string{}, []any{"x", 7}}, "a IN (NULL) OR b IN (?,?) [x 7]"},
		{"a = ?", []any{[]byte("?@")}, "a = ? [[63 64]]"},
		{"a = ? AND b IN ?", []any{nil, []int{4}}, "a = ? AND b IN (?) [<nil> 4]"},
		{"u = @user AND (r IN @rooms OR @user = o)", []any{map[string]any{"user": 5, "rooms": []uint64{8, 9}}}, "u = ? AND (r IN (?,?) OR ? = o) [5 8 9 5]"},
		{"@room1, @room_id", []any{map[string]any{"room1": 5, "room_id": 6}}, "?, ? [5 6]"},
	} {
		text, values, err := expand(c.text, c.values)
		must(t, err)
		equal(t, c.text, fmt.Sprint(text, " ", values), c.want)
	}
	at := time.Now()
	if _, values, _ := expand("?", []any{at}); values[0] != at {
		t.Errorf("the time %v became %v", at, values[0])
	}
	for text, values := range map[string][]any{
		"a IN ?": {[]uint64{1}, 2}, "r IN @rooms OR @usre = o": {map[string]any{"user": 5, "rooms": []uint64{8}}},
	} {
		_, _, err := expand(text, values)
		wantError(t, text, err, errValues)
	}
}
