package words

import "strconv"

var germanFriends = Friends{
	Ask: "Freunde per Benutzername hinzufügen", AskButton: "Anfrage senden",
	AskHint:  "Die Person sieht deinen Namen und kann annehmen oder ablehnen.",
	Incoming: "Freundschaftsanfragen", Yours: "Deine Freunde", Outgoing: "Gesendete Anfragen", Blocked: "Blockiert",
	None:     "Noch keine Freunde.",
	NoneHint: "Gib oben einen Benutzernamen ein. Sobald deine Anfrage angenommen ist, habt ihr einen Chat für euch beide.",
	Accept:   "Annehmen", Decline: "Ablehnen", Cancel: "Zurückziehen", Unblock: "Blockierung aufheben",
	Remove:     "Entfernen",
	RemoveHint: "Beendet eure Freundschaft und schließt euren Chat für euch beide.",
	Block:      "Blockieren",
	BlockHint:  "Stoppt Direktnachrichten und Anfragen von dieser Person. In gemeinsamen Gruppen siehst du weiter, was sie schreibt. Sie erfährt nichts davon.",
	Message:    "Schreiben", More: "Mehr",
	Whom: "({who})", RequestOf: "(Anfrage von {who})", RequestTo: "(Anfrage an {who})",
	MessageTo: "an {who}", MoreAbout: "zu {who}",

	Sent:       "Anfrage gesendet.",
	NowFriends: "Ihr seid jetzt befreundet und habt einen Chat.",
	Declined:   "Anfrage abgelehnt. Die Person erfährt nichts davon.", Canceled: "Anfrage zurückgezogen.",
	Removed:    "Freundschaft beendet.",
	BlockedNow: "Blockiert. Die Person erfährt nichts davon.", Unblocked: "Blockierung aufgehoben.",

	NoSuchUser:     "Niemand hier hat diesen Benutzernamen. Prüf die Schreibweise.",
	Self:           "Das bist du. Gib den Benutzernamen von jemand anderem ein.",
	Already:        "Ihr seid schon befreundet.",
	Blocking:       "Du hast diese Person blockiert. Heb das zuerst auf.",
	TooManyPending: "Fünf deiner Anfragen sind noch offen. Zieh eine zurück oder warte auf eine Antwort.",
	TooManyToday:   "Du hast heute 20 Anfragen gesendet. Versuch es morgen wieder.",
	TooManyNames:   "Du hast heute 40 Benutzernamen eingegeben. Versuch es morgen wieder.",
	NoRequest:      "Diese Anfrage gibt es nicht mehr.",
}

var germanPerson = Person{
	You: "So sehen dich deine Freunde.", Change: "Profil bearbeiten",
	Friends: "Ihr seid befreundet.", Write: "Nachricht senden",
	RequestSent:     "Du hast eine Freundschaftsanfrage gesendet. Eine Antwort steht noch aus.",
	RequestReceived: "Diese Person hat dir eine Freundschaftsanfrage gesendet.",
	Blocked:         "Du hast diese Person blockiert. Sie kann dir weder Direktnachrichten noch Anfragen senden.",
	NotYet:          "Ihr seid noch nicht befreundet. Sobald ihr es seid, habt ihr einen Chat für euch beide.",
	Ask:             "Freundschaftsanfrage senden", All: "Alle Freunde",
}

var germanProfile = Profile{
	About: "Über dich", UsernameIs: "Dein Benutzername ist {who}.", SeeOthers: "So sehen dich andere",
	Name: "Name", NameHint: "Steht neben deinen Nachrichten.",
	Zone: "Zeitzone", ZoneHint: "Zeiten werden in dieser Zeitzone angezeigt.",
	Language: "Sprache", ByBrowser: "Wie im Browser",
	Photo: "Foto", PhotoHint: "Bis zu 10 MB. Ort und Datum werden entfernt.",
	Save: "Speichern", RemovePhoto: "Foto entfernen",
	Password: "Passwort", YourUsername: "Dein Benutzername", Current: "Aktuelles Passwort",
	NewPassword: "Neues Passwort", NewPasswordHint: "Mindestens 10 Zeichen. In allen anderen Browsern wirst du abgemeldet.",
	SetPassword: "Passwort ändern",
	Sessions:    "Wo du angemeldet bist", ThisBrowser: "Dieser Browser", SignOut: "Abmelden",
	Browser: "{who} auf {what}", SomeBrowser: "Unbekannter Browser auf {what}", UnknownSystem: "einem unbekannten System",
	Presence: "Online-Status", ShowOnline: "Zeigen, wenn ich online bin", ShowTyping: "Zeigen, wenn ich tippe",
	PresenceHint: "Nur Leute im selben Chat können das sehen. Es wird nicht gespeichert.",
	NoScripts:    "Ohne JavaScript", HowRooms: "Wie sich Chats aktualisieren", AsLive: "Live: Nachrichten erscheinen sofort",
	AsWait: "Wartend: Die Seite lädt neu, wenn es etwas Neues gibt", AsPlain: "Einfach: Die Seite aktualisiert sich nicht von selbst", SaveMode: "Speichern", NoSuchMode: "Wähle eine der drei Möglichkeiten.",
	OnPlain: "Auf wartenden und einfachen Seiten", NewestLast: "Neueste Nachrichten zuletzt", NewestFirst: "Neueste Nachrichten zuerst",
	Saved: "Gespeichert.",

	NoName:         "Gib den Namen ein, den andere sehen sollen.",
	NameBroken:     "Dieser Name ist nicht möglich.",
	NameInvisible:  "Zeichen {n} ({what}) ist unsichtbar. Bitte entferne es.",
	NameAccents:    "Zeichen {n} („{what}“) hat zu viele Akzente.",
	NameLoose:      "Zeichen {n} ist ein Akzent ohne Buchstaben.",
	NameLong:       "Nimm höchstens 40 Zeichen.",
	NoSuchZone:     "Wähle eine Zeitzone aus der Liste, zum Beispiel Europe/Berlin.",
	NoSuchLanguage: "Wähle eine Sprache aus der Liste.",
	WrongPassword:  "Das ist nicht dein aktuelles Passwort.",
	NotImage:       "Dieses Foto können wir nicht lesen. Nimm JPEG, PNG, GIF oder WebP.",
	TooLarge:       "Dieses Foto ist zu groß (höchstens 10 MB).",
	TooManyPixels:  "Dieses Foto ist zu groß (höchstens 24 Megapixel, 8000 px je Seite).",
	TooLargeHere:   "Dieses Foto ist zu groß. Dieser Server speichert Fotos bis {what}.",
	TooManyPhotos:  "Du kannst 60 Fotos pro Stunde senden und insgesamt 200 MB speichern. Warte etwas oder lösch einige.",
	PhotosBusy:     "Der Server ist mit anderen Fotos beschäftigt. Versuch es gleich noch einmal.",
}

var germanGroup = Group{
	New: "Neue Gruppe", RoomName: "Gruppenname", Who: "Mitglieder",
	NoFriends:   "Du kannst nur Freunde hinzufügen, und hier hast du noch keine.",
	AskSomebody: "Freunde hinzufügen", Create: "Gruppe erstellen",
	Back: "Zurück zum Chat", Members: "Mitglieder", Name: "Name", Rename: "Umbenennen",
	Leave: "Gruppe verlassen", LeaveButton: "Verlassen",
	LastLeaves:   "Nur du bist noch hier. Wenn du gehst, kann niemand diese Gruppe mehr öffnen.",
	OwnerLeaves:  "Du siehst diese Gruppe dann nicht mehr, und Admin wird, wer am längsten dabei ist. Jedes Mitglied kann dich wieder hinzufügen.",
	MemberLeaves: "Du siehst diese Gruppe dann nicht mehr. Jedes Mitglied kann dich wieder hinzufügen.",
	Owner:        "Admin", OwnerHint: "Der Admin kann die Gruppe umbenennen und Mitglieder entfernen. Es gibt nur einen.",
	MakeOwner:  "Zum Admin machen",
	RemoveHint: "Die Person sieht keine neuen Nachrichten mehr.", Remove: "Entfernen",
	Add: "Freunde hinzufügen", AddHint: "Sie sehen neue Nachrichten, aber keine früheren.",
	AllIn: "Alle deine Freunde sind in dieser Gruppe.", AskElse: "Weitere Freunde hinzufügen", AddButton: "Hinzufügen",
	Count: func(n int) string { return strconv.Itoa(n) + " " + plural(n, "Mitglied", "Mitglieder") },

	HereNow:       "Online",
	Notifications: "Benachrichtigungen", Photo: "Gruppenfoto", SavePhoto: "Foto speichern",

	NoName:    "Gib der Gruppe einen Namen.",
	NameLong:  "Nimm höchstens 60 Zeichen.",
	NotFriend: "Du kannst nur Freunde hinzufügen. Sende zuerst eine Freundschaftsanfrage.",
	AlreadyIn: "Diese Person ist schon in der Gruppe.",
	Full:      "Eine Gruppe kann höchstens 100 Mitglieder haben.",
	TooFast:   "Das ging zu schnell. Warte eine Sekunde und versuch es noch einmal.",
}

var germanRooms = Rooms{
	None: "Noch keine Chats.", NoneHint: "Füge Freunde hinzu. Sobald sie annehmen, habt ihr hier einen Chat für euch beide.", AskFriend: "Freunde hinzufügen",
	NoMessages: "Noch keine Nachrichten", You: "Du: {what}",
	Unread: "ungelesen", Mentioned: "erwähnt dich", Muted: "Stumm",
	Choose: "Wähle einen Chat aus.", First: "Hier öffnet sich dein erster Chat.",
	IsMuted: "Dieser Chat ist stummgeschaltet. Er zeigt Ungelesenes, meldet sich aber nicht.", Unmute: "Stummschaltung aufheben",
	MuteHint: "Stummgeschaltete Chats zeigen Ungelesenes, melden sich aber nicht.", Mute: "Chat stummschalten",
}
