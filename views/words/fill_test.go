package words

import "testing"

func TestFill(t *testing.T) {
	for _, c := range []struct {
		sentence, want string
		places         []string
	}{
		{"nothing to fill", "nothing to fill", []string{"{who}", "Ann"}},
		{"{who} and {whom}: {who}", "Ann and Bob: Ann", []string{"{who}", "Ann", "{whom}", "Bob"}},
		{"{who} and {whom}", "{whom} and {who}", []string{"{who}", "{whom}", "{whom}", "{who}"}}, // what people are called is not filled
		{"{what} is { left {who", "{what} is { left {who", []string{"{who}", "Ann"}},
	} {
		if got := Fill(c.sentence, c.places...); got != c.want {
			t.Errorf("%q: got %q instead of %q", c.sentence, got, c.want)
		}
	}
}
