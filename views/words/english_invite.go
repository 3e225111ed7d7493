package words

import "strconv"

var englishInvite = Invite{
	Title: "Invite people",
	Intro: "Whoever opens your link can create an account here and becomes your friend.",
	Make:  "New invitation",
	Uses:  "For how many people", UsesHint: "1 to 100.",
	Days: "For how many days", DaysHint: "1 to 30.",
	Rooms: "Rooms they’ll join", RoomsHint: "You can choose groups that you own and open rooms that you’re in, up to 10.",
	ServerWide: "To the server only: they won’t become my friends",
	MakeButton: "Create link",
	Ready:      "Your link", ReadyHint: "Send it to the people you want here. It’s shown for ten minutes only, because the server doesn’t store it.",
	Picture: "QR code of the link",
	Copy:    "Copy link", Copied: "Copied.", Share: "Share…",
	Mine: "Your invitations", None: "You haven’t invited anybody yet.",
	All: "Invitations", NoneAtAll: "Nobody has invited anybody yet.",
	Used: func(used, uses int) string {
		return strconv.Itoa(used) + " of " + strconv.Itoa(uses) + " " + plural(uses, "person", "people") + " joined"
	},
	Until: "Until {what}", Into: "Rooms: {what}",
	Revoked: "Withdrawn", UsedUp: "Used up", Expired: "Expired",
	Revoke: "Withdraw",
	Older:  "Older invitations", Newest: "Newest invitations",
	Closed:     "Sign-up is closed on this server, so nobody can be invited, and links don’t work.",
	AdminsOnly: "Only administrators can invite people to this server.",
	BadUses:    "Enter a number from 1 to 100.",
	BadDays:    "Enter a number from 1 to 30.",
	BadRooms:   "You can invite people to at most 10 rooms: groups that you own, and open rooms that you’re in.",
	TooMany:    "You’ve made 20 invitations today. Try again tomorrow.",
	Somebody:   "Invite somebody who isn’t here yet", NotHere: "Not here yet? Send them an invitation.",
	Invitation: "Invitation", By: "{who} invites you to {what}",
	Friends: "You and {who} will be friends.", Members: "You’ll be in:",
	Accept: "Accept invitation", Own: "This is your own invitation. Send the link to somebody else.",
	Gone:     Sentences{"This invitation isn’t valid", "It may have been used up, withdrawn, or expired. Ask whoever sent it for a new link."},
	TooOften: "You’ve accepted 20 invitations today. Try again tomorrow.",
	Missed: func(n int) string {
		return "You couldn’t join " + strconv.Itoa(n) + " of the rooms you were invited to: " + plural(n, "it’s", "they’re") + " full or gone."
	},
	Needed: "You need an invitation to create an account here. Ask somebody who’s here for a link.",
}
