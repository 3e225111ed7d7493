package views

// FrameWords is what stands around every page.
type FrameWords struct {
	Skip, Main                               string
	Wrong                                    string // the title of a page that says what is wrong
	Rooms, Friends, Search, Profile, SignOut string
	Requests                                 func(n int) string // after the number

	// About the line to the server. A script shows them.
	SignedOut, SignIn, Closed, Unsent, Lost string
}

// DoorWords is for those who are not signed in.
type DoorWords struct {
	Line                    string // what Parley is
	Anywhere, Safe, Friends string // and why

	SignIn, SignUp                   string // titles and buttons
	Username, Password               string
	UsernameHint, PasswordHint       string
	New, MakeOne, HaveOne, SignInNow string // from one form to the other

	Wrong, TooManyTries, NotOpen string

	// What is wrong with a name or a password.
	NoName, NameChars, NameLength, NameTaken                                     string
	PasswordChars, PasswordShort, PasswordLong, PasswordIsName, PasswordIsCommon string
}

// TroubleWords says why there is no page to show, by status. 499 and 500 are for all that have no
// words of their own.
type TroubleWords struct {
	Why          map[int]Sentences
	Advice       map[int]string // what can be done about it
	Rooms, Start string         // where to go
}

// Sentences is a problem in words.
type Sentences struct{ Title, Sentence string }

// Problem is a status in words.
func (w *Words) Problem(status int) Problem {
	said, known := w.Trouble.Why[status]
	if !known && status < 500 {
		said = w.Trouble.Why[499]
	} else if !known {
		said = w.Trouble.Why[500]
	}
	return Problem{Status: status, Title: said.Title, Sentence: said.Sentence}
}

// advice is what can be done about a problem of this kind.
func (w *Words) advice(status int) string {
	if advice, special := w.Trouble.Advice[status]; special {
		return advice
	}
	return w.Trouble.Advice[500]
}
