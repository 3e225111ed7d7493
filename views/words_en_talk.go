package views

var englishRefusals = RefusalWords{
	Empty:       "There is nothing to send yet. Type a message first.",
	Long:        "That is longer than 4,000 characters. Please send it in parts.",
	BadText:     "The text has characters that cannot be sent. Please take them out.",
	OldPage:     "Your page is out of date. Please send the message again.",
	KeyReused:   "Your page had sent something else before. Please send this again.",
	ReplyGone:   "The message that you reply to is gone. Send it again, and it goes out by itself.",
	BadEmoji:    "That is no emoji. Type a single one.",
	TooFast:     "That was a little fast. Wait a second and send it again.",
	NotNow:      "Not sent yet: the server is busy or restarting. Your text is kept, please send it again.",
	ManyPhotos:  "A message can have up to 10 photos. Please send the others in another one.",
	BadAlt:      "The description of a photo can have up to 500 characters, on one line.",
	ChooseAgain: "Please choose the photos again as well.",
	OurFault:    "That went wrong, and it is our fault. Your text is kept, please send it again.",
	SignedOut:   "Not sent: you are signed out. Your text is kept.",
}
