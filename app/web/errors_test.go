package web

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/app/auth"
	"parley/app/chat"
	"parley/app/photo"
	"parley/db"
	"parley/views/words"
)

// TestEveryErrorIsExplained checks that the table of errors has every sentinel error of the rules: one that
// is forgotten would be a 500.
func TestEveryErrorIsExplained(t *testing.T) {
	t.Parallel()
	handled := []string{
		"auth.ErrNoSession",  // the route decides: see respondSignedOut
		"chat.ErrSignedOut",  // the same: see serve and roomSocket
		"auth.ErrNoIdentity", // leads to a page: see refuseVisit
		"auth.ErrLastWay",    // see removeIdentity
		"auth.ErrUsed",       // of a machine: see logOutFromProvider
		"auth.ErrCodeNeeded", // the next page asks for it: see startSession
		"export.ErrLost",     // ends an archive that has begun
		"db.ErrDuplicate",    // the rules turn it into errors of their own
		"db.ErrInUse",        // at the start
		"db.ErrNoRowLocks",   // the same
		"db.ErrForeign",      // the same, and on the command line
		"db.ErrNoFile",       // on the command line
		"db.ErrNoTables",     // the same
		"db.ErrNotEmpty",     // the same
		"db.ErrServed",       // the same
		"db.ErrRestoring",    // the same
		"db.ErrContention",   // comes with db.ErrUnavailable
		"db.ErrUnwritable",   // of the check that makes /readyz say 503
		"db.ErrDamaged",      // the same
		"chat.ErrBadName",    // wraps the reason, which has a sentence
		"text.ErrPassword",   // auth turns it into a flaw
		"text.ErrNothing",    // chat turns it into chat.ErrEmpty
	}
	table, err := os.ReadFile("errors.go")
	must(t, err)
	sentinel := regexp.MustCompile(`(?m)^\s*(?:var )?(Err[A-Z]\w*)\s*=`)
	found := 0
	for _, dir := range []string{"../auth", "../chat", "../conn", "../export", "../photo", "../search", "../text", "../../db"} {
		files, err := filepath.Glob(dir + "/*.go")
		must(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			source, err := os.ReadFile(file)
			must(t, err)
			for _, match := range sentinel.FindAllSubmatch(source, -1) {
				name := filepath.Base(dir) + "." + string(match[1])
				found++
				if !strings.Contains(string(table), "err: "+name) && !slices.Contains(handled, name) {
					t.Errorf("%s has no status", name)
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("only %d errors found", found)
	}
}

// TestLimitsOfPhotosAreTold checks that a refusal of a photo says the limit that it is about, in every language.
func TestLimitsOfPhotosAreTold(t *testing.T) {
	t.Parallel()
	const million = 1_000_000
	digits := regexp.MustCompile(`(\d)[.,\s\x{a0}\x{202f}](\d{3})`)
	for _, w := range words.Languages() {
		for err, limits := range map[error][]int{
			photo.ErrTooLarge:      {photo.MaxBytes >> 20},
			photo.ErrTooManyPixels: {photo.MaxPixels / million},
			photo.ErrTooLong:       {photo.MaxSide},
			photo.ErrTooManyWhole:  {photo.MaxPixelsWhole / million},
			photo.ErrTooManyDeep:   {photo.MaxPixelsAlpha / million, photo.MaxPixelsDeep / million},
			photo.ErrTooComplex:    {photo.MaxScans},
		} {
			_, sentence, _ := explain(w, inMessage, err)
			for _, limit := range limits {
				if !regexp.MustCompile(fmt.Sprintf(`\b%d\b`, limit)).MatchString(digits.ReplaceAllString(sentence, "$1$2")) {
					t.Errorf("%v: %q does not say %d", err, sentence, limit)
				}
			}
		}
	}
}

// TestExplain checks that an error gets the sentence of the place where it happens.
func TestExplain(t *testing.T) {
	t.Parallel()
	unavailable := en.Trouble.Why[http.StatusServiceUnavailable].Sentence
	for _, one := range []struct {
		in       scope
		err      error
		status   int
		sentence string
	}{
		{anywhere, chat.ErrTooFast, 429, en.Refusals.TooFast},
		{inMessage, chat.ErrTooFast, 429, en.Refusals.TooFast},
		{inGroup, chat.ErrTooFast, 429, en.Group.TooFast},
		{inSearch, chat.ErrTooFast, 429, en.Search.TooFast},
		{inMessage, chat.ErrEmpty, 422, en.Refusals.Empty},
		{inEdit, chat.ErrEmpty, 422, en.Refusals.Emptied},
		{inSignIn, auth.ErrWrongPassword, 422, en.Account.WrongCredentials},
		{inPassword, auth.ErrWrongPassword, 422, en.Profile.WrongPassword},
		{anywhere, auth.ErrWrongPassword, 422, ""},
		{inSignIn, &auth.Throttled{}, 429, en.Account.TooManyAttempts},
		{inPassword, &auth.Throttled{}, 429, ""},
		{inMessage, db.ErrUnavailable, 503, en.Refusals.NotNow},
		{inEdit, db.ErrUnavailable, 503, en.Refusals.NotNow},
		{inSignUp, db.ErrUnavailable, 503, unavailable},
		{inGroup, db.ErrUnavailable, 503, ""},
		{inGroup, photo.ErrBusy, 503, en.Profile.PhotosBusy},
		{inMessage, fmt.Errorf("posting: %w", chat.ErrBadReply), 422, en.Refusals.ReplyGone},
		{inMessage, &fileError{"cat.png", photo.ErrNotImage}, 422, "cat.png: " + en.Profile.NotImage},
		{inMessage, &fileError{"cat.png", db.ErrUnavailable}, 503, en.Refusals.NotNow},
		{inMessage, errors.New("a bug"), 500, ""},
		{anywhere, nil, 500, ""},
	} {
		status, sentence, ok := explain(en, one.in, one.err)
		if status != one.status || sentence != one.sentence || ok != (one.sentence != "") {
			t.Errorf("%v in %d is %d %q, want %d %q", one.err, one.in, status, sentence, one.status, one.sentence)
		}
	}
}
