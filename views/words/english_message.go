package words

import "strconv"

var englishDetail = Detail{
	Editing: "Editing message", TheEdit: "edit",
	Gone:     "This message was deleted, or you’re no longer in this room.",
	CopyLink: "Copy link", Copied: "Link copied", LinkTo: "Link to this message", Person: "View profile",
	Title: "Message", In: "Message in {what}", With: "Message in your room with {who}",
	Reactions: "Reactions", Another: "Other emoji", React: "React",
	Reply: "Reply",
	Edit:  "Edit message", Text: "Text",
	EditHint: "Others will see that it was edited, and the earlier versions.", Save: "Save",
	DeleteIt: "Delete message", DeleteHint: "Deleted for everyone. This can’t be undone.", Delete: "Delete",
	LaterHint: "This message and newer ones will be unread until you open the room again.",
	Unread:    "Mark as unread", History: "Edit history", OlderTexts: "Older versions", NewestTexts: "Newest versions",
}

var englishPicture = PhotoForm{
	Photos: "Photos", Choose: "Choose photos",
	DescribeThis: "Alt text for", Alt: "ALT", Remove: "Remove",
	Many: "Up to 10 photos at a time.", Heavy: "Together, these photos are too large (max. 11\u00a0MB).",
	BadType:      "{what}: Unsupported file. Use JPEG, PNG, GIF or WebP.",
	Big:          "{what} is too large (max. 10\u00a0MB).",
	Unanswered:   "Not sent. Your text and photos are still here. Please send them again.",
	TooLarge:     "Not sent: your photos are too large for a server on the way to this one. They and your text are still here.",
	Refused:      "Not sent: a server on the way to this one refused it ({what}). Your text and photos are still here.",
	DescribeEach: "Describe each photo", LeaveOut: "Remove", Kept: "Still attached: {what}",
	ChooseHint: "Up to 10 photos, 10\u00a0MB each and 11\u00a0MB in total. Location and date are removed.",
	Describe:   "Describe the photo", Sending: "Sending",
	Back: "Back", In: "{which} in {what}", With: "{which} in your room with {who}",
	OfMessage: "Photos in this message", Previous: "Previous photo", Next: "Next photo",
	DescribeIt: "Describe this photo", Shows: "Description", ShowsHint: "For people who can’t see it. Up to 500 characters.",
}

var englishSearch = Search{
	Words: "Search messages",
	Hint:  `Finds messages with every word. The last word also matches longer ones; "quotes" match an exact phrase.`,
	Where: "Room", AllRooms: "All rooms", Who: "From", Anybody: "Anyone, or a username",
	Indexing:   "Older messages are still being indexed, so some may be missing. Try again in a few minutes.",
	ExactOnly:  "Too many words start with “{what}”, so only exact matches are shown.",
	Fewer:      "Try fewer or shorter words.",
	Everywhere: "Search all rooms and people", In: "{who} in {what}", To: "{who} to {what}",
	OlderFirst: "Older results", NewestFirst: "Results, newest first",
	NothingYet: "Nothing found yet", NothingOlder: "No older results", Nothing: "Nothing found",
	Filters: "Filters", Count: func(n int) string { return strconv.Itoa(n) + " " + plural(n, "result", "results") },
	Search: "Search", SearchOlder: "Search older messages", Older: "Older results",
	NoWord:       "Enter at least one letter or digit.",
	TooManyWords: "That’s too much to search for. Use 10 words at most.",
	BadText:      "Some characters can’t be searched for. Please remove them.",
	TooFast:      "You’re going too fast. Wait a second and search again.",
}

var englishFormatting = Formatting{
	Title: "Formatting", NewTab: "opens in a new tab", Becomes: "You type / You get", GoodToKnow: "Good to know",
	Italic: "*italic* or _italic_", Bold: "**bold**", Code: "`code`", Block: "```\na block of code,\n  spaces and all\n```",
	Quote: "> a quote\nand your reply", List: "- one\n- two", Numbers: "1. first\n2. second", Link: "[the plan](https://example.org)",
	AsTyped:  "Everything else stays as you type it: 2 * 3 * 4, snake_case, a single dash.",
	AtStart:  "Quotes and lists start at the very beginning of a line. A list needs at least two lines.",
	ShowMark: "To show a formatting character itself, put it between backticks.",
	Mentions: "Type @ and a username to mention someone in the room. Their room list will show it.",
}

var englishKeys = Keys{
	Title: "Keyboard shortcuts", Anywhere: "Anywhere", InMessages: "In the messages", InComposer: "While writing",
	Jump: "Jump to a room or person", Help: "Show this page", Close: "Close what is open",
	Move: "Move through messages", Ends: "First and last message",
	Send: "Send", NewLine: "New line", EditLast: "Edit my last message (in an empty box)",
	Complete: "Mention someone", CompleteEmoji: "Insert an emoji by name",
	Enter: "Enter", Shift: "Shift", HomeEnd: "Home, End", Ctrl: "Ctrl", Esc: "Esc",
	NeedsScripts: "Shortcuts need JavaScript.",
}
