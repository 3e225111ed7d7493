package web

// access is who may use a route at all. What a person may reach through it is decided by the rules, which
// load everything through that person.
type access int

const (
	signedIn access = iota // the zero value, so that no route is public by accident
	public
	sessionless // the session is not looked up: it works while the database is away
)

// responseKind is how a route responds to somebody who is signed out, or when the server is in trouble.
type responseKind int

const (
	page   responseKind = iota // a page or a fragment
	post                       // a page; what was typed comes back if the request could not be handled
	stream                     // server-sent events
	iframe                     // a document inside a page
	socket                     // a WebSocket
	file                       // bytes with a cache rule of their own
	probe                      // for machines
)

// route is a line of the site map.
type route struct {
	method, path string
	access       access
	kind         responseKind
	body         int // how many bytes an upload of photos may have; 0 is a form without files, formLimit
	run          func(*Server, *call) error
}

// routes is the site map. TestManifest compares it with the manifest in routes_test.go.
var routes = []route{
	// Accounts
	{"GET", "/", public, page, 0, (*Server).redirectHome},
	{"GET", "/sign-up", public, page, 0, (*Server).showSignUp},
	{"POST", "/sign-up", public, page, 0, (*Server).signUp},
	{"GET", "/sign-in", public, page, 0, (*Server).showSignIn},
	{"POST", "/sign-in", public, page, 0, (*Server).signIn},
	{"POST", "/sign-out", public, page, 0, (*Server).signOut},

	// Friends
	{"GET", "/friends", signedIn, page, 0, (*Server).showFriends},
	{"POST", "/friends", signedIn, page, 0, (*Server).requestFriend},
	{"POST", "/friends/:username/accept", signedIn, page, 0, (*Server).acceptFriend},
	{"POST", "/friends/:username/decline", signedIn, page, 0, (*Server).declineFriend},
	{"POST", "/friends/:username/cancel", signedIn, page, 0, (*Server).cancelRequest},
	{"POST", "/friends/:username/remove", signedIn, page, 0, (*Server).removeFriend},
	{"POST", "/friends/:username/block", signedIn, page, 0, (*Server).blockPerson},
	{"POST", "/friends/:username/unblock", signedIn, page, 0, (*Server).unblockPerson},
	{"GET", "/people/:username", signedIn, page, 0, (*Server).showPerson},

	// Rooms
	{"GET", "/rooms", signedIn, page, 0, (*Server).showRooms},
	{"POST", "/rooms", signedIn, page, 0, (*Server).createGroup},
	{"GET", "/rooms/new", signedIn, page, 0, (*Server).showNewGroup},
	{"GET", "/rooms/live", signedIn, iframe, 0, (*Server).streamRoomsPage},
	{"GET", "/rooms/:room", signedIn, page, 0, (*Server).showRoom},
	{"POST", "/rooms/:room/messages", signedIn, post, uploadLimit, (*Server).postMessage},
	{"GET", "/rooms/:room/messages/:seq", signedIn, page, 0, (*Server).showMessage},
	{"POST", "/rooms/:room/messages/:seq/edit", signedIn, post, 0, (*Server).editMessage},
	{"POST", "/rooms/:room/messages/:seq/delete", signedIn, page, 0, (*Server).deleteMessage},
	{"POST", "/rooms/:room/messages/:seq/react", signedIn, page, 0, (*Server).reactToMessage},
	{"GET", "/rooms/:room/messages/:seq/photos/:place", signedIn, page, 0, (*Server).showMessagePhoto},
	{"POST", "/rooms/:room/messages/:seq/photos/:place", signedIn, page, 0, (*Server).describePhoto},
	{"POST", "/rooms/:room/messages/:seq/unread", signedIn, page, 0, (*Server).markUnread},
	{"POST", "/rooms/:room/read", signedIn, page, 0, (*Server).markRead},
	{"POST", "/rooms/:room/mute", signedIn, page, 0, (*Server).muteRoom},
	{"GET", "/rooms/:room/events", signedIn, stream, 0, (*Server).streamRoom},
	{"GET", "/rooms/:room/live", signedIn, iframe, 0, (*Server).streamRoomPage},
	{"GET", "/rooms/:room/wait", signedIn, page, 0, (*Server).waitForRoom},
	{"GET", "/rooms/:room/wait/frame", signedIn, iframe, 0, (*Server).waitInIframe},
	{"GET", "/rooms/:room/hide.css", signedIn, file, 0, (*Server).sendHideStyle},
	{"GET", "/rooms/:room/composer", signedIn, iframe, 0, (*Server).showComposer},
	{"POST", "/rooms/:room/composer", signedIn, iframe, uploadLimit, (*Server).postFromIframe},
	{"GET", "/rooms/:room/socket", signedIn, socket, 0, (*Server).openSocket},
	{"GET", "/events", signedIn, stream, 0, (*Server).streamLists},
	{"GET", "/formatting", signedIn, page, 0, (*Server).showFormatting},

	// Search
	{"GET", "/search", signedIn, page, 0, (*Server).showSearch},

	// Groups
	{"GET", "/rooms/:room/members", signedIn, page, 0, (*Server).showMembers},
	{"POST", "/rooms/:room/members", signedIn, page, 0, (*Server).addMember},
	{"POST", "/rooms/:room/members/:username/remove", signedIn, page, 0, (*Server).removeMember},
	{"POST", "/rooms/:room/members/:username/owner", signedIn, page, 0, (*Server).transferGroup},
	{"POST", "/rooms/:room/leave", signedIn, page, 0, (*Server).leaveGroup},
	{"POST", "/rooms/:room/name", signedIn, page, 0, (*Server).renameGroup},
	{"POST", "/rooms/:room/photo", signedIn, page, uploadLimit, (*Server).setGroupPhoto},
	{"POST", "/rooms/:room/photo/remove", signedIn, page, 0, (*Server).removeGroupPhoto},

	// Profile
	{"GET", "/profile", signedIn, page, 0, (*Server).showProfile},
	{"POST", "/profile", signedIn, page, uploadLimit, (*Server).saveProfile},
	{"POST", "/profile/photo/remove", signedIn, page, 0, (*Server).removePhoto},
	{"POST", "/profile/reading", signedIn, page, 0, (*Server).setReadingMode},
	{"POST", "/profile/password", signedIn, page, 0, (*Server).changePassword},
	{"POST", "/sessions/:id/revoke", signedIn, page, 0, (*Server).revokeSession},
	{"GET", "/me.css", signedIn, file, 0, (*Server).sendOwnStyle},
	{"GET", "/photos/:id/:size", signedIn, file, 0, (*Server).sendPhoto},

	// For browsers and machines
	{"GET", "/assets/:name", sessionless, file, 0, (*Server).sendAsset},
	{"GET", "/manifest.webmanifest", sessionless, file, 0, (*Server).sendManifest},
	{"GET", "/livez", sessionless, probe, 0, (*Server).showLiveness},
	{"GET", "/readyz", sessionless, probe, 0, (*Server).showReadiness},
}
