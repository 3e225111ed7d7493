package auth

// Invalid is the error for invalid input. A valid field is "".
type Invalid struct { //nolint:errname // a refusal, which reads better without the suffix
	Username, Password, Reason Flaw

	cause error // of text, for a display name
}

func (i *Invalid) Error() string {
	return "auth: invalid: " + string(i.Username) + string(i.Password) + string(i.Reason)
}

func (i *Invalid) Unwrap() error { return i.cause }

// Flaw is one thing wrong with an input; app/web has a sentence for each.
type Flaw string

// The flaws of a username, a password, a display name and a time zone.
const (
	NameEmpty    Flaw = "no username"
	NameChars    Flaw = "characters of the username"
	NameLength   Flaw = "length of the username"
	NameEnds     Flaw = "ends of the username"
	NameReserved Flaw = "username is reserved"
	NameTaken    Flaw = "username is taken"

	PasswordChars    Flaw = "characters of the password"
	PasswordShort    Flaw = "password is short"
	PasswordLong     Flaw = "password is long"
	PasswordIsName   Flaw = "password is the username"
	PasswordIsCommon Flaw = "password is common"

	DisplayUnfit Flaw = "name cannot be shown"

	UnknownZone Flaw = "no such time zone"
)
