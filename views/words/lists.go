package words

// Lists is for finding a room in the list, and for notifications from a tab that nobody looks at.
type Lists struct {
	Find, NoneFound, All string
	Draft, Me            string // before what was written last
	Settings             string // of a group

	Notifications, NotificationsHint, Notify, Sound, SaveNotifications string
	Allow, Refused, Unknown, WithoutScripts                            string // what a browser has to say about notifications
	Request                                                            string // a call: somebody asks to be friends

	Leaving, LeavingHint string // above the button that signs out
}
