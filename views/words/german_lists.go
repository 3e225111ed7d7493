package words

var germanLists = Lists{
	Find: "Chat oder Person finden", NoneFound: "Kein Chat heißt so.", All: "Alle Chats",
	Draft: "Entwurf:", Me: "Du:",
	Settings: "Gruppeneinstellungen",

	Notifications: "Benachrichtigungen", NotificationsHint: "Solange Parley in einem Tab offen ist. Stummgeschaltete Chats bleiben still.",
	Notify: "Auf dem Desktop benachrichtigen", Sound: "Ton abspielen", SaveNotifications: "Speichern",
	Allow:          "In diesem Browser erlauben",
	Refused:        "Dieser Browser blockiert Benachrichtigungen von dieser Website. Das lässt sich in seinen Einstellungen ändern.",
	Unknown:        "Dieser Browser unterstützt keine Benachrichtigungen.",
	WithoutScripts: "Benachrichtigungen und Töne brauchen JavaScript.",
	Request:        "Neue Freundschaftsanfrage",

	Leaving: "Abmelden", LeavingHint: "Beendet die Sitzung in diesem Browser.",
}
