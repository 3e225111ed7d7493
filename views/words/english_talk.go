package words

import "strconv"

var englishRefusals = Refusals{
	Empty:         "Nothing to send yet. Write a message first.",
	Emptied:       "A message can’t be empty. You can delete it instead.",
	Long:          "Too long: 4,000 characters at most.",
	BadText:       "Line {line}, character {n}: {what} can’t be sent. Please remove it.",
	ManyEdits:     "This message has been edited 100 times, and that’s the limit. Please send a new one.",
	ManyReactions: "That’s as many reactions as this message can take.",
	ManyOwn:       "You’ve changed your reactions to this message as often as you can.",
	ManyAlts:      "The photos in this message have been described 100 times, and that’s the limit.",
	OldPage:       "This page is out of date. Please send the message again.",
	KeyReused:     "This page already sent a different message. Please send this one again.",
	ReplyGone:     "The message you’re replying to is gone. Send again to post yours without the reply.",
	BadEmoji:      "Enter a single emoji.",
	ManyEmojis:    "This message has too many different emoji. Choose one that’s already there.",
	TooFast:       "You’re going too fast. Wait a second and send it again.",
	NotNow:        "Not sent yet: the server is busy or restarting. Your text is still here, so try again in a moment.",
	ManyPhotos:    "A message can have up to 10 photos. Please send the rest in another one.",
	BadAlt:        "A description can have up to 500 characters, on one line.",
	ChooseAgain:   "Please choose the photos again, too.",
	PhotoGone:     "A photo has expired. Please choose it again.",
	OurFault:      "Something went wrong on our side. Your text is still here. Please send it again.",
	SignedOut:     "Not sent: you’re signed out. Your text is still here.",
}

var englishRoom = Room{
	InThisRoom: "in this room", Messages: "Messages", Earlier: "Earlier messages",
	Older: "Older messages", Newer: "Newer messages", Newest: "Newest messages",
	ToFirstNew: "Jump to first unread", NewAbove: "{n} new", AllRead: "Mark all as read",
	GoToDay: "Go to a date", Day: "Date", Go: "Go",
	BadDay:     "That’s not a date. Write it like 2026-11-28.",
	NoneOnDay:  "No messages on {day}. Here are the next ones.",
	NoneSince:  "No messages on {day} or later. Here are the newest ones.",
	ToCome:     "{day} is still to come. Here are the newest messages.",
	NoMessages: "No messages yet", SayHello: "Send the first message.", OnlyYou: "It’s just you here so far.",
	New: "New", SeenBefore: "Earlier", NothingNew: "Nothing new", WaitMore: "Wait for more",
	Write: "Write a message", BodyLabel: "Your message", Send: "Send",
	InReplyTo: "Replying to", Cancel: "Cancel", TheReply: "reply",
	Edit: "Edit", Emoji: "Emoji", SearchEmoji: "Search emoji", Suggestions: "Suggestions",
	NoSuggestions: "No suggestions", OneSuggestion: "1 suggestion", SeveralSuggestions: "{n} suggestions",
	Is: "{who} is", Here: "online", HereNow: "{n} online",
	OneTyping: "{who} is typing…", TwoTyping: "{who} and {whom} are typing…", SeveralTyping: "Several people are typing…",

	HowItWorks: "How this page works",
	WaitForNew: "Wait for new messages", LookForNew: "Check for new messages", Reconnect: "Reconnect",
	PageIs: "Updates:", Live: "live", Waiting: "waiting", Plain: "off",
	Paused: "Paused", PausedWhy: "This page is paused because Parley is open in too many tabs.", Continue: "Continue here",
	Lost:           "Connection lost. Reconnect",
	NoLongerMember: "You’re no longer in this room.", NotMember: "You don’t have access to this room.",
	YourRooms: "Your rooms", UnsentText: "Your unsent message", TryAgain: "Try again",
	SignInFirst: "{what}, then come back here and send it again.",
	NotSentYet:  "Not sent yet", PhotosLost: "Your photos weren’t saved. Go back and send everything again.", SendAgain: "Send again",
	SentLater: "Not sent yet. It goes out by itself in a moment.",
}

var englishMessage = Message{
	Actions: "Actions for {who}’s message, {when}",
	Expired: "This message was erased because of its age.", KeptAsServer: "{who} set messages to be kept as the server decides.",
	KeptFor: func(days int) string {
		return "{who} set messages to be erased after " + strconv.Itoa(days) + " " + plural(days, "day", "days") + "."
	},
	Deleted: "Message deleted", Edited: "edited", More: "Actions", Sent: "Sent",
	ReplyTo: "in reply to", ReplyToEarlier: "In reply to an earlier message",
	Photo: "Photo", NthPhoto: "Photo {n} of {all}", Photos: "{n} photos",

	NowFriends:    "You’re now friends. Say hello!",
	GroupCreated:  "{who} created this group.",
	MemberAdded:   "{who} added {whom}.",
	MemberLeft:    "{who} left.",
	MemberRemoved: "{who} removed {whom}.",
	OwnerChanged:  "{who} made {whom} the owner.",
	GroupRenamed:  "{who} renamed the room to {what}.",
	PhotoChanged:  "{who} changed the room photo.", PhotoRemoved: "{who} removed the room photo.",
	Closed: "This room is closed.",

	EditedOne:       "{who} edited a message:",
	DescribedOne:    "{who} described a photo:",
	DeletedOne:      "{who} deleted a message.",
	Reacted:         "{who} reacted with {emoji} to “{what}”",
	ReactionRemoved: "{who} removed their {emoji} from “{what}”",
}
