package words

import "strconv"

var germanRecovery = Recovery{
	Forgot: "Passwort vergessen?", ForgotHint: "Auf jedem dieser Wege setzt du ein neues Passwort. Überall sonst wirst du abgemeldet.",
	ByCode: "Mit einem Wiederherstellungscode", ByCodeHint: "Mit einem der zehn Codes, die du in deinem Profil erstellt hast.",
	ByMail: "Per E-Mail", ByMailHint: "Wenn das Konto eine bestätigte E-Mail-Adresse hat, schicken wir einen Link dorthin.",
	NoMail:   "Dieser Server verschickt keine E-Mails.",
	SendLink: "Link schicken", Sent: "Wenn dieses Konto eine bestätigte E-Mail-Adresse hat, ist ein Link dorthin unterwegs. Er gilt einmal, eine Stunde lang.",
	ByAdmin: "Mit Hilfe der Verwaltung", ByAdminHint: "Wende dich an die Verwaltung dieses Servers. Du kannst von dort einen Link für ein neues Passwort bekommen.",
	BackToSignIn: "Zurück zur Anmeldung",

	UseCode: "Wiederherstellungs\u00adcode benutzen", Code: "Wiederherstellungscode", CodeHint: "16 Buchstaben und Ziffern. Striche und Leerzeichen sind egal.",
	NewPassword: "Neues Passwort", PasswordHint: "Mindestens 10 Zeichen. Überall sonst wirst du abgemeldet.", SetNew: "Neues Passwort setzen",
	WrongCode: "Benutzername oder Wiederherstellungscode ist falsch.", TooMany: "Zu viele Versuche. Warte eine Weile und versuch es dann noch einmal.",
	Reset: "Neues Passwort setzen", For: "Für das Konto {who}.",
	Dead: "Dieser Link gilt nicht", DeadHint: "Vielleicht ist er falsch abgetippt, schon benutzt, durch einen neueren ersetzt oder zu alt.",

	Codes: "Wiederherstellungscodes", CodesHint: "Jeder Code gilt einmal: um ein neues Passwort zu setzen, oder anstelle eines Codes aus deiner App. Bewahre sie sicher auf, außerhalb von Parley.",
	NoCodes:   "Du hast keine Codes.",
	CodesLeft: func(n int) string { return "Du hast noch " + strconv.Itoa(n) + " " + plural(n, "Code", "Codes") + "." },
	MakeCodes: "Zehn neue Codes erstellen", MakeHint: "Früher erstellte Codes gelten dann nicht mehr.",
	YourCodes: "Deine Wiederherstellungscodes", CodesOnce: "Schreib sie jetzt auf oder druck sie aus. Sie werden nicht noch einmal gezeigt.", Back: "Zurück zu deinem Profil",
	Address: "E-Mail-Adresse", AddressHint: "Nur für einen Link, wenn du dein Passwort vergessen hast. Niemand kann sie sehen.", AddressIs: "Deine Adresse ist {what}.",
	AddressNoMail: "Dieser Server verschickt keine E-Mails, also erstell dir Wiederherstellungscodes.", AddressSent: "Wir haben einen Link an {what} geschickt. Öffne ihn innerhalb eines Tages, um die Adresse zu bestätigen.",
	SaveAddress: "Diese Adresse bestätigen", RemoveAddress: "Adresse entfernen",
	BadAddress: "Gib eine E-Mail-Adresse an, zum Beispiel ann@example.org.", MailBusy: "Es warten gerade zu viele E-Mails. Versuch es in ein paar Minuten noch einmal.",
	Confirm: "E-Mail-Adresse bestätigen", ConfirmHint: "{what} wird die Adresse des Kontos {who}.", ConfirmNow: "Bestätigen",
	Confirmed: "Deine Adresse ist bestätigt.",

	Notices: map[string]string{
		"code":       "Dein Passwort wurde mit einem Wiederherstellungscode geändert: {what}. Alle anderen Browser wurden abgemeldet.",
		"link":       "Dein Passwort wurde mit einem Link der Verwaltung geändert: {what}. Alle anderen Browser wurden abgemeldet.",
		"mail":       "Dein Passwort wurde mit einem Link per E-Mail geändert: {what}. Alle anderen Browser wurden abgemeldet.",
		"address":    "Deine E-Mail-Adresse wurde geändert: {what}.",
		"onestep":    "Die Verwaltung dieses Servers hat die Anmeldung in zwei Schritten für dich ausgeschaltet: {what}.",
		"noaddress":  "Deine E-Mail-Adresse wurde entfernt: {what}.",
		"appon":      "Die Anmeldung in zwei Schritten wurde eingeschaltet: {what}.",
		"appoff":     "Die Anmeldung in zwei Schritten wurde ausgeschaltet: {what}.",
		"keyadded":   "Zu deinem Konto ist ein Passkey hinzugekommen: {what}.",
		"keyremoved": "Aus deinem Konto wurde ein Passkey entfernt: {what}.",
		"idadded":    "Ein Konto bei einem anderen Dienst wurde mit deinem verbunden: {what}. Man kann sich jetzt damit anmelden.",
		"idremoved":  "Ein Konto bei einem anderen Dienst wurde von deinem getrennt: {what}.",
		"codesmade":  "Für dein Konto wurden neue Wiederherstellungscodes erstellt: {what}.",
	},
	NotYou:  "Wenn du das nicht warst, ändere jetzt dein Passwort, sieh deine Passkeys durch und sag der Verwaltung dieses Servers Bescheid.",
	Dismiss: "Verstanden",

	MakeLink: "Zugangslink erstellen", MakeLinkHint: "Erstellt einen Link, mit dem die Person ein neues Passwort setzt. Er wird einmal gezeigt, und ein früherer gilt nicht mehr.",
	ForPerson: "Zugangslink für {who}", GiveLink: "Gib {who} diesen Link auf einem Weg, dem du vertraust. Er setzt einmal ein neues Passwort, gilt 24 Stunden und wird nicht noch einmal gezeigt.",
	LinkGone: "Dieser Link wurde schon gezeigt. Erstell einen neuen, falls er verloren ging.",
}

var germanDevice = Device{
	Title: "Auf einem anderen Gerät anmelden", Hint: "Zeigt einen Link, der dein Handy ohne Passwort anmeldet.", Start: "Link zeigen",
	Scan:  "Scanne das mit deinem anderen Gerät oder öffne dort den Link. Er gilt einmal, fünf Minuten lang.",
	Image: "QR-Code des Links darunter", Link: "Link für das andere Gerät", Waiting: "Warten auf dein anderes Gerät …",
	Asks: "Ein Gerät möchte sich anmelden: {who}", Compare: "Es zeigt eine Zahl. Bestätige nur, wenn es {n} ist.",
	Let: "Bestätigen", Refuse: "Ablehnen",
	In: "Bestätigt. Dein anderes Gerät meldet sich an.", Over: "Der Link wurde benutzt oder ist abgelaufen.", Again: "Neuen Link zeigen", Look: "Noch einmal nachsehen",
	As: "Als {who} anmelden?", AsHint: "Du musst es auf dem Gerät bestätigen, das den Link zeigt.", Ask: "Auf diesem Gerät anmelden",
	Wait: "Bestätige auf deinem anderen Gerät", WaitHint: "Es muss die Zahl {n} zeigen. Diese Seite meldet sich von selbst an.",
	NotIn: "Dieses Gerät ist nicht angemeldet", NotInHint: "Es wurde abgelehnt oder es hat zu lange gedauert. Hol dir auf dem anderen Gerät einen neuen Link.",
}

var germanMail = Mail{
	ResetSubject: "Neues Passwort setzen", ResetBody: "Jemand, wahrscheinlich du, möchte für das Konto {who} ein neues Passwort setzen.\n\nDieser Link setzt ein neues Passwort. Er gilt einmal, eine Stunde lang:\n\n{what}\n\nWenn du das nicht warst, musst du nichts tun.",
	ConfirmSubject: "E-Mail-Adresse bestätigen", ConfirmBody: "Jemand möchte diese Adresse für das Konto {who} benutzen, für Links bei vergessenem Passwort.\n\nDieser Link bestätigt sie. Er gilt einmal, einen Tag lang:\n\n{what}\n\nWenn das nicht dein Konto ist, musst du nichts tun.",
	ChangedSubject: "Dein Passwort wurde geändert",
	AccountSubject: "Dein Konto wurde geändert",
	OtherSubject:   "Deine E-Mail-Adresse wurde geändert", OtherBody: "Das Konto {who} benutzt diese Adresse nicht mehr, sondern eine andere.",
	Footer: "Verschickt von Parley auf {what}",
}
