package words

var englishLists = Lists{
	Find: "Find a room or person", NoneFound: "No room has that name.", All: "All rooms",
	Draft: "Draft:", Me: "You:",
	Settings: "Group settings",

	Notifications: "Notifications", NotificationsHint: "While Parley is open in a tab. Muted rooms stay silent.",
	Notify: "Show desktop notifications", Sound: "Play a sound", SaveNotifications: "Save",
	Allow:          "Allow in this browser",
	Refused:        "This browser blocks notifications from this site. You can change that in its settings.",
	Unknown:        "This browser doesn’t support notifications.",
	WithoutScripts: "Notifications and sounds need JavaScript.",
	Request:        "New friend request",

	Leaving: "Sign out", LeavingHint: "Ends the session in this browser.",
}
