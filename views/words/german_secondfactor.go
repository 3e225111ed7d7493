package words

var germanSecondFactor = SecondFactor{
	Title: "Anmeldung in zwei Schritten",
	Why:   "Melde dich mit deinem Passwort und einem Code aus einer App auf deinem Handy an. Dann kommt niemand hinein, der nur dein Passwort kennt.",
	Since: "Die Anmeldung in zwei Schritten ist seit {what} an.", Manage: "Einrichten oder ändern",
	Required: "Wer diesen Server verwaltet, muss sich in zwei Schritten anmelden. Richte das hier ein, um weiterzumachen.",
	App:      "Codes aus einer App",
	AppHint:  "Du brauchst eine App für Einmalcodes, zum Beispiel Aegis, FreeOTP+ oder 2FAS. Auch viele Passwortmanager können das.",
	Begin:    "App einrichten",
	Scan:     "1. Scanne dieses Bild mit der App.", QR: "QR-Code für die App",
	Key: "Oder tippe diesen Schlüssel ein:", Open: "Oder öffne ihn in einer App auf diesem Gerät",
	Code: "Einmalcode", CodeHint: "2. Gib die sechs Ziffern ein, die die App zeigt. In allen anderen Browsern wirst du abgemeldet.",
	TurnOn:    "Einschalten",
	TurnedOn:  "Die Anmeldung in zwei Schritten ist an. Leg dir auch Wiederherstellungscodes zu, falls du dein Handy verlierst.",
	TurnedOff: "Die Anmeldung in zwei Schritten ist aus.",
	TurnOff:   "Ausschalten", TurnOffHint: "Aus deiner App, oder ein Wiederherstellungscode.",

	Enter: "Gib deinen Code ein", EnterHint: "Dein Passwort stimmt. Öffne die App auf deinem Handy und gib den Code ein, den sie zeigt.",
	AnyCode: "Sechs Ziffern aus deiner App, oder ein Wiederherstellungscode.", Other: "Anderes Konto verwenden",

	WrongCode:    "Dieser Code ist falsch oder wurde schon verwendet. Warte auf den nächsten. Wenn keiner geht, prüf die Uhr deines Handys.",
	TooManyCodes: "Zu viele falsche Codes. Warte 15 Minuten und versuch es dann noch einmal.",
	Late:         "Das hat zu lange gedauert. Bitte melde dich noch einmal an.",
	SetupLate:    "Das hat zu lange gedauert. Bitte fang noch einmal an.",
	Already:      "Die Anmeldung in zwei Schritten ist schon an.",
}

var germanPasskeys = Passkeys{
	Title: "Passkeys",
	Why:   "Melde dich mit Fingerabdruck, Gesicht, PIN oder Sicherheitsschlüssel an. Das geht schneller als mit Passwort, und niemand kann dir etwas ablisten.",
	None:  "Du hast noch keine Passkeys.",
	Added: "Hinzugefügt am {what}", Used: "zuletzt verwendet am {what}",
	Name: "Name", NameHint: "Zum Beispiel das Gerät, auf dem er liegt.", Add: "Passkey hinzufügen",
	Rename: "Umbenennen", Remove: "Entfernen",
	New: "Passkey hinzufügen", NewHint: "Dein Browser fragt dich, wo er den Passkey aufbewahren soll.", Make: "Passkey erstellen",
	SignIn: "Mit Passkey anmelden", UseHint: "Dein Browser fragt dich, welchen Passkey du verwenden willst.", Use: "Passkey verwenden",
	NeedsScripts: "Passkeys brauchen JavaScript, und das ist in diesem Browser aus. Alles andere geht ohne.",
	NeedsHTTPS:   "Passkeys gehen nur, wo dieser Server einen Namen und eine https-Adresse hat.",
	NoSupport:    "Dieser Browser kann keine Passkeys.",
	IsAdded:      "Passkey hinzugefügt. Ab jetzt kannst du dich damit anmelden.", IsRemoved: "Passkey entfernt.",
	Remain:   "Dein neues Passwort gilt. Mit diesen Passkeys kann man sich weiterhin anmelden: Entferne alle, die du nicht kennst.",
	Canceled: "Das wurde abgebrochen oder hat zu lange gedauert. Versuch es noch einmal, wenn du so weit bist.",
	Refused:  "Dieser Passkey geht hier nicht. Vielleicht wurde er entfernt.",
	TooMany:  "Du kannst 10 Passkeys haben. Entferne zuerst einen.",
	Late:     "Das hat zu lange gedauert. Bitte versuch es noch einmal.",
	InUse:    "Dieser Passkey wird schon verwendet.",
}
