package words

var englishSecondFactor = SecondFactor{
	Title: "Two-step sign-in",
	Why:   "Sign in with your password and a code from an app on your phone. Then nobody gets in who only knows your password.",
	Since: "Two-step sign-in has been on since {what}.", Manage: "Set up or change",
	Required: "Administrators of this server must use two-step sign-in. Set it up here to go on.",
	App:      "Codes from an app",
	AppHint:  "You need an app for one-time codes, such as Aegis, FreeOTP+ or 2FAS. Many password managers can do it, too.",
	Begin:    "Set up an app",
	Scan:     "1. Scan this picture with the app.", QR: "QR code for the app",
	Key: "Or type this key into it:", Open: "Or open it in an app on this device",
	Code: "One-time code", CodeHint: "2. Enter the six digits that the app shows. You’ll be signed out of all other browsers.",
	TurnOn:    "Turn on",
	TurnedOn:  "Two-step sign-in is on. Make sure to have recovery codes as well, in case you lose your phone.",
	TurnedOff: "Two-step sign-in is off.",
	TurnOff:   "Turn off", TurnOffHint: "From your app, or a recovery code.",

	Enter: "Enter your code", EnterHint: "Your password is right. Open the app on your phone, and enter the code that it shows.",
	AnyCode: "Six digits from your app, or a recovery code.", Other: "Use another account",

	WrongCode:    "That code is wrong or was used before. Wait for the next one. If none works, check the clock of your phone.",
	TooManyCodes: "Too many wrong codes. Wait 15 minutes, then try again.",
	Late:         "That took too long. Please sign in again.",
	SetupLate:    "That took too long. Please start again.",
	Already:      "Two-step sign-in is already on.",
}

var englishPasskeys = Passkeys{
	Title: "Passkeys",
	Why:   "Sign in with your fingerprint, your face, a PIN or a security key. It’s quicker than a password, and nobody can trick you out of it.",
	None:  "You don’t have any passkeys yet.",
	Added: "Added {what}", Used: "last used {what}",
	Name: "Name", NameHint: "For example the device that it’s on.", Add: "Add a passkey",
	Rename: "Rename", Remove: "Remove",
	New: "Add a passkey", NewHint: "Your browser will ask you where to keep the passkey.", Make: "Create passkey",
	SignIn: "Sign in with a passkey", UseHint: "Your browser will ask you which passkey to use.", Use: "Use a passkey",
	NeedsScripts: "Passkeys need JavaScript, which is off in this browser. Everything else works without.",
	NeedsHTTPS:   "Passkeys only work where this server has a name and an https address.",
	NoSupport:    "This browser doesn’t support passkeys.",
	IsAdded:      "Passkey added. You can sign in with it from now on.", IsRemoved: "Passkey removed.",
	Remain:   "Your new password is set. These passkeys still work: remove any you don’t recognize.",
	Canceled: "That was canceled, or took too long. Try again when you’re ready.",
	Refused:  "That passkey doesn’t work here. It may have been removed.",
	TooMany:  "You can have 10 passkeys. Remove one first.",
	Late:     "That took too long. Please try again.",
	InUse:    "That passkey is already in use.",
}
