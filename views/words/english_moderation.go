package words

import "strconv"

var englishModeration = Moderation{
	Moderator: "Moderator", ModeratorHint: "Moderators can delete messages, pin them, and remove or ban members.",
	MakeModerator: "Make moderator", TakeModerator: "Make ordinary member",
	Ban: "Ban", BanHint: "They’re removed, and nobody can add or invite them until the ban is lifted.", Unban: "Lift the ban",

	ModeratorMade:  "{who} made {whom} a moderator.",
	ModeratorTaken: "{who} made {whom} an ordinary member.",
	Banned:         "{who} banned {whom}.",
	Unbanned:       "{who} lifted the ban on {whom}.",
	Pinned:         "{who} pinned a message:",
	Unpinned:       "{who} unpinned a message:",
	SlowOn:         "{who} turned on slow mode: {time} between two messages.",
	SlowOff:        "{who} turned off slow mode.",
	OnlyModerators: "{who} limited who can write: only moderators can send messages now.",
	EverybodyPosts: "{who} lifted the limit on who can write: everyone can send messages again.",
	DeletedBy:      "Deleted by {who}",
	DeletedOneBy:   "{who} deleted a message from {whom}.",
	Duration:       englishDuration,

	Title: "Moderation", Open: "Moderation", OpenHint: "Slow mode, who can send messages, and who is banned.",
	BanWho: "Username to ban", BanWhoHint: "You can also ban somebody who has already left.", NobodyToBan: "Nobody with this username was ever in this room, or they can’t be banned.",
	SlowMode: "Slow mode", SlowHint: "How long everyone but moderators has to wait between two messages.", SlowNone: "Off",
	Posting: "Who can send messages", Everybody: "Everyone", Moderators: "Moderators only", BadPosting: "Choose who can send messages.",
	Save: "Save", Saved: "Saved.", Bans: "Banned", NoBans: "Nobody is banned.",
	BannedBy: "By {who}, {when}", MoreBans: "More banned people", FirstBans: "First banned people",

	Pin: "Pin", Unpin: "Unpin", PinHint: "Pinned messages are shown above the room, ten at most.",
	PinnedLine: "Pinned ({n})", PinsIn: "Pinned in {what}", NoPins: "Nothing is pinned.",

	ReadOnly: "Only moderators can send messages here.", LookAgain: "Check again",
	YouAreBanned: "You’re banned from this room.",
	SlowNow:      "Slow mode is on: you can send your next message in {time}. Your text is still here.",
	NotNow:       "Not sent: only moderators can send messages here now. Your text is still here.",
	IsBanned:     "They’re banned from this room. A moderator can lift the ban.",
	TooManyPins:  "Ten messages are pinned already. Unpin one first.",
	BadPace:      "Choose one of the listed times.",

	Level: "Notify me about", LevelAll: "All messages", LevelMentions: "Mentions only", LevelNothing: "Nothing (muted)",
	LevelHint: "The room list still shows what is unread.",

	Acts: RoomActs{
		Moderator:   "{who} made {whom} a moderator of room {room}.",
		NoModerator: "{who} removed {whom} as moderator of room {room}.",
		Ban:         "{who} banned {whom} from room {room}.",
		Unban:       "{who} lifted the ban on {whom} in room {room}.",
		Pin:         "{who} pinned a message in room {room}.",
		Unpin:       "{who} unpinned a message in room {room}.",
		Slow:        "{who} set slow mode in room {room}.",
		Posting:     "{who} changed who can send messages in room {room}.",
	},
}

func englishDuration(seconds int) string {
	switch {
	case seconds >= 3600 && seconds%3600 == 0:
		return strconv.Itoa(seconds/3600) + " " + plural(seconds/3600, "hour", "hours")
	case seconds >= 60 && seconds%60 == 0:
		return strconv.Itoa(seconds/60) + " " + plural(seconds/60, "minute", "minutes")
	case seconds > 60:
		return strconv.Itoa(seconds/60) + " min " + strconv.Itoa(seconds%60) + " s"
	}
	return strconv.Itoa(seconds) + " " + plural(seconds, "second", "seconds")
}
