package words

import "strconv"

var germanRefusals = Refusals{
	Empty:         "Noch nichts zu senden. Schreib zuerst eine Nachricht.",
	Emptied:       "Eine Nachricht kann nicht leer sein. Du kannst sie stattdessen löschen.",
	Long:          "Zu lang: höchstens 4.000 Zeichen.",
	BadText:       "Zeile {line}, Zeichen {n}: {what} lässt sich nicht senden. Bitte entferne es.",
	ManyEdits:     "Diese Nachricht wurde schon 100-mal bearbeitet, öfter geht es nicht. Bitte sende eine neue.",
	ManyReactions: "Mehr Reaktionen gehen bei dieser Nachricht nicht.",
	ManyOwn:       "Du hast deine Reaktionen auf diese Nachricht schon so oft geändert, wie es geht.",
	ManyAlts:      "Die Fotos dieser Nachricht wurden schon 100-mal neu beschrieben, öfter geht es nicht.",
	OldPage:       "Diese Seite ist veraltet. Bitte sende die Nachricht noch einmal.",
	KeyReused:     "Diese Seite hat schon eine andere Nachricht gesendet. Bitte sende diese noch einmal.",
	ReplyGone:     "Die Nachricht, auf die du antwortest, gibt es nicht mehr. Sende deine noch einmal, dann kommt sie ohne Zitat.",
	BadEmoji:      "Gib ein einzelnes Emoji ein.",
	ManyEmojis:    "Mehr verschiedene Emojis gehen bei dieser Nachricht nicht. Wähle eines, das schon da ist.",
	TooFast:       "Das ging zu schnell. Warte eine Sekunde und sende noch einmal.",
	NotNow:        "Noch nicht gesendet: Der Server ist beschäftigt oder startet neu. Dein Text ist noch da, versuch es gleich noch einmal.",
	ManyPhotos:    "Eine Nachricht kann bis zu 10 Fotos haben. Bitte sende die übrigen in einer weiteren.",
	BadAlt:        "Eine Beschreibung kann bis zu 500 Zeichen haben, in einer Zeile.",
	ChooseAgain:   "Bitte wähle auch die Fotos noch einmal aus.",
	PhotoGone:     "Ein Foto ist abgelaufen. Bitte wähle es noch einmal aus.",
	OurFault:      "Bei uns ist etwas schiefgegangen. Dein Text ist noch da. Bitte sende ihn noch einmal.",
	SignedOut:     "Nicht gesendet: Du bist abgemeldet. Dein Text ist noch da.",
}

var germanRoom = Room{
	InThisRoom: "in diesem Chat", Messages: "Nachrichten", Earlier: "Frühere Nachrichten",
	Older: "Ältere Nachrichten", Newer: "Neuere Nachrichten", Newest: "Neueste Nachrichten",
	ToFirstNew: "Zur ersten ungelesenen", NewAbove: "{n} neu", AllRead: "Alle als gelesen markieren",
	GoToDay: "Zu einem Datum springen", Day: "Datum", Go: "Los",
	BadDay:     "Das ist kein Datum. Schreib es so: 2026-11-28.",
	NoneOnDay:  "{day}: keine Nachrichten. Hier sind die nächsten.",
	NoneSince:  "{day} und später: keine Nachrichten. Hier sind die neuesten.",
	ToCome:     "{day} kommt erst noch. Hier sind die neuesten Nachrichten.",
	NoMessages: "Noch keine Nachrichten", SayHello: "Schreib die erste Nachricht.", OnlyYou: "Bisher bist nur du hier.",
	New: "Neu", SeenBefore: "Früher", NothingNew: "Nichts Neues", WaitMore: "Weiter warten",
	Write: "Nachricht schreiben", BodyLabel: "Deine Nachricht", Send: "Senden",
	InReplyTo: "Antwort auf", Cancel: "Abbrechen", TheReply: "(Antwort)",
	Edit: "Bearbeiten", Emoji: "Emoji", SearchEmoji: "Emoji suchen", Suggestions: "Vorschläge",
	NoSuggestions: "Keine Vorschläge", OneSuggestion: "1 Vorschlag", SeveralSuggestions: "{n} Vorschläge",
	Is: "{who} ist", Here: "online", HereNow: "{n} online",
	OneTyping: "{who} tippt …", TwoTyping: "{who} und {whom} tippen …", SeveralTyping: "Mehrere Leute tippen …",

	HowItWorks: "Wie diese Seite funktioniert",
	WaitForNew: "Auf neue Nachrichten warten", LookForNew: "Neue Nachrichten abrufen", Reconnect: "Neu verbinden",
	PageIs: "Aktualisierung:", Live: "live", Waiting: "wartend", Plain: "aus",
	Paused: "Pausiert", PausedWhy: "Diese Seite pausiert, weil Parley in zu vielen Tabs offen ist.", Continue: "Hier weitermachen",
	Lost:           "Verbindung verloren. Neu verbinden",
	NoLongerMember: "Du bist nicht mehr in diesem Chat.", NotMember: "Du hast keinen Zugriff auf diesen Chat.",
	YourRooms: "Deine Chats", UnsentText: "Deine nicht gesendete Nachricht", TryAgain: "Noch einmal versuchen",
	SignInFirst: "{what}, dann hierher zurückkommen und noch einmal senden.",
	NotSentYet:  "Noch nicht gesendet", PhotosLost: "Deine Fotos wurden nicht gespeichert. Geh zurück und sende alles noch einmal.", SendAgain: "Noch einmal senden",
	SentLater: "Noch nicht gesendet. Die Nachricht geht gleich von selbst raus.",
}

var germanMessage = Message{
	Actions: "Aktionen für die Nachricht von {who}, {when}",
	Expired: "Diese Nachricht wurde wegen ihres Alters gelöscht.", KeptAsServer: "{who} hat festgelegt, dass Nachrichten so lange bleiben, wie der Server es bestimmt.",
	KeptFor: func(days int) string {
		return "{who} hat festgelegt, dass Nachrichten nach " + strconv.Itoa(days) + " " + plural(days, "Tag", "Tagen") + " gelöscht werden."
	},
	Deleted: "Nachricht gelöscht", Edited: "bearbeitet", More: "Aktionen", Sent: "Gesendet",
	ReplyTo: "als Antwort auf", ReplyToEarlier: "Antwort auf eine frühere Nachricht",
	Photo: "Foto", NthPhoto: "Foto {n} von {all}", Photos: "{n} Fotos",

	NowFriends:    "Ihr seid jetzt befreundet. Sag Hallo!",
	GroupCreated:  "{who} hat diese Gruppe erstellt.",
	MemberAdded:   "{who} hat {whom} hinzugefügt.",
	MemberLeft:    "{who} hat den Chat verlassen.",
	MemberRemoved: "{who} hat {whom} entfernt.",
	OwnerChanged:  "{who} hat {whom} die Leitung übergeben.",
	GroupRenamed:  "{who} hat den Chat in {what} umbenannt.",
	PhotoChanged:  "{who} hat das Foto des Chats geändert.", PhotoRemoved: "{who} hat das Foto des Chats entfernt.",
	Closed: "Dieser Chat ist geschlossen.",

	EditedOne:       "{who} hat eine Nachricht bearbeitet:",
	DescribedOne:    "{who} hat ein Foto beschrieben:",
	DeletedOne:      "{who} hat eine Nachricht gelöscht.",
	Reacted:         "{who} hat mit {emoji} auf „{what}“ reagiert",
	ReactionRemoved: "{who} hat {emoji} bei „{what}“ entfernt",
}
