package words

var germanSSO = SSO{
	Title: "Anmeldung über andere Dienste",
	Why:   "Melde dich mit einem Konto an, das du anderswo hast.",
	With:  "Weiter mit {what}", Or: "oder",
	As:      "{what}, als {who}",
	Connect: "{what} verbinden", Remove: "Trennen",
	Alone: "Auf diesem Server meldet man sich mit einem Konto an, das man anderswo hat.",

	New: "Noch ein Schritt", NewHint: "{what} kennt dich als {who}. Damit ist hier noch kein Konto verbunden.",
	Make: "Ich bin neu hier", Have: "Ich habe hier schon ein Konto",
	HaveHint: "Gib dieses eine Mal Benutzernamen und Passwort ein. Danach meldest du dich mit {what} an.",
	Link:     "Verbinden und anmelden",
	Mine:     "Mit deinem Konto verbinden", MineHint: "Danach kannst du dich bei deinem Konto {whom} mit {what} anmelden.",
	LinkMine: "Verbinden", NotNow: "Jetzt nicht",

	NoPassword: "Du hast hier kein Passwort. Melde dich noch einmal dort an, wo du es sonst tust, um zu zeigen, dass du es bist. Das gilt zehn Minuten lang.",
	Confirm:    "Zeigen, dass du es bist",

	IsConnected: "Verbunden. Ab jetzt kannst du dich damit anmelden.", IsRemoved: "Getrennt.", Already: "Dieses Konto ist schon mit deinem verbunden.",

	Denied:       "{what} hat dich nicht hereingelassen, oder du hast abgebrochen.",
	Unavailable:  "{what} ist gerade nicht erreichbar. Bitte versuch es später noch einmal.",
	Failed:       "Mit der Antwort von {what} lässt sich nichts anfangen. Bitte versuch es noch einmal. Passiert es wieder, sag der Verwaltung dieses Servers Bescheid.",
	Late:         "Das hat zu lange gedauert oder wurde in einem anderen Browser begonnen. Bitte versuch es noch einmal.",
	Taken:        "Dieses Konto bei {what} ist hier mit einem anderen Konto verbunden.",
	Other:        "Das ist ein anderes Konto bei {what} als das, das mit deinem verbunden ist.",
	TooMany:      "Du kannst 10 Konten verbinden. Trenne zuerst eines.",
	LastWay:      "Ohne das könntest du dich nicht mehr anmelden. Setz zuerst ein Passwort, oder verbinde ein anderes Konto.",
	ConfirmFirst: "Zeig zuerst, dass du es bist.",
	PasswordsOff: "Auf diesem Server meldet man sich weder mit Passwort noch mit Passkey an.",
}
