package words

var englishSSO = SSO{
	Title: "Single sign-on",
	Why:   "Sign in with an account that you have elsewhere.",
	With:  "Continue with {what}", Or: "or",
	As:      "{what}, as {who}",
	Connect: "Connect {what}", Remove: "Disconnect",
	Alone: "People sign in to this server with an account that they have elsewhere.",

	New: "One more step", NewHint: "{what} knows you as {who}. No account here is connected to that yet.",
	Make: "I’m new here", Have: "I have an account here",
	HaveHint: "Enter its username and password just this once. From then on, you sign in with {what}.",
	Link:     "Connect and sign in",
	Mine:     "Connect it to your account", MineHint: "From then on, you can sign in to your account {whom} with {what}.",
	LinkMine: "Connect", NotNow: "Not now",

	NoPassword: "You have no password here. Sign in once more where you usually do, to show that it’s you. That counts for ten minutes.",
	Confirm:    "Show that it’s you",

	IsConnected: "Connected. You can sign in with it from now on.", IsRemoved: "Disconnected.", Already: "That account is already connected to yours.",

	Denied:       "{what} did not let you in, or you canceled.",
	Unavailable:  "{what} can’t be reached just now. Please try again later.",
	Failed:       "{what} sent an answer that can’t be used. Please try again; if it happens again, tell whoever runs this server.",
	Late:         "That took too long, or was begun in another browser. Please try again.",
	Taken:        "That account at {what} is connected to another account here.",
	Other:        "That isn’t the {what} account that is connected to yours.",
	TooMany:      "You can connect 10 accounts. Disconnect one first.",
	LastWay:      "Without it, you couldn’t sign in anymore. Set a password first, or connect another account.",
	ConfirmFirst: "Show that it’s you first.",
	PasswordsOff: "This server doesn’t allow signing in with a password or passkey.",
}
