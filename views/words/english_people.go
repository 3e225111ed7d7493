package words

import "strconv"

var englishFriends = Friends{
	Ask: "Ask somebody by their username", AskButton: "Ask",
	AskHint:  "They see your name and can say yes or no.",
	Incoming: "They asked you", Yours: "Your friends", Outgoing: "You asked them", Blocked: "Blocked",
	None:     "No friends here yet.",
	NoneHint: "Type a friend's username above. When they accept, a room for the two of you opens.",
	Accept:   "Accept", Decline: "Decline", Cancel: "Take it back", Unblock: "Unblock",
	Remove:     "Remove",
	RemoveHint: "Removing ends the friendship and closes your room for both of you.",
	Block:      "Block",
	BlockHint:  "Blocking also stops messages and requests from them. They are not told.",
	Message:    "Message", More: "More",
	Whom: "{who}", RequestOf: "{who}", RequestTo: "from {who}",
	MessageTo: "{who}", MoreAbout: "about {who}",

	Sent:       "Your request is on its way.",
	NowFriends: "You are friends now, and have a room.",
	Declined:   "The request is gone. They are not told.", Canceled: "You took your request back.",
	Removed:    "You are not friends any more.",
	BlockedNow: "Blocked. They are not told.", Unblocked: "They are not blocked any more.",

	NoSuchUser:     "There is nobody of that name here. Check the spelling with your friend.",
	Self:           "That is you. Type the name of somebody else.",
	Already:        "You are friends already.",
	Blocking:       "You block this person. Unblock them first.",
	TooManyPending: "Five of your requests are waiting for an answer. Take one back, or wait.",
	TooManyToday:   "You have asked twenty people today. Please go on tomorrow.",
	NoRequest:      "That request is not there any more.",
}

var englishPerson = Person{
	You: "This is how your friends see you.", Change: "Change your profile",
	Friends: "You are friends.", Write: "Write a message",
	RequestSent:     "You asked to be friends. They have not answered yet.",
	RequestReceived: "They would like to be friends with you.",
	Blocked:         "You blocked this person. They cannot write to you or ask you anything.",
	NotYet:          "You are not friends yet. Once you are, the two of you have a room of your own.",
	Ask:             "Ask to be friends", All: "All friends",
}

var englishProfile = Profile{
	About: "About you", UsernameIs: "Your username is {who}.", SeeOthers: "See what others see",
	Name: "Name", NameHint: "What people read beside your messages.",
	Zone: "Time zone", ZoneHint: "Every time that you see here is in this zone.",
	Language: "Language", ByBrowser: "As the browser asks",
	Photo: "Photo", PhotoHint: "Up to 10 MB. Where and when it was taken is removed from it.",
	Save: "Save", RemovePhoto: "Remove the photo",
	Password: "Password", YourUsername: "Your username", Current: "The password now",
	NewPassword: "A new password", NewPasswordHint: "At least 10 characters. All other browsers are signed out.",
	SetPassword: "Change the password",
	Sessions:    "Where you are signed in", ThisBrowser: "This browser", SignOut: "Sign out",
	Browser: "{who} on {what}", SomeBrowser: "A browser on {what}", UnknownSystem: "an unknown system",
	Presence: "What others see live", ShowOnline: "Show others when I am here", ShowTyping: "Show others when I am writing",
	PresenceHint: "Only people in the same room see it, while it is so. It is not stored.",
	NoScripts:    "Without scripts", HowRooms: "How rooms work", AsLive: "Live: messages come as they are said",
	AsWait: "Waiting: the page comes anew when there is something", AsPlain: "Plain: the page stays as it is", SaveMode: "Use this", NoSuchMode: "Choose one of the three.",
	OnPlain: "On waiting and plain pages", NewestLast: "Newest messages last", NewestFirst: "Newest messages first",
	Saved: "Saved.",

	NoName:         "Type the name that others should see.",
	NameBroken:     "That name cannot be used.",
	NameInvisible:  "A name cannot have control characters or other invisible ones.",
	NameAccents:    "A name can have two accents on a letter, not more.",
	NameLong:       "A name has 40 characters at most.",
	NoSuchZone:     "Choose a time zone from the list, such as Europe/Berlin.",
	NoSuchLanguage: "Choose a language from the list.",
	WrongPassword:  "The current password is not right.",
	NotImage:       "That is not a photo we can read. JPEG, PNG, GIF and WebP work.",
	TooLarge:       "That photo is larger than 10 MiB.",
	TooManyPixels:  "That photo has too many pixels. Up to 24 megapixels and 8,000 on a side work.",
	TooManyPhotos:  "That is more than you can send: 60 photos an hour, and 200 MiB in all. Wait a while, or delete some.",
	PhotosBusy:     "The server is busy with other photos. Please try again in a moment.",
}

var englishGroup = Group{
	New: "New group", RoomName: "Name of the group", Who: "Who is in it",
	NoFriends:   "Only friends can be taken in, and you have none here yet.",
	AskSomebody: "Ask somebody", Create: "Make the group",
	Back: "Back to the room", Members: "Members", Name: "Name", Rename: "Rename",
	Leave: "Leave this room", LeaveButton: "Leave",
	LastLeaves:   "You are the last one in it: nobody will be able to open it again.",
	OwnerLeaves:  "You will not see it any more, and who came after you will be its owner. A member can bring you in again.",
	MemberLeaves: "You will not see it any more. A member can bring you in again.",
	Owner:        "Owner", OwnerHint: "An owner can rename the room and put people out. There is one.",
	MakeOwner:  "Make the owner",
	RemoveHint: "They see nothing that is said from then on.", Remove: "Put out",
	Add: "Bring a friend in", AddHint: "They see what is said from then on, and nothing from before.",
	AllIn: "All your friends are in this room.", AskElse: "Ask somebody else to be friends", AddButton: "Bring in",
	Count: func(n int) string { return strconv.Itoa(n) + " " + plural(n, "member", "members") },

	HereNow:       "Here now",
	Notifications: "Quiet", Photo: "Photo of the room", SavePhoto: "Save the photo",

	BadName:   "Give the room a visible name of 1 to 60 characters, on one line.",
	NotFriend: "Only your friends can be brought in. Ask them to be friends first.",
	AlreadyIn: "They are in this room already.",
	Full:      "A room has 100 people at most.",
	TooFast:   "That was a little fast. Wait a second and try again.",
}

var englishRooms = Rooms{
	None: "No rooms yet.", NoneHint: "Ask a friend: once they say yes, the two of you have a room here.", AskFriend: "Ask a friend",
	NoMessages: "Nothing said yet", You: "You: {what}",
	Unread: "unread", Mentioned: "mentioned you", Muted: "Muted",
	Choose: "Choose a room to read and write.", First: "Your first room will open here.",
	IsMuted: "This room is muted: it is not counted in the title of the page.", Unmute: "Unmute",
	MuteHint: "A muted room keeps its count in the list, and calls for no attention.", Mute: "Mute this room",
}
