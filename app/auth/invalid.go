package auth

// Invalid says what is wrong with what was typed; a field that is right is empty.
type Invalid struct{ Username, Password, Reason Flaw } //nolint:errname // what is wrong is what was typed

func (i *Invalid) Error() string {
	return "auth: invalid: " + string(i.Username) + string(i.Password) + string(i.Reason)
}

// Flaw is one thing that can be wrong; app/web has a sentence for each.
type Flaw string

// What can be wrong with a username, a password, a name for people to read, and a time zone.
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
