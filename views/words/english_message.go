package words

var englishDetail = Detail{
	Title: "Message", In: "Message in {what}", With: "Message in your room with {who}",
	Reactions: "Reactions", Another: "Other emoji", React: "React",
	Reply: "Reply", YourReply: "Your reply", InRoom: "Reply in the room",
	Edit: "Edit message", Text: "Text",
	EditHint: "It’ll be marked as edited, and others can see earlier versions.", Save: "Save",
	DeleteIt: "Delete message", DeleteHint: "This deletes it for everyone and can’t be undone. A placeholder stays in its place.", Delete: "Delete",
	Later: "Read later", LaterHint: "This message and newer ones from others will be unread again until you open the room.",
	Unread: "Mark unread from here", History: "Edit history", OlderTexts: "Older versions", NewestTexts: "Newest versions",
}

var englishPicture = PhotoForm{
	Photos: "Photos", Choose: "Choose photos",
	DescribeThis: "Describe", Remove: "Remove",
	Unanswered:   "Not sent. Your text and photos are still here. Please send them again.",
	TooLarge:     "Not sent: your photos are too large for a server on the way to this one. They and your text are still here.",
	Refused:      "Not sent: a server on the way to this one refused it ({what}). Your text and photos are still here.",
	DescribeEach: "Describe each photo", LeaveOut: "Remove", Kept: "Still attached: {what}",
	ChooseHint: "Up to 10 photos, 10\u00a0MB each and 11\u00a0MB in total. Location and date are removed.",
	Describe:   "Describe the photo", Sending: "Sending",
	Back: "Back to the message", In: "{which} in {what}", With: "{which} in your room with {who}",
	OfMessage: "Photos in this message", Previous: "Previous photo", Next: "Next photo",
	DescribeIt: "Describe this photo", Shows: "Description", ShowsHint: "For people who can’t see it. Up to 500 characters.",
}

var englishSearch = Search{
	Words: "Search for",
	Hint:  `Finds messages with every word. The last word also matches longer ones; "quotes" match an exact phrase.`,
	Where: "Room", AllRooms: "All rooms", Who: "From", Anybody: "Anyone, or a username",
	Indexing:   "Older messages are still being indexed, so some may be missing. Try again in a few minutes.",
	ExactOnly:  "Too many words start with “{what}”, so only exact matches are shown.",
	Fewer:      "Try fewer words, or just the start of the last one. Accents and capitals don’t matter.",
	Everywhere: "Search all rooms and people", In: "{who} in {what}", To: "{who} to {what}",
	OlderFirst: "Older results", NewestFirst: "Results, newest first",
	NothingYet: "Nothing found yet", NothingOlder: "No older results", Nothing: "Nothing found",
	Search: "Search", SearchOlder: "Search older messages", Older: "Older results",
	NoWord:       "Enter at least one letter or digit.",
	TooManyWords: "That’s too much to search for. Use 10 words at most.",
	BadText:      "Some characters can’t be searched for. Please remove them.",
	TooFast:      "You’re going too fast. Wait a second and search again.",
}

var englishFormatting = Formatting{
	Title: "Formatting", NewTab: "opens in a new tab", Becomes: "What you type and how it looks", GoodToKnow: "Good to know",
	Italic: "*italic* or _italic_", Bold: "**bold**", Code: "`code`", Block: "```\na block of code,\n  spaces and all\n```",
	Quote: "> a quote\nand your reply", List: "- one\n- two", Numbers: "1. first\n2. second", Link: "[the plan](https://example.org)",
	AsTyped:  "Everything else stays as you type it: 2 * 3 * 4, snake_case, a single dash.",
	AtStart:  "Quotes and lists start at the very beginning of a line. A list needs at least two lines.",
	ShowMark: "To show a formatting character itself, put it between backticks.",
	Mentions: "Type @ and a username to mention someone in the room. Their room list will show it.",
}
