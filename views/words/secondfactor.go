package words

// SecondFactor is for signing in with a code besides the password.
type SecondFactor struct {
	Title, Why             string // of the page and of its section in the profile
	Since, Manage          string // {what} is a day
	Required               string // to administrators who have none yet
	App, AppHint, Begin    string
	Scan, QR, Key, Open    string // what to do with the QR code; what it is; the same as text and as a link
	Code, CodeHint, TurnOn string
	TurnedOn, TurnedOff    string // what was just done
	TurnOff, TurnOffHint   string

	// At sign-in.
	Enter, EnterHint, AnyCode, Other string

	// Problems.
	WrongCode, TooManyCodes, Late, SetupLate, Already string
}

// Passkeys is for signing in with a passkey, and for one's own.
type Passkeys struct {
	Title, Why, None                        string
	Added, Used                             string // {what} is a day
	Name, NameHint, Add                     string
	Rename, Remove                          string
	New, NewHint, Make                      string // the page on which the browser makes one
	SignIn, UseHint, Use                    string // the page on which the browser uses one
	NeedsScripts, NeedsHTTPS, NoSupport     string
	IsAdded, IsRemoved, Remain              string // what was just done
	Canceled, Refused, TooMany, Late, InUse string // problems
}
