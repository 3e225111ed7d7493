package words

// Open is for open rooms: to find, make and change them, and what their logs say.
type Open struct {
	Find, Title, Hint                  string // Find leads to the list from elsewhere
	Query, Search, NoneFound, None     string
	All, Older, Newest                 string // lead to other pages of the list
	LastMessage                        string // {when} the newest message came
	Join, In, Whom                     string // Whom follows a button, for screen readers
	New, NewHint, Name, Create         string
	OnlyYou                            string // in an empty room
	About, AboutHint                   string
	Settings, Photo, FindMember        string
	NoSuchMember, AllMembers           string
	Add, AddHint, AllIn, Leave         string
	LastLeaves, OwnerLeaves            string
	MemberLeaves                       string
	Kind, KindHint, GroupKindHint      string // before the link to the page that changes it
	ToOpen, ToOpenWho, ToOpenAll       string // the page that opens a group
	ToOpenMessages, ToOpenIt           string
	ToGroup, ToGroupWho, ToGroupAll    string // the page that makes a group of an open room
	ToGroupMessages, ToGroupIt, Cancel string
	Default, DefaultHint, MakeDefault  string
	EndDefault                         string
	DefaultOn, DefaultOff              string // in the log of administrators; {what} is the number of a room

	// Problems.
	OnlyAdmins, BadAbout, TooManyForGroup, TooManyJoins, TooManyDefaults string

	// Entries of a room's log, where {whom} joined second and ManyJoined has the number of others.
	Created                                         string
	Joined, TwoJoined                               string
	ManyJoined                                      func(n int) string
	AboutChanged, AboutRemoved, MadeOpen, MadeGroup string
}
