package words

import "strconv"

var englishReports = Reports{
	Report: "Report message", Title: "Report a message",
	Hint:       "Administrators will see this message, up to five before and after it as you see them, and your name. They can’t read anything else in this room.",
	BlockHint:  "If you also want to block this person, send the report first.",
	AuthorSees: "The person you’re reporting runs this server, and will see this report with your name.",
	Why:        "What’s wrong with it?", Insult: "Insults or harassment", Threat: "Threats or violence", Spam: "Spam or fraud",
	Illegal: "Sexual or illegal content", Other: "Something else",
	Words: "Anything to add?", WordsHint: "Optional. Up to 1,000 characters.", Send: "Send report",
	Already: "You’ve reported this message.", See: "Your reports",
	Yours: "Your reports", Sent: "Report sent. You’ll find the answer here.",
	None: "You haven’t reported anything.", NoneHint: "To report a message, open its menu.",
	About: "Message by {who}", Waiting: "Waiting for an answer",
	Acted:   "We’ve acted on it. Thank you.",
	Warned:  "We’ve spoken to the author.",
	Fine:    "We’ve looked at it. It doesn’t break the rules here.",
	Unclear: "We’ve looked at it, but couldn’t tell what’s wrong.",
	Older:   "Older reports", Newest: "Newest reports",
	News: func(n int) string {
		return strconv.Itoa(n) + plural(n, " answer to your report", " answers to your reports")
	},

	NoReason: "Choose what’s wrong.", LongWords: "That’s too long. Use at most 1,000 characters.",
	TooMany: "You’ve sent 20 reports today. Try again tomorrow.",
}

var englishCare = Care{
	Reports: "Reports", NoReports: "There are no reports.", All: "All", Open: "Open", Closed: "Closed",
	FromAbout: "{who} about a message by {whom}", InRoom: "in {what}", Direct: "in a room of two friends",
	More: "More reports", First: "First reports",
	Back: "All reports", Report: "Report",
	Unanswered: func(n int) string {
		return strconv.Itoa(n) + plural(n, " report is waiting for an answer", " reports are waiting for an answer")
	},
	Reported: "Reported:",
	Evidence: "What was reported", EvidenceHint: "This is what {who} saw then. It stays here even if it’s changed or deleted.",
	Erased:     "The messages were erased from this report 30 days after it was closed.",
	Gone:       "The message has been deleted since.",
	TheirWords: "What {who} wrote",
	Others: func(n int) string {
		return strconv.Itoa(n) + plural(n, " more person has reported this message, and gets the same answer.", " more people have reported this message, and get the same answer.")
	},
	Decide: "Decision", Do: "What should happen?", Delete: "Delete the message", Remove: "Remove {who} from the room", Ban: "Ban {who} from the room", Suspend: "Suspend {who}",
	NothingHint: "Choose nothing to dismiss the report.",
	Answer:      "Answer", AnswerHint: "Whoever reported it sees this answer, but not what you did.", Words: "Anything to add?", Close: "Close report",
	ClosedBy:  "Closed by {who}, {when}",
	DidDelete: "The message was deleted.", DidRemove: "The author was removed from the room.", DidBan: "The author was banned from the room.", DidSuspend: "The author was suspended.", DidNot: "No other action was taken.",
	NoAnswer: "Choose an answer.", ClosedMeanwhile: "Somebody else has closed this report. Your decision wasn’t saved.",

	Rooms: "Rooms", FindRoom: "Find a room by name", NoRooms: "No rooms found.", MoreMatch: "More rooms match. Use more words to find them.",
	NotReading: "You see the name and size of a room, but not what’s said in it.",
	Directs: func(n, entries int) string {
		return strconv.Itoa(n) + plural(n, " room of two friends", " rooms of two friends") + " with " + strconv.Itoa(entries) + plural(entries, " entry", " entries") + " in all. They’re private, and not listed."
	},
	Group: "Group", OpenRoom: "Open room",
	Size: func(n int) string { return strconv.Itoa(n) + plural(n, " entry", " entries") + ", about {what}" }, OwnedBy: "Owner: {who}", IsClosed: "Closed",
	MoreRooms: "More rooms", FirstRooms: "First rooms", BackToRooms: "All rooms",
	HandOn: "New owner", HandOnHint: "A member of the room becomes its owner.", HandOnButton: "Make owner",
	CloseRoom: "Close room", CloseHint: "Everybody leaves, and nobody can come back. Messages stay in the database until you delete the room. This can’t be undone.",
	DeleteRoom: "Delete room", DeleteHint: "Everybody leaves, and all messages and photos are erased, except what was reported. This can’t be undone.",
	TypeName:  "Type the room’s name to confirm",
	WrongName: "That’s not the name of this room.", NotMember: "Nobody with that username is in this room.",
	RoomClosed: "The room is closed.", RoomDeleted: "The room is deleted. Its messages will be erased in a few minutes.", HandedOn: "The room has a new owner.",
}
