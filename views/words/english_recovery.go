package words

import "strconv"

var englishRecovery = Recovery{
	Forgot: "Forgot your password?", ForgotHint: "Each of these lets you set a new password. You’ll be signed out everywhere else.",
	ByCode: "With a recovery code", ByCodeHint: "One of the ten codes that you made in your profile.",
	ByMail: "By email", ByMailHint: "If the account has a confirmed email address, we’ll send a link to it.",
	NoMail:   "This server doesn’t send email.",
	SendLink: "Send a link", Sent: "If this account has a confirmed email address, a link is on its way to it. It works once, within an hour.",
	ByAdmin: "With an administrator’s help", ByAdminHint: "Ask whoever runs this server. They can give you a link that sets a new password.",
	BackToSignIn: "Back to sign-in",

	UseCode: "Use a recovery code", Code: "Recovery code", CodeHint: "16 letters and digits. Dashes and spaces don’t matter.",
	NewPassword: "New password", PasswordHint: "At least 10 characters. You’ll be signed out everywhere else.", SetNew: "Set new password",
	WrongCode: "Wrong username or recovery code.", TooMany: "Too many attempts. Wait a while, then try again.",
	Reset: "Set a new password", For: "For the account {who}.",
	Dead: "This link doesn’t work", DeadHint: "It may be mistyped, used already, replaced by a newer one, or too old.",

	Codes: "Recovery codes", CodesHint: "Each code works once: to set a new password, or in place of a code from your app. Keep them somewhere safe outside of Parley.",
	NoCodes:   "You don’t have any codes.",
	CodesLeft: func(n int) string { return "You have " + strconv.Itoa(n) + " " + plural(n, "code", "codes") + " left." },
	MakeCodes: "Make ten new codes", MakeHint: "Codes that you made earlier stop working.",
	YourCodes: "Your recovery codes", CodesOnce: "Write them down or print them now. They won’t be shown again.", Back: "Back to your profile",
	Address: "Email address", AddressHint: "Only for a link when you’ve forgotten your password. Nobody can see it.", AddressIs: "Your address is {what}.",
	AddressNoMail: "This server doesn’t send email, so make recovery codes.", AddressSent: "We’ve sent a link to {what}. Open it within a day to confirm the address.",
	SaveAddress: "Confirm this address", RemoveAddress: "Remove address",
	BadAddress: "Enter an email address, such as ann@example.org.", MailBusy: "Too many emails are waiting to be sent. Try again in a few minutes.",
	Confirm: "Confirm your email address", ConfirmHint: "{what} will be the address of the account {who}.", ConfirmNow: "Confirm",
	Confirmed: "Your address is confirmed.",

	Notices: map[string]string{
		"code":       "Your password was changed with a recovery code on {what}. All other browsers were signed out.",
		"link":       "Your password was changed with an administrator’s link on {what}. All other browsers were signed out.",
		"mail":       "Your password was changed with a link by email on {what}. All other browsers were signed out.",
		"address":    "Your email address was changed on {what}.",
		"onestep":    "Two-step sign-in was turned off for you on {what}, by whoever runs this server.",
		"noaddress":  "Your email address was removed on {what}.",
		"appon":      "On {what}, two-step sign-in was turned on.",
		"appoff":     "On {what}, two-step sign-in was turned off.",
		"keyadded":   "A passkey was added to your account on {what}.",
		"keyremoved": "A passkey was removed from your account on {what}.",
		"idadded":    "An account elsewhere was connected to yours on {what}, and can now be used to sign in.",
		"idremoved":  "An account elsewhere was disconnected from yours on {what}.",
		"codesmade":  "New recovery codes for your account were made on {what}.",
	},
	NotYou:  "If that wasn’t you, change your password and look through your passkeys now, and tell whoever runs this server.",
	Dismiss: "Got it",

	MakeLink: "Create a password link", MakeLinkHint: "Creates a link with which they set a new password. It’s shown once, and an earlier one stops working.",
	ForPerson: "Password link for {who}", GiveLink: "Give this link to {who} in a way that you trust. It sets a new password once, works for 24 hours, and won’t be shown again.",
	LinkGone: "This link has been shown already. Create a new one if it got lost.",
}

var englishDevice = Device{
	Title: "Sign in on another device", Hint: "Shows a link that signs your phone in without your password.", Start: "Show the link",
	Scan:  "Scan this with your other device, or open the link there. It works once, within five minutes.",
	Image: "QR code of the link below", Link: "Link for the other device", Waiting: "Waiting for your other device…",
	Asks: "A device wants to sign in: {who}", Compare: "It shows a number. Confirm only if that’s {n}.",
	Let: "Confirm", Refuse: "Refuse",
	In: "Confirmed. Your other device is signing in.", Over: "The link has been used or has expired.", Again: "Show a new link", Look: "Check again",
	As: "Sign in as {who}?", AsHint: "You’ll have to confirm on the device that shows the link.", Ask: "Sign in on this device",
	Wait: "Confirm on your other device", WaitHint: "It has to show the number {n}. This page signs in by itself.",
	NotIn: "This device isn’t signed in", NotInHint: "It was refused, or that took too long. Get a new link on your other device.",
}

var englishMail = Mail{
	ResetSubject: "Set a new password", ResetBody: "Somebody, probably you, has asked to set a new password for the account {who}.\n\nThis link sets a new password. It works once, within an hour:\n\n{what}\n\nIf it wasn’t you, you don’t have to do anything.",
	ConfirmSubject: "Confirm your email address", ConfirmBody: "Somebody wants to use this address for the account {who}, for links when the password is forgotten.\n\nThis link confirms it. It works once, within a day:\n\n{what}\n\nIf that’s not your account, you don’t have to do anything.",
	ChangedSubject: "Your password was changed",
	AccountSubject: "Your account was changed",
	OtherSubject:   "Your email address was changed", OtherBody: "The account {who} now uses a different address.",
	Footer: "Sent by Parley at {what}",
}
