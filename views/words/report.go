package words

// Reports is for reporting a message, and for the outcome.
type Reports struct {
	Report, Title                string // the entry in a menu, and the heading of the form
	Hint, BlockHint              string
	AuthorSees                   string // its author runs the server alone
	Why, Insult, Threat, Spam    string // reasons
	Illegal, Other               string
	Words, WordsHint, Send       string
	Already, See                 string // Already: this message was reported before
	Yours, Sent, None, NoneHint  string // of the page of one's own reports
	About                        string // {who} wrote the message
	Waiting                      string
	Acted, Warned, Fine, Unclear string // answers
	Older, Newest                string
	News                         func(n int) string // answers to reports that were not seen
	NoReason, LongWords, TooMany string
}

// Reason names a reason.
func (w *Reports) Reason(reason string) string {
	switch reason {
	case "insult":
		return w.Insult
	case "threat":
		return w.Threat
	case "spam":
		return w.Spam
	case "illegal":
		return w.Illegal
	}
	return w.Other
}

// Answer names an answer.
func (w *Reports) Answer(answer string) string {
	switch answer {
	case "acted":
		return w.Acted
	case "warned":
		return w.Warned
	case "fine":
		return w.Fine
	}
	return w.Unclear
}

// Care is for administrators: reports and rooms.
type Care struct {
	Reports, NoReports, All, Open, Closed            string
	FromAbout                                        string             // {who} reports a message by {whom}
	InRoom, Direct                                   string             // {what} is a group; Direct is the room of two friends
	More, First                                      string             // lead to other pages of the list
	Back, Report                                     string             // of one report
	Unanswered                                       func(n int) string // reports that wait for an answer
	Reported                                         string             // comes before the message that was reported
	Evidence, EvidenceHint, Erased                   string             // EvidenceHint: {who} is the reporter
	Gone                                             string             // the message was deleted meanwhile
	TheirWords                                       string             // of the reporter
	Others                                           func(n int) string // who reported the same message
	Decide, Do, Delete, Remove, Ban, Suspend         string             // {who} is the author
	NothingHint                                      string
	Answer, AnswerHint, Words, Close                 string
	ClosedBy                                         string // {who} on {when}
	DidDelete, DidRemove, DidBan, DidSuspend, DidNot string
	NoAnswer, ClosedMeanwhile                        string

	Rooms, FindRoom, NoRooms, MoreMatch string
	NotReading                          string
	Directs                             func(n, entries int) string // rooms of two friends, and the entries in all of them
	Group, OpenRoom                     string                      // kinds of rooms
	Size                                func(n int) string          // entries, and {what} of bytes
	OwnedBy                             string                      // {who}
	IsClosed                            string
	MoreRooms, FirstRooms               string
	BackToRooms                         string
	HandOn, HandOnHint, HandOnButton    string
	CloseRoom, CloseHint                string
	DeleteRoom, DeleteHint, TypeName    string
	WrongName, NotMember                string
	RoomClosed, RoomDeleted, HandedOn   string // what was just done
}
