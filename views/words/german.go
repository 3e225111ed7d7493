package words

var german = Catalog{
	Lang: "de", Self: "Deutsch",
	Someone: "jemand",
	Dates:   germanDates,

	Nav: Nav{
		Skip: "Zum Inhalt springen", Main: "Hauptmenü", ProblemTitle: "Fehler: {what}",
		Rooms: "Räume", Friends: "Freunde", Search: "Suche", Profile: "Profil", SignOut: "Abmelden",
		Requests: func(n int) string { return plural(n, "Anfrage", "Anfragen") },

		SignedOut: "Du bist abgemeldet.", SignIn: "Anmelden",
		Closed: "Diese Unterhaltung ist beendet.",
		Unsent: "Noch nicht gesendet. Das geschieht, sobald die Verbindung wieder da ist.",
		Lost:   "Keine Verbindung. Neuer Versuch …",
	},

	Account: Account{
		Tagline:  "Ein Chat, der einfach da ist.",
		Anywhere: "In jedem Browser, alt oder neu, mit oder ohne Skripte.",
		Safe:     "Bei schlechter Verbindung: Nichts geht verloren, nichts kommt doppelt an.",
		Friends:  "Unter Freunden: Nur wem du zugesagt hast, kann dir schreiben.",

		SignIn: "Anmelden", SignUp: "Konto erstellen",
		Username: "Benutzername", Password: "Passwort",
		UsernameHint: "3 bis 32 Kleinbuchstaben, Ziffern, Punkte, Binde- oder Unterstriche. So finden dich deine Freunde.",
		PasswordHint: "Mindestens 10 Zeichen. Ein paar Wörter hintereinander merkt man sich leicht.",
		New:          "Neu hier?", CreateOne: "Konto erstellen", HaveOne: "Du hast schon eines?", SignInNow: "Anmelden",

		WrongCredentials: "Benutzername und Passwort passen nicht zusammen.",
		TooManyAttempts:  "Zu viele Versuche. Bitte warte eine Minute und versuch es dann noch einmal.",
		SignUpClosed:     "Dieser Server nimmt keine neuen Konten an. Frag die Person, die ihn betreibt.",

		NoName:     "Wähle einen Benutzernamen.",
		NameChars:  "Ein Benutzername hat nur die Buchstaben a bis z, Ziffern, Punkte, Binde- und Unterstriche.",
		NameLength: "Ein Benutzername hat 3 bis 32 Zeichen.",
		NameTaken:  "Diesen Benutzernamen gibt es schon. Wähle einen anderen.",

		PasswordChars:    "In diesem Passwort sind Zeichen, die nicht gehen.",
		PasswordShort:    "Ein Passwort hat mindestens 10 Zeichen. Ein paar Wörter sind gut.",
		PasswordLong:     "Ein Passwort hat höchstens 256 Zeichen.",
		PasswordIsName:   "Dein Benutzername darf nicht dein Passwort sein.",
		PasswordIsCommon: "Dieses Passwort würden andere als eines der ersten probieren. Wähle ein anderes.",
	},

	Trouble: Trouble{
		Why: map[int]Sentences{
			400: {"Das war nicht zu verstehen", "Dein Browser hat etwas gesendet, das wir nicht lesen konnten."},
			401: {"Du bist abgemeldet", "Melde dich wieder an, um weiterzumachen."},
			403: {"Das wurde abgelehnt", "Die Anfrage kam von einer anderen Website oder einer alten Seite. Geh zurück, lade die Seite neu und versuch es noch einmal."},
			404: {"Hier ist nichts", "Die Seite gibt es nicht, oder sie ist nicht für dich bestimmt."},
			405: {"Das geht hier nicht", "Diese Adresse kann nicht, was von ihr verlangt wurde."},
			408: {"Das hat zu lange gedauert", "Deine Verbindung war zu langsam für das Ganze. Bitte versuch es noch einmal."},
			413: {"Das ist zu groß", "Fotos dürfen je 10 MiB und zusammen 11 MiB haben, alles andere 64 KiB."},
			421: {"Falsche Adresse", "Dieser Server hört nicht auf den Namen, den du benutzt hast."},
			422: {"So geht es nicht", "Daran muss sich erst etwas ändern."},
			429: {"Das war etwas schnell", "Bitte warte einen Moment und versuch es noch einmal."},
			431: {"Das ist zu groß", "Die Adresse oder die Cookies sind zu lang."},
			499: {"Das hat nicht geklappt", "Dein Browser hat etwas gesendet, mit dem wir nichts anfangen konnten."},
			500: {"Da ist etwas schiefgegangen", "Es liegt an uns und ist notiert. Versuch es gleich noch einmal."},
			503: {"Gerade nicht", "Der Server ist beschäftigt oder startet neu. Nichts ist verloren: Versuch es gleich noch einmal."},
		},
		Advice: map[int]string{
			403: "Geh zurück, lade die Seite neu und versuch es noch einmal.",
			404: "Vielleicht ist die Adresse vertippt, oder was hier war, ist weg.",
			413: "Geh zurück und ändere es: Dein Browser behält, was du geschrieben hast.",
			422: "Geh zurück und ändere es: Dein Browser behält, was du geschrieben hast.",
			429: "Warte eine Minute, geh dann zurück und versuch es noch einmal: Dein Browser behält, was du geschrieben hast.",
			500: "Warte einen Moment, geh dann zurück und versuch es noch einmal: Dein Browser behält, was du geschrieben hast.",
		},
		Rooms: "Zu deinen Räumen", Start: "Zur Startseite",
	},

	Friends:    germanFriends,
	Person:     germanPerson,
	Profile:    germanProfile,
	Group:      germanGroup,
	Rooms:      germanRooms,
	Room:       germanRoom,
	Message:    germanMessage,
	Refusals:   germanRefusals,
	Detail:     germanDetail,
	PhotoForm:  germanPicture,
	Search:     germanSearch,
	Formatting: germanFormatting,
}
