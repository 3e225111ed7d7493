package words

import "strconv"

// Room is for an open room and its composer.
type Room struct {
	InThisRoom                                             string // follows "Search"
	Messages, Earlier                                      string // labels of the list
	Older, Newer, Newest, ToFirstNew, NewAbove, AllRead    string // NewAbove has their number
	NoMessages, SayHello, OnlyYou                          string
	GoToDay, Day, Go, BadDay, NoneOnDay, NoneSince, ToCome string // a jump to a day
	New, NothingNew, SeenBefore, WaitMore                  string
	Write, BodyLabel, Send, InReplyTo                      string
	Cancel, TheReply                                       string
	Edit                                                   string // a message that was not sent
	Emoji, SearchEmoji, Suggestions                        string // buttons and labels of the script
	NoSuggestions, OneSuggestion, SeveralSuggestions       string // for the ear
	Is, Here, HereNow, OneTyping, TwoTyping, SeveralTyping string

	// Without JavaScript.
	HowItWorks, WaitForNew, LookForNew, Reconnect string
	PageIs, Live, Waiting, Plain                  string
	Lost, NoLongerMember, NotMember, YourRooms    string
	Paused, PausedWhy, Continue                   string // because too many pages are open
	UnsentText, TryAgain, SignInFirst             string
	NotSentYet, PhotosLost, SendAgain             string
	SentLater                                     string // with scripts, which send it again by themselves
}

// Message is for the entries of a room.
type Message struct {
	Expired, KeptAsServer                                string
	KeptFor                                              func(days int) string // {who} decided it
	Actions                                              string                // {when} is a time of day
	Deleted, Edited, More, Sent, ReplyTo, ReplyToEarlier string
	Photo, NthPhoto, Photos                              string

	// Events in the room.
	NowFriends, GroupCreated, MemberAdded, MemberLeft, MemberRemoved, OwnerChanged, GroupRenamed, PhotoChanged, PhotoRemoved, Closed string

	// Changes to a message, on pages that cannot update it in place.
	EditedOne, DescribedOne, DeletedOne, Reacted, ReactionRemoved string
}

// Refusals explains why a message, or a change to one, was refused.
type Refusals struct {
	Empty, Long, BadText, OldPage, KeyReused, ReplyGone, BadEmoji, ManyEmojis, TooFast, NotNow string
	ManyPhotos, BadAlt, ChooseAgain, PhotoGone                                                 string
	Emptied, OurFault, SignedOut                                                               string
	ManyEdits, ManyReactions, ManyOwn, ManyAlts                                                string // ManyOwn: reactions
}

// Photos stands for photos where only text can be shown; "" if there are none.
func (w *Catalog) Photos(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return w.Message.Photo
	}
	return Fill(w.Message.Photos, "{n}", strconv.Itoa(n))
}

// NthPhoto names a photo by its position in a message.
func (w *Catalog) NthPhoto(n, all int) string {
	if all == 1 {
		return w.Message.Photo
	}
	return Fill(w.Message.NthPhoto, "{n}", strconv.Itoa(n), "{all}", strconv.Itoa(all))
}
