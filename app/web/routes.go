package web

// access is who may use a route at all. What a person may reach through it is decided by the rules, which
// load everything through that person.
type access int

const (
	signedIn access = iota // the zero value, so that no route is public by accident
	public
	sessionless // the session is not looked up: it works while the database is away
	admin       // for those who run the server; for everybody else who is signed in it does not exist
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
	body         int // the most bytes of an upload of photos; 0 is a form without files, formLimit
	run          func(*Server, *call) error
}

// roomRoute is the page of a room. What it takes to show it is looked up with the session.
const roomRoute = "/rooms/:room"

// postRoute is where messages are posted.
const postRoute = "/rooms/:room/messages"

// routes is the site map. TestManifest compares it with the manifest in routes_test.go.
var routes = []route{
	// Accounts
	{"GET", "/", public, page, 0, (*Server).redirectHome},
	{"GET", "/sign-up", public, page, 0, (*Server).showSignUp},
	{"POST", "/sign-up", public, page, 0, (*Server).signUp},
	{"GET", "/sign-in", public, page, 0, (*Server).showSignIn},
	{"POST", "/sign-in", public, page, 0, (*Server).signIn},
	{"GET", "/sign-in/code", public, page, 0, (*Server).showCode},
	{"POST", "/sign-in/code", public, page, 0, (*Server).enterCode},
	{"GET", "/sign-in/passkey", public, page, 0, (*Server).showPasskeySignIn},
	{"POST", "/sign-in/passkey", public, page, 0, (*Server).signInWithPasskey},
	{"GET", "/oidc/:provider", public, page, 0, (*Server).visitProvider},
	{"GET", "/oidc/:provider/callback", public, page, 0, (*Server).returnFromProvider},
	{"POST", "/oidc/:provider/logout", public, page, 0, (*Server).logOutFromProvider},
	{"GET", "/sign-in/new", public, page, 0, (*Server).showStranger},
	{"POST", "/sign-in/new", public, page, 0, (*Server).signUpStranger},
	{"POST", "/sign-in/connect", public, page, 0, (*Server).connectStranger},
	{"POST", "/sign-out", public, page, 0, (*Server).signOut},
	{"GET", "/about", public, page, 0, (*Server).showRules},

	{"GET", "/forgot", public, page, 0, (*Server).showForgot},
	{"POST", "/forgot", public, page, 0, (*Server).askForMail},
	{"GET", "/recover", public, page, 0, (*Server).showRecover},
	{"POST", "/recover", public, page, 0, (*Server).recoverAccount},
	{"GET", "/reset/:token", public, page, 0, (*Server).showReset},
	{"POST", "/reset/:token", public, page, 0, (*Server).resetPassword},
	{"GET", "/address/:token", public, page, 0, (*Server).showAddressLink},
	{"POST", "/address/:token", public, page, 0, (*Server).confirmAddress},
	{"GET", "/device", public, page, 0, (*Server).awaitDevice},
	{"GET", "/device/:token", public, page, 0, (*Server).showDeviceLink},
	{"POST", "/device/:token", public, page, 0, (*Server).askDevice},

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

	// Invitations
	{"GET", "/invitations", signedIn, page, 0, (*Server).showInvitations},
	{"POST", "/invitations", signedIn, page, 0, (*Server).makeInvitation},
	{"POST", "/invitations/:id/revoke", signedIn, page, 0, (*Server).revokeInvitation},
	{"GET", "/join/:token", public, page, 0, (*Server).showJoin},
	{"POST", "/join/:token", public, page, 0, (*Server).join},

	// Rooms
	{"GET", "/rooms", signedIn, page, 0, (*Server).showRooms},
	{"POST", "/rooms", signedIn, page, 0, (*Server).createGroup},
	{"GET", "/rooms/new", signedIn, page, 0, (*Server).showNewGroup},
	{"GET", "/rooms/open", signedIn, page, 0, (*Server).showOpenRooms},
	{"GET", "/rooms/live", signedIn, iframe, 0, (*Server).streamRoomsPage},
	{"GET", roomRoute, signedIn, page, 0, (*Server).showRoom},
	{"POST", postRoute, signedIn, post, uploadLimit, (*Server).postMessage},
	{"GET", "/rooms/:room/messages/:seq", signedIn, page, 0, (*Server).showMessage},
	{"POST", "/rooms/:room/messages/:seq/edit", signedIn, post, 0, (*Server).editMessage},
	{"POST", "/rooms/:room/messages/:seq/delete", signedIn, page, 0, (*Server).deleteMessage},
	{"POST", "/rooms/:room/messages/:seq/react", signedIn, page, 0, (*Server).reactToMessage},
	{"GET", "/rooms/:room/messages/:seq/photos/:place", signedIn, page, 0, (*Server).showMessagePhoto},
	{"POST", "/rooms/:room/messages/:seq/photos/:place", signedIn, page, 0, (*Server).describePhoto},
	{"GET", "/rooms/:room/messages/:seq/report", signedIn, page, 0, (*Server).showReportForm},
	{"POST", "/rooms/:room/messages/:seq/report", signedIn, page, 0, (*Server).reportMessage},
	{"POST", "/rooms/:room/messages/:seq/pin", signedIn, page, 0, (*Server).pinMessage},
	{"GET", "/rooms/:room/pins", signedIn, page, 0, (*Server).showPins},
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
	{"GET", "/reports", signedIn, page, 0, (*Server).showOwnReports},
	{"GET", "/formatting", signedIn, page, 0, (*Server).showFormatting},
	{"GET", "/keys", signedIn, page, 0, (*Server).showKeys},

	// Search
	{"GET", "/search", signedIn, page, 0, (*Server).showSearch},

	// Groups
	{"GET", "/rooms/:room/members", signedIn, page, 0, (*Server).showMembers},
	{"GET", "/rooms/:room/people", signedIn, page, 0, (*Server).suggestPeople},
	{"POST", "/rooms/:room/members", signedIn, page, 0, (*Server).addMember},
	{"POST", "/rooms/:room/members/:username/remove", signedIn, page, 0, (*Server).removeMember},
	{"POST", "/rooms/:room/members/:username/owner", signedIn, page, 0, (*Server).transferGroup},
	{"POST", "/rooms/:room/members/:username/moderator", signedIn, page, 0, (*Server).setModerator},
	{"POST", "/rooms/:room/members/:username/ban", signedIn, page, 0, (*Server).banMember},
	{"POST", "/rooms/:room/members/:username/unban", signedIn, page, 0, (*Server).unbanMember},
	{"GET", "/rooms/:room/moderation", signedIn, page, 0, (*Server).showModeration},
	{"POST", "/rooms/:room/moderation", signedIn, page, 0, (*Server).moderateRoom},
	{"POST", "/rooms/:room/join", signedIn, page, 0, (*Server).joinRoom},
	{"POST", "/rooms/:room/leave", signedIn, page, 0, (*Server).leaveGroup},
	{"POST", "/rooms/:room/name", signedIn, page, 0, (*Server).renameGroup},
	{"GET", "/rooms/:room/kind", signedIn, page, 0, (*Server).showRoomKind},
	{"POST", "/rooms/:room/kind", signedIn, page, 0, (*Server).setRoomKind},
	{"POST", "/rooms/:room/retention", signedIn, page, 0, (*Server).setRetention},
	{"POST", "/rooms/:room/photo", signedIn, page, uploadLimit, (*Server).setGroupPhoto},
	{"POST", "/rooms/:room/photo/remove", signedIn, page, 0, (*Server).removeGroupPhoto},

	// Profile
	{"GET", "/profile", signedIn, page, 0, (*Server).showProfile},
	{"POST", "/profile", signedIn, page, uploadLimit, (*Server).saveProfile},
	{"POST", "/profile/photo/remove", signedIn, page, 0, (*Server).removePhoto},
	{"POST", "/profile/reading", signedIn, page, 0, (*Server).setReadingMode},
	{"POST", "/profile/calls", signedIn, page, 0, (*Server).setNotifications},
	{"POST", "/profile/password", signedIn, page, 0, (*Server).changePassword},
	{"POST", "/profile/export", signedIn, page, 0, (*Server).exportData},
	{"GET", "/profile/delete", signedIn, page, 0, (*Server).showDeletion},
	{"POST", "/profile/delete", signedIn, page, 0, (*Server).askDeletion},
	{"POST", "/profile/codes", signedIn, page, 0, (*Server).makeCodes},
	{"POST", "/profile/address", signedIn, page, 0, (*Server).saveAddress},
	{"POST", "/profile/device", signedIn, page, 0, (*Server).startDevice},
	{"GET", "/profile/device/:id", signedIn, page, 0, (*Server).showDevice},
	{"POST", "/profile/device/:id/confirm", signedIn, page, 0, (*Server).confirmDevice},
	{"POST", "/profile/device/:id/refuse", signedIn, page, 0, (*Server).refuseDevice},
	{"POST", "/notice", signedIn, page, 0, (*Server).dismissNotice},
	{"GET", "/profile/second-factor", signedIn, page, 0, (*Server).showSecondFactor},
	{"POST", "/profile/second-factor", signedIn, page, 0, (*Server).beginSecondFactor},
	{"POST", "/profile/second-factor/confirm", signedIn, page, 0, (*Server).confirmSecondFactor},
	{"POST", "/profile/second-factor/off", signedIn, page, 0, (*Server).removeSecondFactor},
	{"GET", "/profile/passkeys", signedIn, page, 0, (*Server).showPasskeys},
	{"POST", "/profile/passkeys", signedIn, page, 0, (*Server).beginPasskey},
	{"GET", "/profile/passkeys/new", signedIn, page, 0, (*Server).showNewPasskey},
	{"POST", "/profile/passkeys/new", signedIn, page, 0, (*Server).addPasskey},
	{"POST", "/profile/passkeys/:id/rename", signedIn, page, 0, (*Server).renamePasskey},
	{"POST", "/profile/passkeys/:id/remove", signedIn, page, 0, (*Server).removePasskey},
	{"POST", "/profile/identities/:id/remove", signedIn, page, 0, (*Server).removeIdentity},
	{"GET", "/profile/confirm", signedIn, page, 0, (*Server).confirmByProvider},
	{"POST", "/sessions/:id/revoke", signedIn, page, 0, (*Server).revokeSession},
	{"GET", "/me.css", signedIn, file, 0, (*Server).sendOwnStyle},
	{"GET", "/photos/:id/:size", signedIn, file, 0, (*Server).sendPhoto},

	// Administration
	{"POST", "/rooms/:room/default", admin, page, 0, (*Server).setDefaultRoom},
	{"GET", "/admin", admin, page, 0, (*Server).redirectAdmin},
	{"GET", "/admin/people", admin, page, 0, (*Server).showAdminPeople},
	{"GET", "/admin/people/:username", admin, page, 0, (*Server).showAdminPerson},
	{"POST", "/admin/people/:username/suspend", admin, page, 0, (*Server).suspendPerson},
	{"POST", "/admin/people/:username/restore", admin, page, 0, (*Server).restorePerson},
	{"POST", "/admin/people/:username/sign-out", admin, page, 0, (*Server).signOutPerson},
	{"POST", "/admin/people/:username/reset", admin, page, 0, (*Server).makeResetLink},
	{"GET", "/admin/resets/:id", admin, page, 0, (*Server).showResetLink},
	{"POST", "/admin/people/:username/admin", admin, page, 0, (*Server).setAdmin},
	{"POST", "/admin/people/:username/delete", admin, page, 0, (*Server).deletePerson},
	{"GET", "/admin/settings", admin, page, 0, (*Server).showSettings},
	{"POST", "/admin/settings", admin, page, 0, (*Server).saveSettings},
	{"POST", "/admin/settings/logo", admin, page, uploadLimit, (*Server).setLogo},
	{"POST", "/admin/settings/logo/remove", admin, page, 0, (*Server).removeLogo},
	{"GET", "/admin/invitations", admin, page, 0, (*Server).showAllInvitations},
	{"GET", "/admin/log", admin, page, 0, (*Server).showAuditLog},
	{"GET", "/admin/log.csv", admin, file, 0, (*Server).sendAuditLog},
	{"GET", "/admin/reports", admin, page, 0, (*Server).showReports},
	{"GET", "/admin/reports/:id", admin, page, 0, (*Server).showReport},
	{"POST", "/admin/reports/:id", admin, page, 0, (*Server).decideReport},
	{"GET", "/admin/rooms", admin, page, 0, (*Server).showAllRooms},
	{"GET", "/admin/rooms/:room", admin, page, 0, (*Server).showRoomForAdmin},
	{"POST", "/admin/rooms/:room/close", admin, page, 0, (*Server).closeRoom},
	{"POST", "/admin/rooms/:room/delete", admin, page, 0, (*Server).deleteRoom},
	{"POST", "/admin/rooms/:room/owner", admin, page, 0, (*Server).transferRoom},

	// For browsers and machines
	{"GET", "/assets/:name", sessionless, file, 0, (*Server).sendAsset},
	{"GET", "/site.css", public, file, 0, (*Server).sendSiteStyle},
	{"GET", "/logo/:id", public, file, 0, (*Server).sendLogo},
	{"GET", "/manifest.webmanifest", sessionless, file, 0, (*Server).sendManifest},
	{"GET", "/livez", sessionless, probe, 0, (*Server).showLiveness},
	{"GET", "/readyz", sessionless, probe, 0, (*Server).showReadiness},
}
