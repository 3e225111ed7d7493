package words

// Nav is what surrounds every page.
type Nav struct {
	Skip, Main                               string
	ProblemTitle                             string // title of a page with an error on it
	Rooms, Friends, Search, Profile, SignOut string
	Requests                                 func(n int) string // follows the number

	// State of the connection, shown by the script.
	SignedOut, SignIn, Closed, Unsent, Lost string
	Failed                                  string // of a form that was sent and not answered
}

// Account is for the pages of people who aren't signed in.
type Account struct {
	Tagline                 string // tagline
	Anywhere, Safe, Private string // reasons to use Parley

	SignIn, SignUp                     string // titles and buttons
	DisplayName, Username, Password    string
	DisplayHint                        string
	UsernameHint, PasswordHint         string
	Reveal                             string // shows the password
	Suspended                          string
	RulesLink, RulesOf, NoRules        string // {what} is the server
	New, CreateOne, HaveOne, SignInNow string // links between the two forms

	WrongCredentials, TooManyAttempts, TooManySignUps, SignUpClosed string

	// Problems with a name or a password.
	NoName, NameChars, NameLength, NameEnds, NameReserved, NameTaken             string
	PasswordChars, PasswordShort, PasswordLong, PasswordIsName, PasswordIsCommon string
}

// Trouble explains errors, by HTTP status. 499 stands for all other 4xx, and 500 for all other 5xx.
type Trouble struct {
	Why          map[int]Sentences
	Advice       map[int]string // what to do about it; 500 is the default
	Rooms, Start string         // where to go
}

// Sentences explains one error.
type Sentences struct{ Title, Sentence string }

// Problem returns the title and the sentence for a status.
func (w *Catalog) Problem(status int) Sentences {
	text, known := w.Trouble.Why[status]
	switch {
	case known:
		return text
	case status < 500:
		return w.Trouble.Why[499]
	}
	return w.Trouble.Why[500]
}

// Advice returns what to do about an error with this status.
func (w *Catalog) Advice(status int) string {
	if advice, special := w.Trouble.Advice[status]; special {
		return advice
	}
	return w.Trouble.Advice[500]
}
