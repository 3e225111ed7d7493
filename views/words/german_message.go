package words

import "strconv"

var germanDetail = Detail{
	Editing: "Nachricht bearbeiten", TheEdit: "Bearbeitung",
	Gone:     "Diese Nachricht wurde gelöscht, oder du bist nicht mehr in diesem Chat.",
	CopyLink: "Link kopieren", Copied: "Link kopiert", LinkTo: "Link zu dieser Nachricht", Person: "Profil ansehen",
	Title: "Nachricht", In: "Nachricht in {what}", With: "Nachricht im Chat mit {who}",
	Reactions: "Reaktionen", Another: "Anderes Emoji", React: "Reagieren",
	Reply: "Antworten",
	Edit:  "Nachricht bearbeiten", Text: "Text",
	EditHint: "Andere sehen, dass sie bearbeitet wurde, und auch die früheren Fassungen.", Save: "Speichern",
	DeleteIt: "Nachricht löschen", DeleteHint: "Sie wird für alle gelöscht. Das lässt sich nicht rückgängig machen.", Delete: "Löschen",
	LaterHint: "Diese Nachricht und neuere sind ungelesen, bis du den Chat wieder öffnest.",
	Unread:    "Als ungelesen markieren", History: "Bearbeitungsverlauf", OlderTexts: "Ältere Fassungen", NewestTexts: "Neueste Fassungen",
}

var germanPicture = PhotoForm{
	Photos: "Fotos", Choose: "Fotos auswählen",
	DescribeThis: "Alternativtext für", Alt: "ALT", Remove: "Entfernen",
	Many: "Höchstens 10 Fotos auf einmal.", Heavy: "Zusammen sind diese Fotos zu groß (höchstens 11\u00a0MB).",
	BadType:      "{what}: Dateiformat nicht unterstützt. Nimm JPEG, PNG, GIF oder WebP.",
	Big:          "{what} ist zu groß (höchstens 10\u00a0MB).",
	Unanswered:   "Nicht gesendet. Dein Text und deine Fotos sind noch da. Bitte sende sie noch einmal.",
	TooLarge:     "Nicht gesendet: Deine Fotos sind zu groß für einen Server auf dem Weg zu diesem. Sie und dein Text sind noch da.",
	Refused:      "Nicht gesendet: Ein Server auf dem Weg zu diesem hat es abgelehnt ({what}). Dein Text und deine Fotos sind noch da.",
	DescribeEach: "Jedes Foto beschreiben", LeaveOut: "Entfernen", Kept: "Noch angehängt: {what}",
	ChooseHint: "Bis zu 10 Fotos, je 10\u00a0MB und zusammen 11\u00a0MB. Ort und Datum werden entfernt.",
	Describe:   "Foto beschreiben", Sending: "Wird gesendet",
	Back: "Zurück", In: "{which} in {what}", With: "{which} im Chat mit {who}",
	OfMessage: "Fotos in dieser Nachricht", Previous: "Vorheriges Foto", Next: "Nächstes Foto",
	DescribeIt: "Dieses Foto beschreiben", Shows: "Beschreibung", ShowsHint: "Für alle, die es nicht sehen können. Bis zu 500 Zeichen.",
}

var germanSearch = Search{
	Words: "Nachrichten durchsuchen",
	Hint:  `Findet Nachrichten mit allen Wörtern. Das letzte findet auch längere; "Anführungszeichen" suchen den genauen Wortlaut.`,
	Where: "Chat", AllRooms: "Alle Chats", Who: "Von", Anybody: "Alle oder ein Benutzername",
	Indexing:   "Ältere Nachrichten werden noch indexiert, deshalb können welche fehlen. Versuch es in ein paar Minuten noch einmal.",
	ExactOnly:  "Zu viele Wörter beginnen mit „{what}“, deshalb siehst du nur genaue Treffer.",
	Fewer:      "Versuch es mit weniger oder kürzeren Wörtern.",
	Everywhere: "In allen Chats und von allen suchen", In: "{who} in {what}", To: "{who} an {what}",
	OlderFirst: "Ältere Treffer", NewestFirst: "Treffer, neueste zuerst",
	NothingYet: "Noch nichts gefunden", NothingOlder: "Keine älteren Treffer", Nothing: "Nichts gefunden",
	Filters: "Filter", Count: func(n int) string { return strconv.Itoa(n) + " Treffer" },
	Search: "Suchen", SearchOlder: "Ältere Nachrichten durchsuchen", Older: "Ältere Treffer",
	NoWord:       "Gib mindestens einen Buchstaben oder eine Ziffer ein.",
	TooManyWords: "Das ist zu viel auf einmal. Nimm höchstens 10 Wörter.",
	BadText:      "Nach manchen Zeichen kann man nicht suchen. Bitte entferne sie.",
	TooFast:      "Das ging zu schnell. Warte eine Sekunde und such noch einmal.",
}

var germanFormatting = Formatting{
	Title: "Formatierung", NewTab: "öffnet in neuem Tab", Becomes: "Was du tippst und wie es aussieht", GoodToKnow: "Gut zu wissen",
	Italic: "*kursiv* oder _kursiv_", Bold: "**fett**", Code: "`Code`", Block: "```\nein Codeblock,\n  samt Leerzeichen\n```",
	Quote: "> ein Zitat\nund deine Antwort", List: "- eins\n- zwei", Numbers: "1. erstens\n2. zweitens", Link: "[der Plan](https://example.org)",
	AsTyped:  "Alles andere bleibt, wie du es tippst: 2 * 3 * 4, snake_case, ein einzelner Strich.",
	AtStart:  "Zitate und Listen beginnen ganz am Anfang einer Zeile. Eine Liste braucht mindestens zwei Zeilen.",
	ShowMark: "Um ein Formatierungszeichen selbst zu zeigen, setz es zwischen Backticks.",
	Mentions: "Tippe @ und einen Benutzernamen, um jemanden im Chat zu erwähnen. Die Person sieht es in ihrer Chatliste.",
}

var germanKeys = Keys{
	Title: "Tastenkürzel", Anywhere: "Überall", InMessages: "In den Nachrichten", InComposer: "Beim Schreiben",
	Jump: "Zu einem Chat oder einer Person springen", Help: "Diese Seite zeigen", Close: "Schließen, was offen ist",
	Move: "Durch die Nachrichten gehen", Ends: "Erste und letzte Nachricht",
	Send: "Senden", NewLine: "Neue Zeile", EditLast: "Meine letzte Nachricht bearbeiten (im leeren Feld)",
	Complete: "Jemanden erwähnen", CompleteEmoji: "Emoji über den Namen einfügen",
	Enter: "Eingabe", Shift: "Umschalt", HomeEnd: "Pos1, Ende", Ctrl: "Strg", Esc: "Esc",
	NeedsScripts: "Tastenkürzel brauchen JavaScript.",
}
