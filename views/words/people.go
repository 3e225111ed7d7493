package words

// Friends is for friends, and for those who might become some.
type Friends struct {
	Ask, AskButton, AskHint                 string
	Incoming, Yours, Outgoing, Blocked      string // headings of lists
	None, NoneHint                          string
	Accept, Decline, Cancel, Unblock        string
	Remove, RemoveHint, Block, BlockHint    string
	Message, More                           string
	Whom, RequestOf, RequestTo              string // said aloud after a button: whom it is about
	MessageTo, MoreAbout                    string
	Sent, NowFriends, Declined, Canceled    string // what was done just now
	Removed, BlockedNow, Unblocked          string
	NoSuchUser, Self, Already, Blocking     string // why nobody can be asked
	TooManyPending, TooManyToday, NoRequest string
}

// Person is for the page of a person, by how the two stand.
type Person struct {
	You, Change, Friends, Write, RequestSent, RequestReceived, Blocked, NotYet, Ask, All string
}

// Profile is for one's own page.
type Profile struct {
	About, UsernameIs, SeeOthers                   string
	Name, NameHint, Zone, ZoneHint                 string
	Language, ByBrowser                            string
	Photo, PhotoHint, Save, RemovePhoto            string
	Password, YourUsername, Current                string
	NewPassword, NewPasswordHint, SetPassword      string
	Sessions, ThisBrowser, SignOut                 string
	Browser, SomeBrowser, UnknownSystem            string // {who} on {what}
	Presence, ShowOnline, ShowTyping, PresenceHint string
	NoScripts, HowRooms, AsLive, AsWait            string
	AsPlain, NoSuchMode, SaveMode                  string
	OnPlain, NewestLast, NewestFirst               string
	Saved                                          string
	NoName, NameBroken, NameInvisible              string // what is wrong
	NameAccents, NameLong, NoSuchZone              string
	NoSuchLanguage, WrongPassword                  string
	NotImage, TooLarge, TooManyPixels              string
	TooManyPhotos, PhotosBusy                      string
}

// Group is for rooms of several people.
type Group struct {
	New, RoomName, Who, NoFriends, AskSomebody, Create        string
	Back, Members, Name, Rename                               string
	Leave, LeaveButton, LastLeaves, OwnerLeaves, MemberLeaves string
	Owner, OwnerHint, MakeOwner, RemoveHint, Remove           string
	Add, AddHint, AllIn, AskElse, AddButton                   string
	Count                                                     func(n int) string // of members
	HereNow                                                   string
	Notifications, Photo, SavePhoto                           string
	BadName, NotFriend, AlreadyIn, Full, TooFast              string
}

// Rooms is for the list of rooms, and for its quiet ones.
type Rooms struct {
	None, NoneHint, AskFriend       string
	NoMessages, You                 string // what was said last
	Unread, Mentioned, Muted        string
	Choose, First                   string // beside the list, while no room is open
	IsMuted, Unmute, MuteHint, Mute string
}
