package words

import "strconv"

var germanReports = Reports{
	Report: "Nachricht melden", Title: "Eine Nachricht melden",
	Hint:       "Die Verwaltung sieht diese Nachricht und bis zu fünf davor und danach, so wie du sie siehst, und deinen Namen. Sonst kann sie in diesem Chat nichts lesen.",
	BlockHint:  "Wenn du die Person auch blockieren willst, sende zuerst die Meldung.",
	AuthorSees: "Die Person, die du meldest, betreibt diesen Server und sieht diese Meldung mit deinem Namen.",
	Why:        "Was ist damit nicht in Ordnung?", Insult: "Beleidigung oder Belästigung", Threat: "Drohung oder Gewalt", Spam: "Spam oder Betrug",
	Illegal: "Sexueller oder verbotener Inhalt", Other: "Etwas anderes",
	Words: "Möchtest du etwas dazu sagen?", WordsHint: "Freiwillig. Bis zu 1.000 Zeichen.", Send: "Meldung senden",
	Already: "Du hast diese Nachricht gemeldet.", See: "Deine Meldungen",
	Yours: "Deine Meldungen", Sent: "Meldung gesendet. Die Antwort findest du hier.",
	None: "Du hast noch nichts gemeldet.", NoneHint: "Öffne das Menü einer Nachricht, um sie zu melden.",
	About: "Nachricht von {who}", Waiting: "Wartet auf eine Antwort",
	Acted:   "Wir haben etwas unternommen. Danke.",
	Warned:  "Wir haben mit der Person gesprochen.",
	Fine:    "Wir haben es uns angesehen. Es verstößt nicht gegen die Regeln hier.",
	Unclear: "Wir haben es uns angesehen, aber nicht verstanden, was nicht in Ordnung ist.",
	Older:   "Ältere Meldungen", Newest: "Neueste Meldungen",
	News: func(n int) string {
		return strconv.Itoa(n) + plural(n, " Antwort auf deine Meldung", " Antworten auf deine Meldungen")
	},

	NoReason: "Wähl aus, was nicht in Ordnung ist.", LongWords: "Das ist zu lang. Höchstens 1.000 Zeichen.",
	TooMany: "Du hast heute 20 Meldungen gesendet. Versuch es morgen wieder.",
}

var germanCare = Care{
	Reports: "Meldungen", NoReports: "Es gibt keine Meldungen.", All: "Alle", Open: "Offen", Closed: "Abgeschlossen",
	FromAbout: "{who} über eine Nachricht von {whom}", InRoom: "im Chat {what}", Direct: "im Chat von zwei Freunden",
	More: "Weitere Meldungen", First: "Erste Meldungen",
	Back: "Alle Meldungen", Report: "Meldung",
	Unanswered: func(n int) string {
		return strconv.Itoa(n) + plural(n, " Meldung wartet auf eine Antwort", " Meldungen warten auf eine Antwort")
	},
	Reported: "Gemeldet:",
	Evidence: "Was gemeldet wurde", EvidenceHint: "Das hat {who} damals gesehen. Es bleibt hier, auch wenn es geändert oder gelöscht wird.",
	Erased:     "Die Nachrichten wurden 30 Tage nach dem Abschluss aus dieser Meldung gelöscht.",
	Gone:       "Die Nachricht ist inzwischen gelöscht.",
	TheirWords: "Was {who} dazu schreibt",
	Others: func(n int) string {
		return strconv.Itoa(n) + plural(n, " weitere Person hat diese Nachricht gemeldet und bekommt dieselbe Antwort.", " weitere Personen haben diese Nachricht gemeldet und bekommen dieselbe Antwort.")
	},
	Decide: "Entscheidung", Do: "Was soll geschehen?", Delete: "Die Nachricht löschen", Remove: "{who} aus dem Chat entfernen", Ban: "{who} für den Chat sperren", Suspend: "Das Konto von {who} sperren",
	NothingHint: "Wähl nichts aus, um die Meldung zu verwerfen.",
	Answer:      "Antwort", AnswerHint: "Wer die Nachricht gemeldet hat, sieht diese Antwort, aber nicht, was du getan hast.", Words: "Noch ein paar Worte?", Close: "Meldung abschließen",
	ClosedBy:  "Abgeschlossen von {who}, {when}",
	DidDelete: "Die Nachricht wurde gelöscht.", DidRemove: "Die Person wurde aus dem Chat entfernt.", DidBan: "Die Person wurde für den Chat gesperrt.", DidSuspend: "Das Konto wurde gesperrt.", DidNot: "Sonst wurde nichts unternommen.",
	NoAnswer: "Wähl eine Antwort aus.", ClosedMeanwhile: "Jemand anders hat diese Meldung abgeschlossen. Deine Entscheidung wurde nicht gespeichert.",

	Rooms: "Chats", FindRoom: "Chat nach Namen suchen", NoRooms: "Keine Chats gefunden.", MoreMatch: "Es gibt noch mehr Treffer. Gib mehr Wörter ein, um sie zu finden.",
	NotReading: "Du siehst den Namen und die Größe eines Chats, aber nicht, was dort geschrieben wird.",
	Directs: func(n, entries int) string {
		return strconv.Itoa(n) + plural(n, " Chat von zwei Freunden", " Chats von je zwei Freunden") + " mit insgesamt " + germanEntries(entries) + ". Sie sind privat und stehen nicht in der Liste."
	},
	Group: "Gruppe", OpenRoom: "Offener Chat",
	Size: func(n int) string { return plural(n, "1 Eintrag", strconv.Itoa(n)+" Einträge") + ", etwa {what}" }, OwnedBy: "Leitung: {who}", IsClosed: "Geschlossen",
	MoreRooms: "Weitere Chats", FirstRooms: "Erste Chats", BackToRooms: "Alle Chats",
	HandOn: "Neue Leitung", HandOnHint: "Ein Mitglied übernimmt die Leitung des Chats.", HandOnButton: "Leitung übergeben",
	CloseRoom: "Chat schließen", CloseHint: "Alle verlassen den Chat, und niemand kann zurück. Die Nachrichten bleiben in der Datenbank, bis du den Chat löschst. Das lässt sich nicht rückgängig machen.",
	DeleteRoom: "Chat löschen", DeleteHint: "Alle verlassen den Chat, und alle Nachrichten und Fotos werden gelöscht, außer dem, was gemeldet wurde. Das lässt sich nicht rückgängig machen.",
	TypeName:  "Gib zur Bestätigung den Namen des Chats ein",
	WrongName: "So heißt dieser Chat nicht.", NotMember: "Niemand mit diesem Benutzernamen ist in diesem Chat.",
	RoomClosed: "Der Chat ist geschlossen.", RoomDeleted: "Der Chat ist gelöscht. Seine Nachrichten sind in einigen Minuten verschwunden.", HandedOn: "Der Chat hat eine neue Leitung.",
}

// germanEntries is for the dative.
func germanEntries(n int) string { return strconv.Itoa(n) + plural(n, " Eintrag", " Einträgen") }
