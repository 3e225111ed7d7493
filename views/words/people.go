package words

// Friends is for the friends page.
type Friends struct {
	Ask, AskButton, AskHint                 string
	Incoming, Yours, Outgoing, Blocked      string // headings
	None, NoneHint                          string
	Accept, Decline, Cancel, Unblock        string
	Remove, RemoveHint, Block, BlockHint    string
	Message, More, ViewProfile              string
	Whom, RequestOf, RequestTo              string // follow a button's label, for screen readers
	MoreAbout                               string
	Sent, NowFriends, Declined, Canceled    string // what was just done
	Removed, BlockedNow, Unblocked          string
	NoSuchUser, Self, Already, Blocking     string // why a request can't be sent
	TooManyPending, TooManyToday, NoRequest string
	TooManyNames, TooManyUnblocks           string
	MoreFriends, MoreIncoming, MoreBlocked  string // lead to the next page of a list
	Back                                    string // leads from there to the first page of all
}

// Person is for somebody's profile, by relationship to the viewer.
type Person struct {
	You, Change, Friends, Write, RequestSent, RequestReceived, Blocked, NotYet, Ask, All string
}

// Profile is for one's own profile and settings.
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
	NoScripts, HowRooms, AsLive, AsLiveHint        string
	AsWait                                         string
	AsPlain, NoSuchMode, SaveMode                  string
	OnPlain, NewestLast, NewestFirst               string
	Saved                                          string
	NoName, NameBroken, NameInvisible              string // problems; NameInvisible like NameAccents
	NameAccents, NameLoose                         string // {n}: which character, {what}: the character
	NameLong, TooManyRenames, NoSuchZone           string
	NoSuchLanguage, WrongPassword                  string
	TooLargeHere                                   string // {what} is a size
	NotImage, PhotoDamaged, PhotoComplex           string
	TooLarge, TooManyPixels, SideTooLong           string
	TooManyWhole, TooManyDeep, TooManyPhotos       string
	PhotosBusy, PhotoTooSlow                       string
}

// Group is for creating and managing groups.
type Group struct {
	KeepDays, KeepHint, KeepSave, BadDays                     string // how long a room keeps its messages
	KeepServer                                                func(days int) string
	Settings, ByAdmins                                        string // ByAdmins: nobody else can create one
	New, RoomName, Who, NoFriends, AskSomebody, Create        string
	Back, Members, Name                                       string
	Leave, LeaveButton, LastLeaves, OwnerLeaves, MemberLeaves string
	Owner, OwnerHint, MakeOwner, RemoveHint, Remove           string
	Add, AddHint, AllIn, AskElse, AddButton                   string
	Count                                                     func(n int) string // of members
	HereNow                                                   string
	Notifications, Photo, SavePhoto                           string
	OthersLater                                               string // where not all friends are offered
	MoreMembers, FirstMembers                                 string // lead to other pages of the list
	NoName, NameLong                                          string // problems
	TooManyToday, TooManyBroughtIn, TooManyAtOnce             string
	NotFriend, AlreadyIn, Full, TooFast                       string
}

// Rooms is for the room list, and for muting.
type Rooms struct {
	None, NoneHint, AskFriend string
	NoMessages                string
	Unread, Mentioned, Muted  string
	Older, Newest             string // lead to other pages of the list
	Choose, First             string // beside the list, when no room is open
	Unmute, Mute              string
}
