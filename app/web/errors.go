package web

import (
	"context"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/app/auth"
	"parley/app/chat"
	"parley/app/conn"
	"parley/app/export"
	"parley/app/invite"
	"parley/app/mail"
	"parley/app/photo"
	"parley/app/search"
	"parley/app/settings"
	"parley/app/text"
	"parley/db"
	"parley/views/words"
)

// scope is where an error is explained: in some places an error has another sentence than elsewhere.
type scope int

const (
	anywhere scope = iota
	inSignUp
	inSignIn
	inPassword // changing it
	inRecovery // without it
	inMessage
	inEdit
	inGroup
	inSearch
	inSetup   // of a second factor or a passkey
	inCode    // of one's app, at sign-in and to turn it off
	inPasskey // signing in with one
)

// problem is how an error is explained to the person who meets it.
type problem struct {
	in       scope
	err      error
	status   int                         // 0 is 422: what was typed has to change
	sentence func(*words.Catalog) string // for the form; nil where the page of the status says enough
}

// problems lists every error that has a status. The first row that matches counts.
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
	{in: inSetup, err: auth.ErrWrongPassword, sentence: func(w *words.Catalog) string { return w.Profile.WrongPassword }},
	{in: inSetup, err: auth.ErrBadCode, sentence: func(w *words.Catalog) string { return w.SecondFactor.WrongCode }},
	{in: inSetup, err: auth.ErrNoSession, sentence: func(w *words.Catalog) string { return w.SecondFactor.SetupLate }},
	{in: inSetup, err: auth.ErrHasSecondFactor, sentence: func(w *words.Catalog) string { return w.SecondFactor.Already }},
	{in: inSetup, err: auth.ErrTooManyPasskeys, sentence: func(w *words.Catalog) string { return w.Passkeys.TooMany }},
	{in: inSetup, err: auth.ErrPasskeyTaken, sentence: func(w *words.Catalog) string { return w.Passkeys.InUse }},
	{in: inPasskey, err: auth.ErrNoSession, sentence: func(w *words.Catalog) string { return w.Passkeys.Late }},
	{err: auth.ErrBadPasskey, sentence: func(w *words.Catalog) string { return w.Passkeys.Refused }},
	{in: inCode, err: auth.ErrBadCode, sentence: func(w *words.Catalog) string { return w.SecondFactor.WrongCode }},
	{err: auth.ErrWrongPassword},
	{err: auth.ErrPasswordsOff, status: fiber.StatusForbidden, sentence: func(w *words.Catalog) string { return w.SSO.PasswordsOff }},
	{err: auth.ErrNotVouched, sentence: func(w *words.Catalog) string { return w.SSO.ConfirmFirst }},
	{err: auth.ErrIdentityTaken, sentence: func(w *words.Catalog) string { return w.SSO.Taken }},
	{err: auth.ErrTooManyIdentities, sentence: func(w *words.Catalog) string { return w.SSO.TooMany }},
	{err: auth.ErrWrongRecoveryCode, sentence: func(w *words.Catalog) string { return w.Recovery.WrongCode }},
	{err: auth.ErrBadAddress, sentence: func(w *words.Catalog) string { return w.Recovery.BadAddress }},
	{err: auth.ErrNoLink, status: fiber.StatusNotFound},
	{
		err: mail.ErrFull, status: fiber.StatusServiceUnavailable,
		sentence: func(w *words.Catalog) string { return w.Recovery.MailBusy },
	},
	{err: auth.ErrSuspended, status: fiber.StatusForbidden, sentence: func(w *words.Catalog) string { return w.Account.Suspended }},
	{err: auth.ErrNoSuchUser, status: fiber.StatusNotFound},
	{err: auth.ErrLastAdmin, sentence: func(w *words.Catalog) string { return w.Admin.LastAdmin }},
	{err: settings.ErrChoice, sentence: func(w *words.Catalog) string { return w.Settings.BadChoice }},
	{err: settings.ErrNumber, sentence: func(w *words.Catalog) string { return w.Settings.BadNumber }},
	{err: settings.ErrTooLong, sentence: func(w *words.Catalog) string { return w.Settings.TooLong }},
	{err: settings.ErrColor, sentence: func(w *words.Catalog) string { return w.Settings.BadColor }},
	{err: settings.ErrLightContrast, sentence: func(w *words.Catalog) string { return w.Settings.PaleColor }},
	{err: settings.ErrDarkContrast, sentence: func(w *words.Catalog) string { return w.Settings.DarkColor }},
	{err: chat.ErrBadRetention, sentence: func(w *words.Catalog) string { return w.Group.BadDays }},
	{err: chat.ErrGroupsByAdmins, status: fiber.StatusForbidden, sentence: func(w *words.Catalog) string { return w.Group.ByAdmins }},
	{err: settings.ErrFixed, sentence: func(w *words.Catalog) string { return w.Settings.BadChoice }},
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
	{
		err: auth.ErrTooManyRenames, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Profile.TooManyRenames },
	},

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
	{
		err: chat.ErrTooManyUnblocks, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Friends.TooManyUnblocks },
	},
	{err: chat.ErrTooManyPending, sentence: func(w *words.Catalog) string { return w.Friends.TooManyPending }},
	{err: chat.ErrTooManyToday, sentence: func(w *words.Catalog) string { return w.Friends.TooManyToday }},

	// Invitations.
	{err: invite.ErrNone, status: fiber.StatusNotFound},
	{
		err: invite.ErrClosed, status: fiber.StatusForbidden,
		sentence: func(w *words.Catalog) string { return w.Invite.Closed },
	},
	{
		err: invite.ErrAdminsOnly, status: fiber.StatusForbidden,
		sentence: func(w *words.Catalog) string { return w.Invite.AdminsOnly },
	},
	{err: invite.ErrUses, sentence: func(w *words.Catalog) string { return w.Invite.BadUses }},
	{err: invite.ErrDays, sentence: func(w *words.Catalog) string { return w.Invite.BadDays }},
	{err: invite.ErrRooms, sentence: func(w *words.Catalog) string { return w.Invite.BadRooms }},
	{err: invite.ErrOwn, sentence: func(w *words.Catalog) string { return w.Invite.Own }},
	{
		err: invite.ErrTooMany, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Invite.TooMany },
	},
	{
		err: invite.ErrOften, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Invite.TooOften },
	},

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
	{err: chat.ErrBanned, sentence: func(w *words.Catalog) string { return w.Moderation.IsBanned }},
	{err: chat.ErrBadPace, sentence: func(w *words.Catalog) string { return w.Moderation.BadPace }},
	{err: chat.ErrBadPosting, sentence: func(w *words.Catalog) string { return w.Moderation.BadPosting }},
	{err: chat.ErrTooManyPins, sentence: func(w *words.Catalog) string { return w.Moderation.TooManyPins }},
	{err: chat.ErrBadLevel},
	{err: chat.ErrTooManyAtOnce, sentence: func(w *words.Catalog) string { return w.Group.TooManyAtOnce }},
	{err: chat.ErrGroupFull, sentence: func(w *words.Catalog) string { return w.Group.Full }},
	{
		err: chat.ErrTooManyJoins, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Open.TooManyJoins },
	},
	{err: chat.ErrOnlyAdmins, sentence: func(w *words.Catalog) string { return w.Open.OnlyAdmins }},
	{err: chat.ErrTooManyForGroup, sentence: func(w *words.Catalog) string { return w.Open.TooManyForGroup }},
	{err: chat.ErrTooManyDefaults, sentence: func(w *words.Catalog) string { return w.Open.TooManyDefaults }},
	{
		in: inGroup, err: chat.ErrTooFast, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Group.TooFast },
	},

	// Reports, and rooms for administrators.
	{err: chat.ErrBadReason, sentence: func(w *words.Catalog) string { return w.Reports.NoReason }},
	{err: chat.ErrLongWords, sentence: func(w *words.Catalog) string { return w.Reports.LongWords }},
	{
		err: chat.ErrTooManyReports, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Reports.TooMany },
	},
	{err: chat.ErrBadAnswer, sentence: func(w *words.Catalog) string { return w.Care.NoAnswer }},
	{err: chat.ErrReportClosed, status: fiber.StatusConflict, sentence: func(w *words.Catalog) string { return w.Care.ClosedMeanwhile }},
	{err: chat.ErrWrongName, sentence: func(w *words.Catalog) string { return w.Care.WrongName }},
	{err: chat.ErrNotMember, sentence: func(w *words.Catalog) string { return w.Care.NotMember }},

	// One's own data.
	{err: export.ErrRunning, status: fiber.StatusConflict, sentence: func(w *words.Catalog) string { return w.Own.Running }},
	{err: export.ErrTooMany, status: fiber.StatusTooManyRequests, sentence: func(w *words.Catalog) string { return w.Own.TooMany }},
	{err: export.ErrBusy, status: fiber.StatusServiceUnavailable, sentence: func(w *words.Catalog) string { return w.Own.Busy }},

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
	{err: chat.ErrBadAbout, sentence: func(w *words.Catalog) string { return w.Open.BadAbout }},
	{err: chat.ErrBadText, sentence: func(w *words.Catalog) string { return w.Refusals.BadText }},
	{err: chat.ErrTooManyEdits, sentence: func(w *words.Catalog) string { return w.Refusals.ManyEdits }},
	{err: chat.ErrTooManyReactions, sentence: func(w *words.Catalog) string { return w.Refusals.ManyReactions }},
	{err: chat.ErrTooManyOwn, sentence: func(w *words.Catalog) string { return w.Refusals.ManyOwn }},
	{err: chat.ErrBadKey, sentence: func(w *words.Catalog) string { return w.Refusals.OldPage }},
	{err: chat.ErrKeyReused, sentence: func(w *words.Catalog) string { return w.Refusals.KeyReused }},
	{err: chat.ErrBadReply, sentence: func(w *words.Catalog) string { return w.Refusals.ReplyGone }},
	{err: chat.ErrBadEmoji, sentence: func(w *words.Catalog) string { return w.Refusals.BadEmoji }},
	{err: chat.ErrTooManyEmojis, sentence: func(w *words.Catalog) string { return w.Refusals.ManyEmojis }},
	{err: chat.ErrOnlyModerators, sentence: func(w *words.Catalog) string { return w.Moderation.NotNow }},
	{
		err: chat.ErrSlowMode, status: fiber.StatusTooManyRequests,
		sentence: func(w *words.Catalog) string { return w.Moderation.SlowNow },
	},
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

	// The server, and what it accepts.
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
