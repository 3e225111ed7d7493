package words

// SSO is for signing in with an account at a provider. {what} is the provider, {who} what somebody is called there.
type SSO struct {
	Title, Why      string // the section of the profile
	With, Or        string // the button; what is between it and the form
	As              string // {what}, {who}
	Connect, Remove string
	Alone           string // where people sign in by providers alone

	// The page after the provider, for whom it knows and this server does not.
	New, NewHint             string
	Make, Have, HaveHint     string
	Link                     string
	Mine, MineHint, LinkMine string // {whom} is the account of whoever is signed in
	NotNow                   string

	// For whoever has no password.
	NoPassword, Confirm string

	IsConnected, IsRemoved, Already string // what was just done

	// Problems.
	Denied, Unavailable, Failed, Late, Taken, Other, TooMany, LastWay, ConfirmFirst, PasswordsOff string
}
