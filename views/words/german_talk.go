package words

var germanRefusals = Refusals{
	Empty:       "Da ist noch nichts zu senden. Schreib zuerst eine Nachricht.",
	Emptied:     "Eine Nachricht kann nicht leer werden. Du kannst sie stattdessen löschen, weiter unten.",
	Long:        "Das sind mehr als 4000 Zeichen. Bitte sende es in Teilen.",
	BadText:     "Der Text enthält Zeichen, die sich nicht senden lassen. Bitte nimm sie heraus.",
	OldPage:     "Deine Seite ist veraltet. Bitte sende die Nachricht noch einmal.",
	KeyReused:   "Deine Seite hatte vorher etwas anderes gesendet. Bitte sende das hier noch einmal.",
	ReplyGone:   "Die Nachricht, auf die du antwortest, ist weg. Sende noch einmal, dann geht deine allein hinaus.",
	BadEmoji:    "Das ist kein Emoji. Gib ein einzelnes ein.",
	ManyEmojis:  "Diese Nachricht hat schon so viele verschiedene Emojis, wie sie haben kann. Wähle eines davon.",
	TooFast:     "Das war etwas schnell. Warte eine Sekunde und sende es noch einmal.",
	NotNow:      "Noch nicht gesendet: Der Server ist beschäftigt oder startet neu. Dein Text ist noch da, bitte sende ihn noch einmal.",
	ManyPhotos:  "Eine Nachricht kann bis zu 10 Fotos haben. Bitte sende die anderen in einer weiteren.",
	BadAlt:      "Die Beschreibung eines Fotos kann bis zu 500 Zeichen haben, in einer Zeile.",
	ChooseAgain: "Bitte wähle auch die Fotos noch einmal aus.",
	PhotoGone:   "Ein Foto lag zu lange und ist nicht mehr da. Bitte wähle es noch einmal aus.",
	OurFault:    "Da ist etwas schiefgegangen, und es liegt an uns. Dein Text ist noch da, bitte sende ihn noch einmal.",
	SignedOut:   "Nicht gesendet: Du bist abgemeldet. Dein Text ist noch da.",
}

var germanRoom = Room{
	InThisRoom: "in diesem Raum", Messages: "Nachrichten", Earlier: "Frühere Nachrichten",
	Older: "Ältere Nachrichten", Newer: "Neuere Nachrichten", Newest: "Neueste Nachrichten",
	ToFirstNew: "Zur ersten neuen Nachricht", AllRead: "Alles als gelesen markieren",
	NoMessages: "Hier ist es still.", SayHello: "Sag Hallo: Die erste Nachricht kommt von dir.",
	New: "Neu", SeenBefore: "Schon gesehen", NothingNew: "Nichts Neues", WaitMore: "Auf mehr warten",
	Write: "Nachricht schreiben", BodyLabel: "Deine Nachricht", Send: "Senden",
	InReplyTo: "Antwort auf", Cancel: "Verwerfen", TheReply: "(die Antwort)",
	Is: "{who} ist", Here: "hier", HereNow: "{n} sind gerade hier",
	OneTyping: "{who} schreibt …", TwoTyping: "{who} und {whom} schreiben …", SeveralTyping: "Mehrere Leute schreiben …",

	WaitForNew: "Auf neue Nachrichten warten", LookForNew: "Nach neuen Nachrichten sehen", Reconnect: "Neu verbinden",
	PageIs: "Diese Seite ist", Live: "live", Waiting: "wartend", Plain: "einfach",
	Paused: "Angehalten", PausedWhy: "Diese Seite hat angehalten, weil Parley in mehreren anderen offen ist.", Continue: "Hier weitermachen",
	Lost:           "Verbindung verloren. Neu verbinden",
	NoLongerMember: "Du bist nicht mehr in dieser Unterhaltung.", NotMember: "Du bist nicht oder nicht mehr in dieser Unterhaltung.",
	YourRooms: "Deine Räume", UnsentText: "Was du geschrieben hast", TryAgain: "Noch einmal versuchen",
	SignInFirst: "{what}, dann hierher zurückkommen und noch einmal senden.",
	NotSentYet:  "Noch nicht gesendet", PhotosLost: "Die Fotos sind nicht mehr da: Geh zurück und sende alles noch einmal.", SendAgain: "Noch einmal senden",
}

var germanMessage = Message{
	Deleted: "Nachricht gelöscht", Edited: "bearbeitet", More: "Mehr", Sent: "Gesendet",
	ReplyTo: "als Antwort auf", ReplyToEarlier: "Antwort auf eine frühere Nachricht",
	Photo: "Foto", NthPhoto: "Foto {n} von {all}", Photos: "{n} Fotos",

	NowFriends:    "Ihr seid jetzt befreundet.",
	GroupCreated:  "{who} hat diesen Raum geöffnet.",
	MemberAdded:   "{who} hat {whom} hereingeholt.",
	MemberLeft:    "{who} ist gegangen.",
	MemberRemoved: "{who} hat {whom} hinausgesetzt.",
	OwnerChanged:  "{who} hat die Leitung an {whom} übergeben.",
	GroupRenamed:  "{who} hat den Raum {what} genannt.",
	PhotoChanged:  "{who} hat dem Raum ein Foto gegeben.", PhotoRemoved: "{who} hat das Foto des Raums entfernt.",
	Closed: "Diese Unterhaltung ist beendet.",

	EditedOne:       "{who} hat eine Nachricht geändert:",
	DescribedOne:    "{who} hat ein Foto beschrieben:",
	DeletedOne:      "{who} hat eine Nachricht gelöscht.",
	Reacted:         "{who} hat mit {emoji} auf „{what}“ reagiert",
	ReactionRemoved: "{who} hat {emoji} von „{what}“ zurückgenommen",
}
