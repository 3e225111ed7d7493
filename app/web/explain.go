package web

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/app/auth"
	"parley/app/chat"
	"parley/app/conn"
	"parley/app/photo"
	"parley/app/text"
	"parley/db"
	"parley/views"
	"parley/views/words"
)

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
	var later *chat.Later
	if errors.As(err, &later) {
		sentence = words.Fill(sentence, "{time}", w.Moderation.Duration(seconds(later.RetryAfter)))
	}
	var bound *photo.BoundError
	if errors.As(err, &bound) {
		if errors.Is(err, photo.ErrTooLarge) && bound.Bytes < photo.MaxBytes {
			sentence = w.Profile.TooLargeHere
		}
		sentence = words.Fill(sentence, "{what}", roughSize(int(bound.Bytes)))
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

// seconds rounds a time up to seconds.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

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
	case status == fiber.StatusTooManyRequests && in == inCode:
		return w.SecondFactor.TooManyCodes
	case status == fiber.StatusTooManyRequests && in == inSignUp:
		return w.Account.TooManySignUps
	case status == fiber.StatusTooManyRequests && in == inRecovery:
		return w.Recovery.TooMany
	case status == fiber.StatusServiceUnavailable && (in == inSignIn || in == inSignUp || in == inRecovery):
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

// refusal returns why a message was not taken; an empty sentence means that the error is not about it.
func refusal(w *words.Catalog, err error) (status int, sentence string) {
	status, sentence, _ = explain(w, inMessage, err)
	return status, sentence
}

// statusForScript is the status that a script of ours gets with a refusal. It would send again after a second or
// two what came too fast; slow mode may take hours, so there the text goes back into the composer.
func statusForScript(status int, err error) int {
	if errors.Is(err, chat.ErrSlowMode) {
		return fiber.StatusUnprocessableEntity
	}
	return status
}

// respondError is the one place where an error becomes a response. It may be called before anything of
// the request was checked or read, so it looks at the headers alone.
func (s *Server) respondError(c *fiber.Ctx, err error) error {
	w := wordsOf(c)
	p := views.ProblemOf(w, statusOf(err))
	c.Locals(errorLocal, err)
	if in, ok := conn.Accepted(c.Context().Conn()); ok && p.Status == fiber.StatusRequestHeaderFieldsTooLarge {
		in.LingerOnClose()
	}
	setHeaders(c, s.options.PublicURL)
	setRetryAfter(c, p.Status, err)
	if isPartial(c) {
		return renderTo(c, p.Status, views.ProblemFragment(p))
	}
	me, _ := c.Locals(meLocal).(*db.User)
	return renderTo(c, p.Status, views.ProblemPage(views.Page{Site: s.site(), Words: w, Title: p.Title, Me: me}, p))
}

// setRetryAfter says in seconds when a request that was refused for now may be repeated.
func setRetryAfter(c *fiber.Ctx, status int, err error) {
	var throttled *auth.Throttled
	var later *chat.Later
	switch {
	case errors.As(err, &throttled):
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(seconds(throttled.RetryAfter)))
	case errors.As(err, &later):
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(seconds(later.RetryAfter)))
	case status == fiber.StatusTooManyRequests:
		c.Set(fiber.HeaderRetryAfter, "1")
	case status == fiber.StatusServiceUnavailable:
		c.Set(fiber.HeaderRetryAfter, "2")
	}
}
