package words

var englishDetail = Detail{
	Title: "Message", In: "Message in {what}", With: "Message in the room with {who}",
	Reactions: "Reactions", Another: "Another emoji", React: "React",
	Reply: "Reply", YourReply: "Your reply", InRoom: "Write it in the room",
	Edit: "Change your message", Text: "Its text",
	EditHint: "It is marked as edited, and the others can see what it was before.", Save: "Save",
	DeleteIt: "Delete it", DeleteHint: "The text is gone for everybody and cannot be brought back. A mark stays in its place.", Delete: "Delete",
	Later: "For later", LaterHint: "This message and what others said after it count as unread again, until you open the room.",
	Unread: "Mark unread from here", History: "What it was before",
}

var englishPicture = PhotoForm{
	Photos: "Photos", Choose: "Choose photos",
	DescribeThis: "Describe", Remove: "Remove",
	Unanswered:   "Not sent. Your text and the photos are kept: please send them again.",
	DescribeEach: "Describe each photo", LeaveOut: "Leave it out", Kept: "Kept for you: {what}",
	ChooseHint: "Up to 10, with 10 MB each and 11 MB together. Where and when they were taken is removed.",
	Describe:   "Describe the photo", Sending: "Sending",
	Back: "Back to the message", In: "{which} in {what}", With: "{which} in the room with {who}",
	OfMessage: "Photos of this message", Previous: "Previous photo", Next: "Next photo",
	DescribeIt: "Describe it", Shows: "What it shows", ShowsHint: "For those who cannot see it. Up to 500 characters.",
}

var englishSearch = Search{
	Words: "Words",
	Hint:  `All of them must be there. The last one finds longer words too; words in "quotes" stand side by side.`,
	Where: "Where", AllRooms: "All my rooms", Who: "Who said it", Anybody: "Anybody, or a username",
	Indexing:   "Older messages are still being made ready for searching, so some may be missing here. Try again in a few minutes.",
	ExactOnly:  "Very many words begin with “{what}”, so only the word itself was looked for.",
	Fewer:      "Try fewer words, or only the beginning of the last one. Accents and capital letters make no difference.",
	Everywhere: "Search all rooms and people", In: "{who} in {what}", To: "{who} to {what}",
	OlderFirst: "Older messages", NewestFirst: "Newest messages first",
	NothingYet: "Nothing yet", NothingOlder: "Nothing older", Nothing: "Nothing found",
	Search: "Search", SearchOlder: "Look further back", Older: "Older results",
	NoWord:       "There is no word in that. Type letters or digits.",
	TooManyWords: "That is more than can be looked for at once. Use 10 words at most.",
	BadText:      "The text has characters that cannot be looked for. Please take them out.",
	TooFast:      "That was a little fast. Wait a second and search again.",
}

var englishFormatting = Formatting{
	Title: "Formatting", NewTab: "in a new tab", Becomes: "What you type, and what it becomes", GoodToKnow: "Good to know",
	Italic: "*italic* or _italic_", Bold: "**bold**", Code: "`code`", Block: "```\na block of code,\n  as it is\n```",
	Quote: "> a quote\nand the answer", List: "- one\n- two", Numbers: "1. first\n2. second", Link: "[the plan](https://example.org)",
	AsTyped:  "Everything else stays as you type it: 2 * 3 * 4, snake_case, a single dash.",
	AtStart:  "Quotes and lists begin at the very start of a line. A list has two lines at least.",
	ShowMark: "To show a mark itself, put it between backticks.",
	Mentions: "@ and the username of somebody in the room mentions them: their list of rooms says so.",
}
