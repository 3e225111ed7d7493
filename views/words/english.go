package words

var english = Catalog{
	Lang: "en", Self: "English",
	Someone: "someone",
	Dates:   englishDates,

	Nav: Nav{
		Skip: "Skip to content", Main: "Main", ProblemTitle: "Problem: {what}",
		Rooms: "Rooms", Friends: "Friends", Search: "Search", Profile: "Profile", SignOut: "Sign out",
		Requests: func(n int) string { return plural(n, "request", "requests") },

		SignedOut: "You are signed out.", SignIn: "Sign in",
		Closed: "This conversation is closed.",
		Unsent: "Not sent yet. It will be sent when the connection is back.",
		Lost:   "Not connected. Trying again…",
	},

	Account: Account{
		Tagline:  "Chat that is simply there.",
		Anywhere: "On any browser, old or new, with scripts on or off.",
		Safe:     "On bad connections: nothing gets lost, nothing is said twice.",
		Friends:  "Among friends: only those you said yes to can write to you.",

		SignIn: "Sign in", SignUp: "Make an account",
		Username: "Username", Password: "Password",
		UsernameHint: "3 to 32 small letters, digits, dots, dashes or underscores. Friends find you by it.",
		PasswordHint: "At least 10 characters. A few words in a row are easy to remember.",
		New:          "New here?", CreateOne: "Make an account", HaveOne: "Already have one?", SignInNow: "Sign in",

		WrongCredentials: "The username and the password do not go together.",
		TooManyAttempts:  "Too many tries. Please wait a minute, then try again.",
		SignUpClosed:     "This server does not take new accounts. Ask whoever runs it.",

		NoName:     "Choose a username.",
		NameChars:  "A username has only the letters a to z, digits, dots, dashes and underscores.",
		NameLength: "A username has 3 to 32 characters.",
		NameTaken:  "That username is taken. Choose another one.",

		PasswordChars:    "That password has characters that cannot be used.",
		PasswordShort:    "A password has 10 characters at least. A few words are good.",
		PasswordLong:     "A password has 256 characters at most.",
		PasswordIsName:   "A password must not be your username.",
		PasswordIsCommon: "That password is among the first that others would try. Choose another one.",
	},

	Trouble: Trouble{
		Why: map[int]Sentences{
			400: {"That did not make sense", "Your browser sent something that we could not read."},
			401: {"You are signed out", "Sign in again to go on."},
			403: {"That was refused", "The request came from another site or an old page. Go back, load the page again and try once more."},
			404: {"There is nothing here", "The page does not exist, or it is not yours to see."},
			405: {"That is not possible here", "This address cannot do what was asked of it."},
			408: {"That took too long", "Your connection was too slow to bring all of it. Please try again."},
			413: {"That is too large", "Photos may have up to 10 MiB each and 11 MiB together, everything else 64 KiB."},
			421: {"Wrong address", "This server does not answer to the name that you used."},
			422: {"That does not work", "Something about it has to change first."},
			429: {"That was a little fast", "Please wait a moment and try again."},
			431: {"That is too large", "The address or the cookies are too long."},
			499: {"That did not work", "Your browser sent something that we could not use."},
			500: {"Something went wrong", "It is our fault, and it has been noted. Try again in a moment."},
			503: {"Not just now", "The server is busy or restarting. Nothing is lost: try again in a moment."},
		},
		Advice: map[int]string{
			403: "Go back, reload the page and try once more.",
			404: "The address may be mistyped, or what was here may be gone.",
			413: "Go back to change it: your browser keeps what you wrote.",
			422: "Go back to change it: your browser keeps what you wrote.",
			429: "Wait a minute, then go back and try again: your browser keeps what you wrote.",
			500: "Wait a moment, then go back and try again: your browser keeps what you wrote.",
		},
		Rooms: "Go to your rooms", Start: "Go to the start",
	},

	Friends:    englishFriends,
	Person:     englishPerson,
	Profile:    englishProfile,
	Group:      englishGroup,
	Rooms:      englishRooms,
	Room:       englishRoom,
	Message:    englishMessage,
	Refusals:   englishRefusals,
	Detail:     englishDetail,
	PhotoForm:  englishPicture,
	Search:     englishSearch,
	Formatting: englishFormatting,
}
