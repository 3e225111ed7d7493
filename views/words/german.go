package words

var german = Catalog{
	Lang: "de", Self: "Deutsch",
	Someone: "jemand",
	Dates:   germanDates,

	Nav: Nav{
		Skip: "Zum Inhalt springen", Main: "Hauptmenü", ProblemTitle: "Fehler: {what}",
		Rooms: "Chats", Friends: "Freunde", Search: "Suche", Profile: "Profil", SignOut: "Abmelden",
		Requests: func(n int) string { return plural(n, "Anfrage", "Anfragen") },

		SignedOut: "Du bist abgemeldet.", SignIn: "Anmelden",
		Closed: "Du bist nicht mehr in diesem Chat.",
		Unsent: "Noch nicht gesendet. Wird gesendet, sobald du wieder online bist.",
		Lost:   "Verbindung verloren. Wird neu verbunden …",
	},

	Account: Account{
		Tagline:  "Der Chat, der einfach funktioniert.",
		Anywhere: "Läuft in jedem Browser, alt oder neu, mit oder ohne JavaScript.",
		Safe:     "Verträgt schlechte Verbindungen: Nichts geht verloren, nichts kommt doppelt an.",
		Friends:  "Hält Fremde fern: Nur Freunde können dir schreiben oder dich zu einer Gruppe hinzufügen.",

		SignIn: "Anmelden", SignUp: "Konto erstellen",
		Username: "Benutzername", Password: "Passwort",
		UsernameHint: "3 bis 32 Kleinbuchstaben, Ziffern, Punkte, Binde- oder Unterstriche. So finden dich deine Freunde.",
		PasswordHint: "Mindestens 10 Zeichen. Ein paar zufällige Wörter sind ideal.",
		New:          "Neu hier?", CreateOne: "Konto erstellen", HaveOne: "Schon ein Konto?", SignInNow: "Anmelden",

		WrongCredentials: "Benutzername oder Passwort ist falsch.",
		TooManyAttempts:  "Zu viele Versuche. Warte eine Minute und versuch es noch einmal.",
		TooManySignUps:   "Zu viele Versuche aus deinem Netz. Warte eine Weile und versuch es dann noch einmal.",
		SignUpClosed:     "Auf diesem Server kann man sich nicht registrieren. Frag den Admin.",

		NoName:       "Wähle einen Benutzernamen.",
		NameChars:    "Nimm nur die Buchstaben a bis z, Ziffern, Punkte, Binde- und Unterstriche.",
		NameLength:   "Nimm 3 bis 32 Zeichen.",
		NameEnds:     "Der Name muss mit einem Buchstaben oder einer Ziffer beginnen und enden.",
		NameReserved: "Dieser Benutzername ist reserviert. Wähle einen anderen.",
		NameTaken:    "Dieser Benutzername ist vergeben. Wähle einen anderen.",

		PasswordChars:    "Dieses Passwort enthält Zeichen, die nicht möglich sind.",
		PasswordShort:    "Nimm mindestens 10 Zeichen.",
		PasswordLong:     "Nimm höchstens 256 Zeichen.",
		PasswordIsName:   "Dein Passwort darf nicht dein Benutzername sein.",
		PasswordIsCommon: "Dieses Passwort ist zu leicht zu erraten. Wähle ein anderes.",
	},

	Trouble: Trouble{
		Why: map[int]Sentences{
			400: {"Ungültige Anfrage", "Dein Browser hat etwas gesendet, das wir nicht lesen konnten."},
			401: {"Du bist abgemeldet", "Melde dich wieder an, um weiterzumachen."},
			403: {"Anfrage abgelehnt", "Sie kam von einer anderen Website oder einer veralteten Seite. Lade die Seite neu und versuch es noch einmal."},
			404: {"Hier ist nichts", "Diese Seite gibt es nicht, oder du hast keinen Zugriff darauf."},
			405: {"Hier nicht möglich", "Das geht auf dieser Seite nicht."},
			408: {"Das hat zu lange gedauert", "Deine Verbindung war zu langsam, um alles zu senden. Bitte versuch es noch einmal."},
			413: {"Das ist zu groß", "Fotos dürfen je 10 MB und zusammen 11 MB groß sein, alles andere bis 64 KB."},
			421: {"Falsche Adresse", "Unter dieser Adresse ist der Server nicht erreichbar."},
			422: {"Das lässt sich nicht speichern", "Bitte korrigiere es und versuch es noch einmal."},
			429: {"Das ging zu schnell", "Warte einen Moment und versuch es noch einmal."},
			431: {"Das ist zu groß", "Die Adresse oder deine Cookies sind zu lang."},
			499: {"Das hat nicht geklappt", "Dein Browser hat etwas gesendet, mit dem wir nichts anfangen konnten."},
			500: {"Da ist etwas schiefgegangen", "Es liegt an uns und wurde protokolliert. Versuch es gleich noch einmal."},
			503: {"Gerade nicht verfügbar", "Der Server ist beschäftigt oder startet neu. Nichts ist verloren. Versuch es gleich noch einmal."},
		},
		Advice: map[int]string{
			403: "Geh erst zurück und kopiere, was du geschrieben hast, bevor du neu lädst.",
			404: "Prüf die Adresse auf Tippfehler. Vielleicht gibt es das hier nicht mehr.",
			405: "Geh zurück und versuch es anders.",
			413: "Geh zurück und ändere es. Dein Browser behält, was du geschrieben hast.",
			421: "Prüf die Adresse oder frag den Admin des Servers.",
			422: "Geh zurück und ändere es. Dein Browser behält, was du geschrieben hast.",
			429: "Warte eine Minute, geh dann zurück und versuch es noch einmal. Dein Browser behält, was du geschrieben hast.",
			431: "Lösch die Cookies dieser Website und versuch es noch einmal.",
			500: "Warte einen Moment, geh dann zurück und versuch es noch einmal. Dein Browser behält, was du geschrieben hast.",
		},
		Rooms: "Zu deinen Chats", Start: "Zur Startseite",
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
