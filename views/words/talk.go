package words

import "strconv"

// Room is for an open room and its composer.
type Room struct {
	InThisRoom                                             string // after "Search"
	Messages, Earlier                                      string // what the list is
	Older, Newer, Newest, ToFirstNew, AllRead              string
	NoMessages, SayHello                                   string
	New, NothingNew, SeenBefore, WaitMore                  string
	Write, BodyLabel, Send, InReplyTo                      string
	Cancel, TheReply                                       string
	Is, Here, HereNow, OneTyping, TwoTyping, SeveralTyping string

	// Without scripts.
	WaitForNew, LookForNew, Reconnect, PageIs, Live, Waiting, Plain string
	Lost, NoLongerMember, NotMember, YourRooms                      string
	Paused, PausedWhy, Continue                                     string // too many pages are open
	UnsentText, TryAgain, SignInFirst                               string
	NotSentYet, PhotosLost, SendAgain                               string
}

// Message is for the entries of a room.
type Message struct {
	Deleted, Edited, More, Sent, ReplyTo, ReplyToEarlier string
	Photo, NthPhoto, Photos                              string

	// What happened in the room.
	NowFriends, GroupCreated, MemberAdded, MemberLeft, MemberRemoved, OwnerChanged, GroupRenamed, PhotoChanged, PhotoRemoved, Closed string

	// What happened to a message, where it cannot be shown in its place.
	EditedOne, DescribedOne, DeletedOne, Reacted, ReactionRemoved string
}

// Refusals says why a message, or a change of one, was not taken.
type Refusals struct {
	Empty, Long, BadText, OldPage, KeyReused, ReplyGone, BadEmoji, ManyEmojis, TooFast, NotNow string
	ManyPhotos, BadAlt, ChooseAgain, PhotoGone                                                 string
	Emptied, OurFault, SignedOut                                                               string
}

// Photos counts photos, where there is no place for them or nothing else was said; "" is none.
func (w *Catalog) Photos(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return w.Message.Photo
	}
	return Fill(w.Message.Photos, "{n}", strconv.Itoa(n))
}

// NthPhoto says which photo of a message it is, where there are several.
func (w *Catalog) NthPhoto(n, all int) string {
	if all == 1 {
		return w.Message.Photo
	}
	return Fill(w.Message.NthPhoto, "{n}", strconv.Itoa(n), "{all}", strconv.Itoa(all))
}
