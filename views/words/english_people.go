package words

import "strconv"

var englishFriends = Friends{
	Ask: "Add a friend by username", AskButton: "Send request",
	AskHint:  "They’ll see your name and can accept or decline.",
	Incoming: "Friend requests", Yours: "Your friends", Outgoing: "Sent requests", Blocked: "Blocked",
	None:     "No friends yet.",
	NoneHint: "Enter a friend’s username above. Once they accept, you’ll have a room for the two of you.",
	Accept:   "Accept", Decline: "Decline", Cancel: "Cancel request", Unblock: "Unblock",
	Remove:     "Remove",
	RemoveHint: "Ends your friendship and closes your room for both of you.",
	Block:      "Block",
	BlockHint:  "Stops their direct messages and requests. You’ll still see what they write in shared groups. They won’t be notified.",
	Message:    "Message", More: "More",
	Whom: "{who}", RequestOf: "{who}", RequestTo: "to {who}",
	MessageTo: "{who}", MoreAbout: "about {who}",

	Sent:       "Request sent.",
	NowFriends: "You’re friends now, and you have a room.",
	Declined:   "Request declined. They won’t be notified.", Canceled: "Request canceled.",
	Removed:    "Friend removed.",
	BlockedNow: "Blocked. They won’t be notified.", Unblocked: "Unblocked.",

	NoSuchUser:     "Nobody here has that username. Check the spelling.",
	Self:           "That’s you. Enter someone else’s username.",
	Already:        "You’re already friends.",
	Blocking:       "You’ve blocked this person. Unblock them first.",
	TooManyPending: "Five of your requests are still waiting. Cancel one, or wait for an answer.",
	TooManyToday:   "You’ve sent 20 requests today. Try again tomorrow.",
	TooManyNames:   "You’ve entered 40 usernames today. Try again tomorrow.",
	NoRequest:      "That request no longer exists.",
}

var englishPerson = Person{
	You: "This is how your friends see you.", Change: "Edit profile",
	Friends: "You’re friends.", Write: "Send a message",
	RequestSent:     "You sent a friend request. They haven’t answered yet.",
	RequestReceived: "They sent you a friend request.",
	Blocked:         "You’ve blocked this person. They can’t send you direct messages or requests.",
	NotYet:          "You’re not friends yet. Once you are, you’ll have a room for the two of you.",
	Ask:             "Send friend request", All: "All friends",
}

var englishProfile = Profile{
	About: "About you", UsernameIs: "Your username is {who}.", SeeOthers: "See how others see you",
	Name: "Name", NameHint: "Shown next to your messages.",
	Zone: "Time zone", ZoneHint: "Times are shown in this time zone.",
	Language: "Language", ByBrowser: "Same as browser",
	Photo: "Photo", PhotoHint: "Up to 10 MB. Location and date are removed.",
	Save: "Save", RemovePhoto: "Remove photo",
	Password: "Password", YourUsername: "Your username", Current: "Current password",
	NewPassword: "New password", NewPasswordHint: "At least 10 characters. You’ll be signed out of all other browsers.",
	SetPassword: "Change password",
	Sessions:    "Where you’re signed in", ThisBrowser: "This browser", SignOut: "Sign out",
	Browser: "{who} on {what}", SomeBrowser: "Unknown browser on {what}", UnknownSystem: "an unknown system",
	Presence: "Presence", ShowOnline: "Show when I’m online", ShowTyping: "Show when I’m typing",
	PresenceHint: "Only people in the same room can see this. It isn’t stored.",
	NoScripts:    "Without JavaScript", HowRooms: "How rooms update", AsLive: "Live: messages appear instantly",
	AsWait: "Waiting: the page reloads when there’s something new", AsPlain: "Plain: the page doesn’t update by itself", SaveMode: "Save", NoSuchMode: "Choose one of the three.",
	OnPlain: "On waiting and plain pages", NewestLast: "Newest messages last", NewestFirst: "Newest messages first",
	Saved: "Saved.",

	NoName:         "Enter the name others should see.",
	NameBroken:     "That name can’t be used.",
	NameInvisible:  "Character {n} ({what}) can’t be seen. Please remove it.",
	NameAccents:    "Character {n} (“{what}”) has too many accents.",
	NameLoose:      "Character {n} is an accent without a letter.",
	NameLong:       "Use at most 40 characters.",
	NoSuchZone:     "Choose a time zone from the list, such as Europe/Berlin.",
	NoSuchLanguage: "Choose a language from the list.",
	WrongPassword:  "That’s not your current password.",
	NotImage:       "That’s not a photo we can read. Use JPEG, PNG, GIF or WebP.",
	TooLarge:       "That photo is too large (max. 10 MB).",
	TooManyPixels:  "That photo is too large (max. 24 megapixels, 8,000 px per side).",
	TooLargeHere:   "That photo is too large. This server stores photos of up to {what}.",
	TooManyPhotos:  "You can send 60 photos an hour and store 200 MB in all. Wait a while, or delete some.",
	PhotosBusy:     "The server is busy with other photos. Try again in a moment.",
}

var englishGroup = Group{
	New: "New group", RoomName: "Group name", Who: "Members",
	NoFriends:   "You can only add friends, and you don’t have any here yet.",
	AskSomebody: "Add a friend", Create: "Create group",
	Back: "Back to the room", Members: "Members", Name: "Name", Rename: "Rename",
	Leave: "Leave group", LeaveButton: "Leave",
	LastLeaves:   "You’re the last member. Once you leave, nobody can open this group again.",
	OwnerLeaves:  "You won’t see this group anymore, and its longest-standing member becomes the owner. Any member can add you again.",
	MemberLeaves: "You won’t see this group anymore. Any member can add you again.",
	Owner:        "Owner", OwnerHint: "The owner can rename the group and remove members. There’s only one.",
	MakeOwner:  "Make owner",
	RemoveHint: "They won’t see new messages.", Remove: "Remove",
	Add: "Add a friend", AddHint: "They’ll see new messages, but not earlier ones.",
	AllIn: "All your friends are in this group.", AskElse: "Add more friends", AddButton: "Add",
	Count: func(n int) string { return strconv.Itoa(n) + " " + plural(n, "member", "members") },

	HereNow:       "Online",
	Notifications: "Notifications", Photo: "Group photo", SavePhoto: "Save photo",

	NoName:    "Give the group a name.",
	NameLong:  "Use at most 60 characters.",
	NotFriend: "You can only add friends. Send them a friend request first.",
	AlreadyIn: "They’re already in this group.",
	Full:      "A group can have 100 members at most.",
	TooFast:   "You’re going too fast. Wait a second and try again.",
}

var englishRooms = Rooms{
	None: "No rooms yet.", NoneHint: "Add a friend. Once they accept, you’ll have a room here for the two of you.", AskFriend: "Add a friend",
	NoMessages: "No messages yet", You: "You: {what}",
	Unread: "unread", Mentioned: "mentioned you", Muted: "Muted",
	Choose: "Choose a room to start chatting.", First: "Your first room will open here.",
	IsMuted: "This room is muted. It still shows unread counts, but doesn’t alert you.", Unmute: "Unmute",
	MuteHint: "Muted rooms still show unread counts, but don’t alert you.", Mute: "Mute this room",
}
