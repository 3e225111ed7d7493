package words

// Moderation is for what the owner and the moderators of a room do, and for what notifies a member.
type Moderation struct {
	Moderator, ModeratorHint, MakeModerator, TakeModerator string // on the page of members
	Ban, BanHint, Unban                                    string

	// What they did, as the room's log says it. {time} is a Duration.
	ModeratorMade, ModeratorTaken  string
	Banned, Unbanned               string
	Pinned, Unpinned               string
	SlowOn, SlowOff                string
	OnlyModerators, EverybodyPosts string
	DeletedBy, DeletedOneBy        string
	Duration                       func(seconds int) string

	// The page of moderation.
	Title, Open, OpenHint                      string
	BanWho, BanWhoHint, NobodyToBan            string // the form that bans by a username
	SlowMode, SlowHint, SlowNone               string
	Posting, BadPosting, Everybody, Moderators string
	Save, Saved, Bans, NoBans                  string
	BannedBy, MoreBans, FirstBans              string

	// Pins.
	Pin, Unpin, PinHint        string // buttons at a message
	PinnedLine, PinsIn, NoPins string

	// Where somebody may not write, and why a post or a form was refused.
	ReadOnly, LookAgain                             string
	YouAreBanned                                    string // from an open room in the list of those
	SlowNow, NotNow, IsBanned, TooManyPins, BadPace string

	// What notifies a member.
	Level, LevelAll, LevelMentions, LevelNothing, LevelHint string

	Acts RoomActs
}

// RoomActs are what the log of the administration says of what moderators did, in the room with the number {room},
// whose name is none of its business.
type RoomActs struct {
	Moderator, NoModerator, Ban, Unban, Pin, Unpin, Slow, Posting string
}
