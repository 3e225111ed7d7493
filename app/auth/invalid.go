package auth

// Invalid is the error for invalid input. A valid field is "".
type Invalid struct{ Username, Password, Reason Flaw } //nolint:errname // a refusal, which reads better without the suffix

func (i *Invalid) Error() string {
	return "auth: invalid: " + string(i.Username) + string(i.Password) + string(i.Reason)
}

// Flaw is one thing wrong with an input; app/web has a sentence for each.
type Flaw string

// The flaws of a username, a password, a display name and a time zone.
const (
	NameEmpty  Flaw = "no username"
	NameChars  Flaw = "characters of the username"
	NameLength Flaw = "length of the username"
	NameTaken  Flaw = "username is taken"

	PasswordChars    Flaw = "characters of the password"
	PasswordShort    Flaw = "password is short"
	PasswordLong     Flaw = "password is long"
	PasswordIsName   Flaw = "password is the username"
	PasswordIsCommon Flaw = "password is common"

	DisplayEmpty     Flaw = "no name"
	DisplayBroken    Flaw = "name is no text"
	DisplayInvisible Flaw = "invisible characters in the name"
	DisplayAccents   Flaw = "accents in the name"
	DisplayLong      Flaw = "name is long"

	UnknownZone Flaw = "no such time zone"
)
