package words

var english = Catalog{
	Lang: "en", Self: "English",
	Someone: "someone",
	Dates:   englishDates,

	Nav: Nav{
		Skip: "Skip to content", Main: "Main", ProblemTitle: "Error: {what}",
		Rooms: "Rooms", Friends: "Friends", Search: "Search", Profile: "Profile", SignOut: "Sign out",
		Requests: func(n int) string { return plural(n, "request", "requests") },

		SignedOut: "You’re signed out.", SignIn: "Sign in",
		Closed: "You’re no longer in this room.",
		Unsent: "Not sent yet. It sends when you’re online.",
		Lost:   "Connection lost. Reconnecting…",
	},

	Account: Account{
		Tagline:  "Chat that just works.",
		Anywhere: "Works in any browser, old or new, with or without JavaScript.",
		Safe:     "Handles bad connections: nothing gets lost, nothing is sent twice.",
		Friends:  "Keeps strangers out: only friends can message you or add you to a group.",

		SignIn: "Sign in", SignUp: "Create an account",
		Username: "Username", Password: "Password",
		UsernameHint: "3 to 32 lowercase letters, digits, dots, dashes or underscores. Friends use it to find you.",
		PasswordHint: "At least 10 characters. A few random words work well.",
		New:          "New here?", CreateOne: "Create an account", HaveOne: "Already have an account?", SignInNow: "Sign in",

		WrongCredentials: "Wrong username or password.",
		TooManyAttempts:  "Too many attempts. Wait a minute, then try again.",
		TooManySignUps:   "Too many attempts from your network. Wait a while, then try again.",
		SignUpClosed:     "Sign-up is closed on this server. Ask its administrator.",

		NoName:       "Choose a username.",
		NameChars:    "Use only the letters a to z, digits, dots, dashes and underscores.",
		NameLength:   "Use 3 to 32 characters.",
		NameEnds:     "Start and end it with a letter or a digit.",
		NameReserved: "That username is reserved. Choose another one.",
		NameTaken:    "That username is taken. Choose another one.",

		PasswordChars:    "That password has characters that can’t be used.",
		PasswordShort:    "Use at least 10 characters.",
		PasswordLong:     "Use at most 256 characters.",
		PasswordIsName:   "Your password can’t be your username.",
		PasswordIsCommon: "That password is too common. Choose another one.",
	},

	Trouble: Trouble{
		Why: map[int]Sentences{
			400: {"Bad request", "Your browser sent something we couldn’t read."},
			401: {"You’re signed out", "Sign in again to continue."},
			403: {"Request refused", "It came from another site or an outdated page. Reload the page and try again."},
			404: {"Nothing here", "This page doesn’t exist, or you don’t have access to it."},
			405: {"Not possible here", "This page can’t do that."},
			408: {"That took too long", "Your connection was too slow to send everything. Please try again."},
			413: {"That’s too large", "Photos can be up to 10 MB each and 11 MB in total, everything else up to 64 KB."},
			421: {"Wrong address", "This server isn’t available at that address."},
			422: {"That can’t be saved", "Please correct it and try again."},
			429: {"You’re going too fast", "Wait a moment and try again."},
			431: {"That’s too large", "The address or your cookies are too long."},
			499: {"That didn’t work", "Your browser sent something we couldn’t use."},
			500: {"Something went wrong", "It’s our fault, and it’s been logged. Try again in a moment."},
			503: {"Temporarily unavailable", "The server is busy or restarting. Nothing is lost. Try again in a moment."},
		},
		Advice: map[int]string{
			403: "Go back first, and copy what you wrote before you reload.",
			404: "Check the address for typos. What was here may be gone.",
			405: "Go back and try another way.",
			413: "Go back to change it. Your browser keeps what you wrote.",
			421: "Check the address, or ask the server’s administrator.",
			422: "Go back to change it. Your browser keeps what you wrote.",
			429: "Wait a minute, then go back and try again. Your browser keeps what you wrote.",
			431: "Clear your cookies for this site, then try again.",
			500: "Wait a moment, then go back and try again. Your browser keeps what you wrote.",
		},
		Rooms: "Go to your rooms", Start: "Go to the home page",
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
