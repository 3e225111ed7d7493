package words

var englishRefusals = Refusals{
	Empty:       "There is nothing to send yet. Type a message first.",
	Emptied:     "A message cannot be emptied. You can delete it instead, below.",
	Long:        "That is longer than 4,000 characters. Please send it in parts.",
	BadText:     "The text has characters that cannot be sent. Please take them out.",
	OldPage:     "Your page is out of date. Please send the message again.",
	KeyReused:   "Your page had sent something else before. Please send this again.",
	ReplyGone:   "The message that you reply to is gone. Send it again, and it goes out by itself.",
	BadEmoji:    "That is no emoji. Type a single one.",
	ManyEmojis:  "This message has as many different emojis as it can have. Choose one of them.",
	TooFast:     "That was a little fast. Wait a second and send it again.",
	NotNow:      "Not sent yet: the server is busy or restarting. Your text is kept, please send it again.",
	ManyPhotos:  "A message can have up to 10 photos. Please send the others in another one.",
	BadAlt:      "The description of a photo can have up to 500 characters, on one line.",
	ChooseAgain: "Please choose the photos again as well.",
	PhotoGone:   "A photo was kept too long and is gone. Please choose it again.",
	OurFault:    "That went wrong, and it is our fault. Your text is kept, please send it again.",
	SignedOut:   "Not sent: you are signed out. Your text is kept.",
}

var englishRoom = Room{
	InThisRoom: "in this room", Messages: "Messages", Earlier: "Earlier messages",
	Older: "Older messages", Newer: "Newer messages", Newest: "Newest messages",
	ToFirstNew: "Go to the first new message", AllRead: "Mark all as read",
	NoMessages: "It is quiet here.", SayHello: "Say hello: the first message is yours.",
	New: "New", SeenBefore: "Seen before", NothingNew: "Nothing new", WaitMore: "Wait for more",
	Write: "Write a message", BodyLabel: "Your message", Send: "Send",
	InReplyTo: "In reply to", Cancel: "Cancel", TheReply: "the reply",
	Is: "{who} is", Here: "here", HereNow: "{n} here now",
	OneTyping: "{who} is writing…", TwoTyping: "{who} and {whom} are writing…", SeveralTyping: "Several people are writing…",

	WaitForNew: "Wait for new messages", LookForNew: "Look for new messages", Reconnect: "Reconnect",
	PageIs: "This page is", Live: "live", Waiting: "waiting", Plain: "plain",
	Paused: "Paused", PausedWhy: "This page has stopped, because Parley is open in several others.", Continue: "Go on here",
	Lost:           "Connection lost. Reconnect",
	NoLongerMember: "You are not in this conversation any more.", NotMember: "You are not in this conversation, or not any more.",
	YourRooms: "Your rooms", UnsentText: "What you wrote", TryAgain: "Try again",
	SignInFirst: "{what}, then come back here and send it again.",
	NotSentYet:  "Not sent yet", PhotosLost: "The photos are not kept: go back, and send all of it again.", SendAgain: "Send again",
}

var englishMessage = Message{
	Deleted: "Message deleted", Edited: "edited", More: "More", Sent: "Sent",
	ReplyTo: "in reply to", ReplyToEarlier: "In reply to an earlier message",
	Photo: "Photo", NthPhoto: "Photo {n} of {all}", Photos: "{n} photos",

	NowFriends:    "You are friends now.",
	GroupCreated:  "{who} made this room.",
	MemberAdded:   "{who} brought {whom} in.",
	MemberLeft:    "{who} left.",
	MemberRemoved: "{who} put {whom} out.",
	OwnerChanged:  "{who} made {whom} the owner.",
	GroupRenamed:  "{who} called the room {what}.",
	PhotoChanged:  "{who} gave the room a photo.", PhotoRemoved: "{who} took the room’s photo away.",
	Closed: "This conversation has ended.",

	EditedOne:       "{who} changed a message:",
	DescribedOne:    "{who} described a photo:",
	DeletedOne:      "{who} deleted a message.",
	Reacted:         "{who} reacted with {emoji} to “{what}”",
	ReactionRemoved: "{who} took back {emoji} from “{what}”",
}
