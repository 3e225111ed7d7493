package words

// Nav is what stands around every page.
type Nav struct {
	Skip, Main                               string
	ProblemTitle                             string // the title of a page that says what is wrong
	Rooms, Friends, Search, Profile, SignOut string
	Requests                                 func(n int) string // after the number

	// About the line to the server. A script shows them.
	SignedOut, SignIn, Closed, Unsent, Lost string
}

// Account is for those who are not signed in.
type Account struct {
	Tagline                 string // what Parley is
	Anywhere, Safe, Friends string // and why

	SignIn, SignUp                     string // titles and buttons
	Username, Password                 string
	UsernameHint, PasswordHint         string
	New, CreateOne, HaveOne, SignInNow string // from one form to the other

	WrongCredentials, TooManyAttempts, SignUpClosed string

	// What is wrong with a name or a password.
	NoName, NameChars, NameLength, NameTaken                                     string
	PasswordChars, PasswordShort, PasswordLong, PasswordIsName, PasswordIsCommon string
}

// Trouble says why there is no page to show, by status. 499 and 500 are for all that have no
// words of their own.
type Trouble struct {
	Why          map[int]Sentences
	Advice       map[int]string // what can be done about it
	Rooms, Start string         // where to go
}

// Sentences is a problem in words.
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

// Advice says what can be done about a problem of this kind.
func (w *Catalog) Advice(status int) string {
	if advice, special := w.Trouble.Advice[status]; special {
		return advice
	}
	return w.Trouble.Advice[500]
}
