package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/app/auth"
	"parley/app/chat"
	"parley/app/conn"
	"parley/app/photo"
	"parley/app/search"
	"parley/app/text"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

// scope is where an error is explained: in some places an error has another sentence than elsewhere.
type scope int

const (
	anywhere scope = iota
	inSignUp
	inSignIn
	inPassword // changing it
	inMessage
	inEdit
	inGroup
	inSearch
)

// problem is how an error is explained to the person who meets it.
type problem struct {
	in       scope
	err      error
	status   int                         // 0 is 422: what was typed has to change
	sentence func(*words.Catalog) string // for the form; nil where the page of the status says enough
}

// problems is every error that has a status. Of the rows that match, the first counts.
var problems = []problem{
	// What is not there, or not theirs.
	{err: chat.ErrNotFound, status: fiber.StatusNotFound},
	{err: db.ErrNotFound, status: fiber.StatusNotFound},

	// Accounts. A password can also turn out wrong because it was changed while somebody signed in with it.
	{
		in: inSignUp, err: auth.ErrClosed, status: fiber.StatusForbidden,
		sentence: func(w *words.Catalog) string { return w.Account.SignUpClosed },
	},
	{in: inSignIn, err: auth.ErrWrongPassword, sentence: func(w *words.Catalog) string { return w.Account.WrongCredentials }},
	{in: inPassword, err: auth.ErrWrongPassword, sentence: func(w *words.Catalog) string { return w.Profile.WrongPassword }},
	{err: auth.ErrWrongPassword},
	{err: flawError(auth.NameEmpty), sentence: func(w *words.Catalog) string { return w.Account.NoName }},
	{err: flawError(auth.NameChars), sentence: func(w *words.Catalog) string { return w.Account.NameChars }},
	{err: flawError(auth.NameLength), sentence: func(w *words.Catalog) string { return w.Account.NameLength }},
	{err: flawError(auth.NameEnds), sentence: func(w *words.Catalog) string { return w.Account.NameEnds }},
	{err: flawError(auth.NameReserved), sentence: func(w *words.Catalog) string { return w.Account.NameReserved }},
	{err: flawError(auth.NameTaken), sentence: func(w *words.Catalog) string { return w.Account.NameTaken }},
	{err: flawError(auth.PasswordChars), sentence: func(w *words.Catalog) string { return w.Account.PasswordChars }},
	{err: flawError(auth.PasswordShort), sentence: func(w *words.Catalog) string { return w.Account.PasswordShort }},
	{err: flawError(auth.PasswordLong), sentence: func(w *words.Catalog) string { return w.Account.PasswordLong }},
	{err: flawError(auth.PasswordIsName), sentence: func(w *words.Catalog) string { return w.Account.PasswordIsName }},
	{err: flawError(auth.PasswordIsCommon), sentence: func(w *words.Catalog) string { return w.Account.PasswordIsCommon }},
	{err: flawError(auth.UnknownZone), sentence: func(w *words.Catalog) string { return w.Profile.NoSuchZone }},
	{err: auth.ErrUnknownReadingMode, sentence: func(w *words.Catalog) string { return w.Profile.NoSuchMode }},

	// Names of people and groups.
	{in: inGroup, err: text.ErrNameEmpty, sentence: func(w *words.Catalog) string { return w.Group.NoName }},
	{in: inGroup, err: text.ErrNameLong, sentence: func(w *words.Catalog) string { return w.Group.NameLong }},
	{err: text.ErrNameEmpty, sentence: func(w *words.Catalog) string { return w.Profile.NoName }},
	{err: text.ErrNameLong, sentence: func(w *words.Catalog) string { return w.Profile.NameLong }},
	{err: text.ErrNameBroken, sentence: func(w *words.Catalog) string { return w.Profile.NameBroken }},
	{err: text.ErrNameInvisible, sentence: func(w *words.Catalog) string { return w.Profile.NameInvisible }},
	{err: text.ErrNameAccents, sentence: func(w *words.Catalog) string { return w.Profile.NameAccents }},
	{err: text.ErrNameLoose, sentence: func(w *words.Catalog) string { return w.Profile.NameLoose }},

	// Friends.
	{err: chat.ErrNoSuchUser, sentence: func(w *words.Catalog) string { return w.Friends.NoSuchUser }},
	{err: chat.ErrSelf, sentence: func(w *words.Catalog) string { return w.Friends.Self }},
	{err: chat.ErrFriends, sentence: func(w *words.Catalog) string { return w.Friends.Already }},
	{err: chat.ErrBlocking, sentence: func(w *words.Catalog) string { return w.Friends.Blocking }},
	{err: chat.ErrNoRequest, sentence: func(w *words.Catalog) string { return w.Friends.NoRequest }},
	{
		err: chat.ErrTooManyNames, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Friends.TooManyNames },
	},
	{err: chat.ErrTooManyPending, sentence: func(w *words.Catalog) string { return w.Friends.TooManyPending }},
	{err: chat.ErrTooManyToday, sentence: func(w *words.Catalog) string { return w.Friends.TooManyToday }},

	// Groups.
	{
		err: chat.ErrTooManyGroups, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Group.TooManyToday },
	},
	{
		err: chat.ErrTooManyBroughtIn, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Group.TooManyBroughtIn },
	},
	{err: chat.ErrBadName, sentence: func(w *words.Catalog) string { return w.Profile.NameBroken }}, // for a reason without a row above
	{err: chat.ErrNotFriend, sentence: func(w *words.Catalog) string { return w.Group.NotFriend }},
	{err: chat.ErrAlreadyMember, sentence: func(w *words.Catalog) string { return w.Group.AlreadyIn }},
	{err: chat.ErrGroupFull, sentence: func(w *words.Catalog) string { return w.Group.Full }},
	{
		in: inGroup, err: chat.ErrTooFast, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Group.TooFast },
	},

	// Search.
	{in: inSearch, err: search.ErrEmpty, sentence: func(w *words.Catalog) string { return w.Search.NoWord }},
	{in: inSearch, err: search.ErrTooLong, sentence: func(w *words.Catalog) string { return w.Search.TooManyWords }},
	{in: inSearch, err: search.ErrBadText, sentence: func(w *words.Catalog) string { return w.Search.BadText }},
	{
		in: inSearch, err: chat.ErrTooFast, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Search.TooFast },
	},

	// Messages.
	{in: inEdit, err: chat.ErrEmpty, sentence: func(w *words.Catalog) string { return w.Refusals.Emptied }},
	{err: chat.ErrEmpty, sentence: func(w *words.Catalog) string { return w.Refusals.Empty }},
	{err: chat.ErrTooLong, sentence: func(w *words.Catalog) string { return w.Refusals.Long }},
	// Before chat.ErrBadAlt, which it may be too.
	{err: text.ErrCharacter, sentence: func(w *words.Catalog) string { return w.Refusals.BadText }},
	{err: chat.ErrBadText, sentence: func(w *words.Catalog) string { return w.Refusals.BadText }},
	{err: chat.ErrTooManyEdits, sentence: func(w *words.Catalog) string { return w.Refusals.ManyEdits }},
	{err: chat.ErrTooManyReactions, sentence: func(w *words.Catalog) string { return w.Refusals.ManyReactions }},
	{err: chat.ErrBadKey, sentence: func(w *words.Catalog) string { return w.Refusals.OldPage }},
	{err: chat.ErrKeyReused, sentence: func(w *words.Catalog) string { return w.Refusals.KeyReused }},
	{err: chat.ErrBadReply, sentence: func(w *words.Catalog) string { return w.Refusals.ReplyGone }},
	{err: chat.ErrBadEmoji, sentence: func(w *words.Catalog) string { return w.Refusals.BadEmoji }},
	{err: chat.ErrTooManyEmojis, sentence: func(w *words.Catalog) string { return w.Refusals.ManyEmojis }},
	{
		err: chat.ErrTooFast, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Refusals.TooFast },
	},

	// Photos.
	{err: chat.ErrTooManyPhotos, sentence: func(w *words.Catalog) string { return w.Refusals.ManyPhotos }},
	{err: chat.ErrTooManyAlts, sentence: func(w *words.Catalog) string { return w.Refusals.ManyAlts }},
	{err: chat.ErrBadAlt, sentence: func(w *words.Catalog) string { return w.Refusals.BadAlt }},
	{err: chat.ErrPhotoGone, sentence: func(w *words.Catalog) string { return w.Refusals.PhotoGone }},
	{err: photo.ErrNotImage, sentence: func(w *words.Catalog) string { return w.Profile.NotImage }},
	{err: photo.ErrTooLarge, sentence: func(w *words.Catalog) string { return w.Profile.TooLarge }},
	{err: photo.ErrTooManyPixels, sentence: func(w *words.Catalog) string { return w.Profile.TooManyPixels }},
	{err: photo.ErrTooLong, sentence: func(w *words.Catalog) string { return w.Profile.SideTooLong }},
	{err: photo.ErrTooManyWhole, sentence: func(w *words.Catalog) string { return w.Profile.TooManyWhole }},
	{err: photo.ErrTooManyDeep, sentence: func(w *words.Catalog) string { return w.Profile.TooManyDeep }},
	{err: photo.ErrTooComplex, sentence: func(w *words.Catalog) string { return w.Profile.PhotoComplex }},
	{err: photo.ErrDamaged, sentence: func(w *words.Catalog) string { return w.Profile.PhotoDamaged }},
	{err: errUploadTooLarge, status: fiber.StatusRequestEntityTooLarge, sentence: uploadTooLarge},
	{
		err: errUploadTooSlow, status: fiber.StatusRequestTimeout,
		sentence: func(w *words.Catalog) string { return w.Profile.PhotoTooSlow },
	},
	{
		err: photo.ErrQuota, status: fiber.StatusRequestEntityTooLarge,
		sentence: func(w *words.Catalog) string { return w.Profile.TooManyPhotos },
	},
	{err: db.ErrTooLarge, status: fiber.StatusRequestEntityTooLarge, sentence: uploadTooLarge},
	{
		err: photo.ErrBusy, status: fiber.StatusServiceUnavailable,
		sentence: func(w *words.Catalog) string { return w.Profile.PhotosBusy },
	},

	// The server, and what it takes.
	{err: fasthttp.ErrBodyTooLarge, status: fiber.StatusRequestEntityTooLarge},
	{err: errHungUp, status: fiber.StatusRequestTimeout}, // for the log only
	{err: conn.ErrTooMany, status: fiber.StatusTooManyRequests},
	{err: conn.ErrFull, status: fiber.StatusServiceUnavailable},
	{err: conn.ErrDraining, status: fiber.StatusServiceUnavailable},
	{err: auth.ErrBusy, status: fiber.StatusServiceUnavailable},
	{err: chat.ErrUnknownOutcome, status: fiber.StatusServiceUnavailable},
	{err: db.ErrUnknown, status: fiber.StatusServiceUnavailable},
	{err: db.ErrUnavailable, status: fiber.StatusServiceUnavailable},
	{err: context.DeadlineExceeded, status: fiber.StatusServiceUnavailable}, // workTime is over
}

// flawError is a flaw of what was typed into a form of auth's, so that problems can have a row for it.
type flawError auth.Flaw

func (f flawError) Error() string { return string(f) }

// isAboutPhoto reports whether an error is about an uploaded photo.
func isAboutPhoto(err error) bool {
	photos := []error{
		photo.ErrNotImage, photo.ErrDamaged, photo.ErrTooComplex, photo.ErrTooLarge, photo.ErrTooManyPixels, photo.ErrTooLong,
		photo.ErrTooManyWhole, photo.ErrTooManyDeep, photo.ErrQuota, photo.ErrBusy, errUploadTooLarge, errUploadTooSlow, db.ErrTooLarge,
	}
	return slices.ContainsFunc(photos, func(one error) bool { return errors.Is(err, one) })
}

func uploadTooLarge(w *words.Catalog) string {
	p := views.ProblemOf(w, fiber.StatusRequestEntityTooLarge)
	return p.Title + ". " + p.Sentence
}

// roughSize writes a number of bytes, rounded down.
func roughSize(bytes int) string {
	if bytes < 1<<20 {
		return fmt.Sprintf("%d\u00a0KB", bytes>>10)
	}
	return fmt.Sprintf("%d\u00a0MB", bytes>>20)
}

// fileError is a refused upload with the name of its file, which is for its owner and not for the log.
type fileError struct {
	name string
	error
}

func (f *fileError) Unwrap() error { return f.error }

// explain returns the status of an error, and the sentence that the form shows where it happened; ok
// reports whether there is one. An error without one belongs on the page of its status. An unknown
// error is 500, and only the log has the details.
func explain(w *words.Catalog, in scope, err error) (status int, sentence string, ok bool) {
	status = fiber.StatusInternalServerError
	var throttled *auth.Throttled
	var ofFiber *fiber.Error
	if p, known := problemOf(in, err); known {
		status = cmp.Or(p.status, fiber.StatusUnprocessableEntity)
		if p.sentence != nil {
			sentence = p.sentence(w)
			sentence = withDetail(w, sentence, err)
		}
	} else if errors.As(err, &throttled) {
		status = fiber.StatusTooManyRequests
	} else if errors.As(err, &ofFiber) {
		status = ofFiber.Code
	}
	if sentence == "" {
		sentence = trouble(w, in, status)
	}
	return status, sentence, sentence != ""
}

// withDetail completes a sentence with what it is about: a file, or a character of a text or a name.
func withDetail(w *words.Catalog, sentence string, err error) string {
	var large *db.TooLargeError
	if errors.As(err, &large) {
		sentence = words.Fill(w.Profile.TooLargeHere, "{what}", roughSize(large.Limit))
	}
	var file *fileError
	if errors.As(err, &file) {
		return file.name + ": " + sentence
	}
	var character *text.CharacterError
	if errors.As(err, &character) {
		return words.Fill(sentence, "{line}", strconv.Itoa(character.Line), "{n}", strconv.Itoa(character.Column), "{what}", character.Name)
	}
	var name *text.NameError
	if errors.As(err, &name) {
		shown := string(name.Char)
		if !text.IsVisible(name.Char) || errors.Is(err, text.ErrNameInvisible) {
			shown = fmt.Sprintf("%U", name.Char)
		}
		return words.Fill(sentence, "{n}", strconv.Itoa(name.Place), "{what}", shown)
	}
	return sentence
}

func problemOf(in scope, err error) (p problem, known bool) {
	for _, p := range problems {
		if (p.in == in || p.in == anywhere) && errors.Is(err, p.err) {
			return p, true
		}
	}
	return p, false
}

// trouble is what a form says when the reason has nothing to do with what was typed, so that the text
// stays where it is; "" where the page of the status says it.
func trouble(w *words.Catalog, in scope, status int) string {
	switch {
	case status == fiber.StatusServiceUnavailable && (in == inMessage || in == inEdit):
		return w.Refusals.NotNow
	case status == fiber.StatusUnauthorized && in == inMessage:
		return w.Refusals.SignedOut
	case status == fiber.StatusTooManyRequests && in == inSignIn:
		return w.Account.TooManyAttempts
	case status == fiber.StatusTooManyRequests && in == inSignUp:
		return w.Account.TooManySignUps
	case status == fiber.StatusServiceUnavailable && (in == inSignIn || in == inSignUp):
		return views.ProblemOf(w, status).Sentence
	}
	return ""
}

// explain is the same for the caller of this request. It sets Retry-After, and passes to the log what is
// no fault of the caller.
func (c *call) explain(in scope, err error) (status int, sentence string, ok bool) {
	status, sentence, ok = explain(c.words(), in, err)
	if status >= fiber.StatusInternalServerError || errors.Is(err, db.ErrTooLarge) {
		c.Locals(errorLocal, err)
	}
	if ok {
		setRetryAfter(c.Ctx, status, err)
	}
	return status, sentence, ok
}

// flaw returns the sentence for what is wrong with what was typed, "" when nothing is.
func (c *call) flaw(f auth.Flaw) string {
	_, sentence, _ := c.explain(anywhere, flawError(f))
	return sentence
}

// statusOf returns the status of an error.
func statusOf(err error) int {
	status, _, _ := explain(words.English(), anywhere, err)
	return status
}

// refusal says why a message was not taken; an empty sentence means that the error is not about it.
func refusal(w *words.Catalog, err error) (status int, sentence string) {
	status, sentence, _ = explain(w, inMessage, err)
	return status, sentence
}

// respondError is the one place where an error becomes a response. It may be called before anything of
// the request was checked or read, so it looks at the headers alone.
func (s *Server) respondError(c *fiber.Ctx, err error) error {
	w := wordsOf(c)
	p := views.ProblemOf(w, statusOf(err))
	c.Locals(errorLocal, err)
	setHeaders(c, s.options.PublicURL)
	setRetryAfter(c, p.Status, err)
	if isPartial(c) {
		return renderTo(c, p.Status, views.ProblemFragment(p))
	}
	me, _ := c.Locals(meLocal).(*db.User)
	return renderTo(c, p.Status, views.ProblemPage(views.Page{Words: w, Title: p.Title, Me: me}, p))
}

// setRetryAfter says in seconds when a request that was refused for now may be repeated.
func setRetryAfter(c *fiber.Ctx, status int, err error) {
	var throttled *auth.Throttled
	var later *chat.Later
	switch {
	case errors.As(err, &throttled):
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(throttled.RetryAfter.Seconds()))))
	case errors.As(err, &later):
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(later.RetryAfter.Seconds()))))
	case status == fiber.StatusTooManyRequests:
		c.Set(fiber.HeaderRetryAfter, "1")
	case status == fiber.StatusServiceUnavailable:
		c.Set(fiber.HeaderRetryAfter, "2")
	}
}
