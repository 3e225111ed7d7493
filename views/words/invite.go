package words

// Invite is for invitations: making them, and accepting one.
type Invite struct {
	Title, Intro               string
	Make                       string // heading of the form
	Uses, UsesHint             string
	Days, DaysHint             string
	Rooms, RoomsHint           string
	ServerWide, MakeButton     string
	Ready, ReadyHint, Picture  string // the new link, and what its QR code is called aloud
	Copy, Copied, Share        string // buttons that a script adds
	Mine, None                 string
	All, NoneAtAll             string // those of everybody, for administrators
	Used                       func(used, uses int) string
	Until, Into                string // {what}: a date; names of rooms
	Revoked, UsedUp, Expired   string // why a link leads nowhere
	Revoke                     string
	Older, Newest              string // lead to other pages of the list
	Closed, AdminsOnly         string // why nobody, or not everybody, can invite
	BadUses, BadDays, BadRooms string // problems
	TooMany                    string
	Somebody, NotHere          string // on the friends page, without friends and with some
	Invitation, By             string // {who} invites to {what}, the server
	Friends, Members           string // what accepting brings: {who}; before the names of rooms
	Accept, Own                string
	Gone                       Sentences
	TooOften                   string
	Missed                     func(n int) string // rooms that took nobody any more
	Needed                     string             // at sign-up, where only invited people can
}
