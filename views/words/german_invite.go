package words

import "strconv"

var germanInvite = Invite{
	Title: "Leute einladen",
	Intro: "Wer deinen Link öffnet, kann hier ein Konto erstellen und ist dann mit dir befreundet.",
	Make:  "Neue Einladung",
	Uses:  "Für wie viele Leute", UsesHint: "1 bis 100.",
	Days: "Für wie viele Tage", DaysHint: "1 bis 30.",
	Rooms: "In diese Chats", RoomsHint: "Zur Wahl stehen Gruppen, die du leitest, und offene Chats, in denen du bist, höchstens 10.",
	ServerWide: "Nur auf den Server: Wer kommt, ist nicht mit mir befreundet",
	MakeButton: "Link erstellen",
	Ready:      "Dein Link", ReadyHint: "Schick ihn denen, die du hier haben möchtest. Er steht nur zehn Minuten lang hier, denn der Server speichert ihn nicht.",
	Picture: "QR-Code des Links",
	Copy:    "Link kopieren", Copied: "Kopiert.", Share: "Teilen …",
	Mine: "Deine Einladungen", None: "Du hast noch niemanden eingeladen.",
	All: "Einladungen", NoneAtAll: "Bisher hat niemand jemanden eingeladen.",
	Used: func(used, uses int) string {
		return strconv.Itoa(used) + " von " + strconv.Itoa(uses) + " " + plural(uses, "Person", "Personen") + " gekommen"
	},
	Until: "Bis {what}", Into: "Chats: {what}",
	Revoked: "Zurückgezogen", UsedUp: "Aufgebraucht", Expired: "Abgelaufen",
	Revoke: "Zurückziehen",
	Older:  "Ältere Einladungen", Newest: "Neueste Einladungen",
	Closed:     "Auf diesem Server können keine Konten mehr erstellt werden. Deshalb kann auch niemand eingeladen werden, und Links führen nirgendwohin.",
	AdminsOnly: "Auf diesen Server kann nur die Verwaltung einladen.",
	BadUses:    "Gib eine Zahl von 1 bis 100 ein.",
	BadDays:    "Gib eine Zahl von 1 bis 30 ein.",
	BadRooms:   "Du kannst in höchstens 10 Chats einladen: in Gruppen, die du leitest, und in offene Chats, in denen du bist.",
	TooMany:    "Du hast heute 20 Einladungen erstellt. Versuch es morgen wieder.",
	Somebody:   "Lade jemanden ein, der noch nicht hier ist", NotHere: "Noch nicht hier? Schick eine Einladung.",
	Invitation: "Einladung", By: "{who} lädt dich zu {what} ein",
	Friends: "Du und {who} seid dann befreundet.", Members: "Du bist dann in:",
	Accept: "Einladung annehmen", Own: "Das ist deine eigene Einladung. Schick den Link jemand anderem.",
	Gone:     Sentences{"Diese Einladung gilt nicht", "Vielleicht ist sie aufgebraucht, zurückgezogen oder abgelaufen. Bitte um einen neuen Link."},
	TooOften: "Du hast heute 20 Einladungen angenommen. Versuch es morgen wieder.",
	Missed: func(n int) string {
		return "Von den Chats, in die du eingeladen warst, " + plural(n, "fehlt ", "fehlen ") + strconv.Itoa(n) + ": " + plural(n, "Er ist", "Sie sind") + " voll oder nicht mehr da."
	},
	Needed: "Um hier ein Konto zu erstellen, brauchst du eine Einladung. Bitte jemanden, der hier ist, um einen Link.",
}
