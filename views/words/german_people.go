package words

import "strconv"

var germanFriends = Friends{
	Ask: "Jemanden über den Benutzernamen anfragen", AskButton: "Anfragen",
	AskHint:  "Die Person sieht deinen Namen und kann Ja oder Nein sagen.",
	Incoming: "Anfragen an dich", Yours: "Deine Freunde", Outgoing: "Deine Anfragen", Blocked: "Blockiert",
	None:     "Noch keine Freunde hier.",
	NoneHint: "Gib oben den Benutzernamen einer Freundin oder eines Freundes ein. Mit der Zusage öffnet sich ein Raum für euch beide.",
	Accept:   "Annehmen", Decline: "Ablehnen", Cancel: "Zurückziehen", Unblock: "Nicht mehr blockieren",
	Remove:     "Entfernen",
	RemoveHint: "Entfernen beendet die Freundschaft und schließt euren Raum für euch beide.",
	Block:      "Blockieren",
	BlockHint:  "Blockieren hält außerdem Nachrichten und Anfragen von dieser Person fern. Sie erfährt nichts davon.",
	Message:    "Schreiben", More: "Mehr",
	Whom: "({who})", RequestOf: "(Anfrage von {who})", RequestTo: "(Anfrage an {who})",
	MessageTo: "an {who}", MoreAbout: "zu {who}",

	Sent:       "Deine Anfrage ist unterwegs.",
	NowFriends: "Ihr seid jetzt befreundet und habt einen Raum.",
	Declined:   "Die Anfrage ist weg. Die Person erfährt nichts davon.", Canceled: "Du hast deine Anfrage zurückgezogen.",
	Removed:    "Ihr seid nicht mehr befreundet.",
	BlockedNow: "Blockiert. Die Person erfährt nichts davon.", Unblocked: "Die Person ist nicht mehr blockiert.",

	NoSuchUser:     "Hier heißt niemand so. Lass dir sagen, wie der Name genau geschrieben wird.",
	Self:           "Das bist du. Gib den Namen von jemand anderem ein.",
	Already:        "Ihr seid schon befreundet.",
	Blocking:       "Du blockierst diese Person. Heb das zuerst auf.",
	TooManyPending: "Fünf deiner Anfragen warten noch auf Antwort. Zieh eine zurück oder warte ab.",
	TooManyToday:   "Du hast heute schon zwanzig Leute angefragt. Mach bitte morgen weiter.",
	NoRequest:      "Diese Anfrage gibt es nicht mehr.",
}

var germanPerson = Person{
	You: "So sehen dich deine Freunde.", Change: "Profil ändern",
	Friends: "Ihr seid befreundet.", Write: "Nachricht schreiben",
	RequestSent:     "Du hast um Freundschaft gebeten. Eine Antwort steht noch aus.",
	RequestReceived: "Diese Person möchte mit dir befreundet sein.",
	Blocked:         "Du blockierst diese Person. Sie kann dir nicht schreiben und dich um nichts bitten.",
	NotYet:          "Ihr seid noch nicht befreundet. Wenn ihr es seid, habt ihr einen Raum für euch.",
	Ask:             "Um Freundschaft bitten", All: "Alle Freunde",
}

var germanProfile = Profile{
	About: "Über dich", UsernameIs: "Dein Benutzername ist {who}.", SeeOthers: "Ansehen, was andere sehen",
	Name: "Name", NameHint: "Er steht neben deinen Nachrichten.",
	Zone: "Zeitzone", ZoneHint: "Alle Uhrzeiten hier gelten in dieser Zone.",
	Language: "Sprache", ByBrowser: "Wie der Browser es möchte",
	Photo: "Foto", PhotoHint: "Bis zu 10 MB. Wo und wann es aufgenommen wurde, wird daraus entfernt.",
	Save: "Speichern", RemovePhoto: "Foto entfernen",
	Password: "Passwort", YourUsername: "Dein Benutzername", Current: "Das jetzige Passwort",
	NewPassword: "Ein neues Passwort", NewPasswordHint: "Mindestens 10 Zeichen. Alle anderen Browser werden abgemeldet.",
	SetPassword: "Passwort ändern",
	Sessions:    "Wo du angemeldet bist", ThisBrowser: "Dieser Browser", SignOut: "Abmelden",
	Browser: "{who} auf {what}", SomeBrowser: "Ein Browser auf {what}", UnknownSystem: "einem unbekannten System",
	Presence: "Was andere live sehen", ShowOnline: "Anderen zeigen, wenn ich hier bin", ShowTyping: "Anderen zeigen, wenn ich schreibe",
	PresenceHint: "Nur Leute im selben Raum sehen es, solange es so ist. Es wird nicht gespeichert.",
	NoScripts:    "Ohne Skripte", HowRooms: "Wie Räume sich verhalten", AsLive: "Live: Nachrichten kommen, sobald sie gesagt sind",
	AsWait: "Wartend: Die Seite kommt neu, wenn es etwas gibt", AsPlain: "Einfach: Die Seite bleibt, wie sie ist", SaveMode: "So verwenden", NoSuchMode: "Wähle eines der drei.",
	OnPlain: "Auf wartenden und einfachen Seiten", NewestLast: "Neueste Nachrichten zuletzt", NewestFirst: "Neueste Nachrichten zuerst",
	Saved: "Gespeichert.",

	NoName:         "Gib den Namen ein, den andere sehen sollen.",
	NameBroken:     "Dieser Name geht nicht.",
	NameInvisible:  "In einem Namen sind keine Steuerzeichen oder anderen unsichtbaren Zeichen möglich.",
	NameAccents:    "Auf einem Buchstaben können zwei Akzente stehen, mehr nicht.",
	NameLong:       "Ein Name hat höchstens 40 Zeichen.",
	NoSuchZone:     "Wähle eine Zeitzone aus der Liste, zum Beispiel Europe/Berlin.",
	NoSuchLanguage: "Wähle eine Sprache aus der Liste.",
	WrongPassword:  "Das jetzige Passwort stimmt nicht.",
	NotImage:       "Das ist kein Foto, das wir lesen können. JPEG, PNG, GIF und WebP gehen.",
	TooLarge:       "Dieses Foto ist größer als 10 MiB.",
	TooManyPixels:  "Dieses Foto hat zu viele Pixel. Bis zu 24 Megapixel und 8000 je Seite gehen.",
	TooManyPhotos:  "Das ist mehr, als du senden kannst: 60 Fotos in der Stunde und 200 MiB insgesamt. Warte eine Weile oder lösche einige.",
	PhotosBusy:     "Der Server ist mit anderen Fotos beschäftigt. Bitte versuch es gleich noch einmal.",
}

var germanGroup = Group{
	New: "Neue Gruppe", RoomName: "Name der Gruppe", Who: "Wer dabei ist",
	NoFriends:   "Nur Freunde können dabei sein, und du hast hier noch keine.",
	AskSomebody: "Jemanden anfragen", Create: "Gruppe öffnen",
	Back: "Zurück zum Raum", Members: "Mitglieder", Name: "Name", Rename: "Umbenennen",
	Leave: "Diesen Raum verlassen", LeaveButton: "Verlassen",
	LastLeaves:   "Außer dir ist niemand mehr hier: Danach kann ihn niemand mehr öffnen.",
	OwnerLeaves:  "Du siehst ihn dann nicht mehr, und wer nach dir kam, übernimmt die Leitung. Ein Mitglied kann dich wieder hereinholen.",
	MemberLeaves: "Du siehst ihn dann nicht mehr. Ein Mitglied kann dich wieder hereinholen.",
	Owner:        "Leitung", OwnerHint: "Die Leitung kann den Raum umbenennen und andere hinaussetzen. Sie liegt bei einer Person.",
	MakeOwner:  "Leitung übergeben",
	RemoveHint: "Die Person sieht dann nichts mehr von dem, was gesagt wird.", Remove: "Hinaussetzen",
	Add: "Jemanden hereinholen", AddHint: "Die Person sieht, was ab dann gesagt wird, und nichts von vorher.",
	AllIn: "Alle deine Freunde sind in diesem Raum.", AskElse: "Jemand anderen um Freundschaft bitten", AddButton: "Hereinholen",
	Count: func(n int) string { return strconv.Itoa(n) + " " + plural(n, "Mitglied", "Mitglieder") },

	HereNow:       "Gerade hier",
	Notifications: "Ruhe", Photo: "Foto des Raums", SavePhoto: "Foto speichern",

	BadName:   "Gib dem Raum einen sichtbaren Namen mit 1 bis 60 Zeichen, in einer Zeile.",
	NotFriend: "Nur deine Freunde kannst du hereinholen. Bitte zuerst um Freundschaft.",
	AlreadyIn: "Diese Person ist schon in diesem Raum.",
	Full:      "Ein Raum hat höchstens 100 Leute.",
	TooFast:   "Das war etwas schnell. Warte eine Sekunde und versuch es noch einmal.",
}

var germanRooms = Rooms{
	None: "Noch keine Räume.", NoneHint: "Frag eine Freundin oder einen Freund an: Mit der Zusage habt ihr hier einen Raum für euch beide.", AskFriend: "Jemanden anfragen",
	NoMessages: "Noch nichts gesagt", You: "Du: {what}",
	Unread: "ungelesen", Mentioned: "du wurdest erwähnt", Muted: "Stumm",
	Choose: "Wähle einen Raum, um zu lesen und zu schreiben.", First: "Hier öffnet sich dein erster Raum.",
	IsMuted: "Dieser Raum ist stumm: Er zählt im Titel der Seite nicht mit.", Unmute: "Nicht mehr stumm",
	MuteHint: "Ein stummer Raum behält seine Zahl in der Liste und drängt sich nicht auf.", Mute: "Raum stummschalten",
}
