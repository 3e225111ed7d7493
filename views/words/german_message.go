package words

var germanDetail = Detail{
	Title: "Nachricht", In: "Nachricht in {what}", With: "Nachricht im Raum mit {who}",
	Reactions: "Reaktionen", Another: "Ein anderes Emoji", React: "Reagieren",
	Reply: "Antworten", YourReply: "Deine Antwort", InRoom: "Im Raum schreiben",
	Edit: "Deine Nachricht ändern", Text: "Ihr Text",
	EditHint: "Sie wird als bearbeitet markiert, und die anderen können sehen, was vorher da stand.", Save: "Speichern",
	DeleteIt: "Nachricht löschen", DeleteHint: "Der Text ist für alle weg und kommt nicht wieder. An seiner Stelle bleibt ein Hinweis.", Delete: "Löschen",
	Later: "Für später", LaterHint: "Diese Nachricht und was andere danach gesagt haben, gelten wieder als ungelesen, bis du den Raum öffnest.",
	Unread: "Ab hier als ungelesen markieren", History: "Was vorher da stand",
}

var germanPicture = PhotoForm{
	Photos: "Fotos", Choose: "Fotos auswählen",
	DescribeThis: "Beschreibe", Remove: "Entferne",
	Unanswered:   "Nicht gesendet. Dein Text und die Fotos sind noch da: Bitte sende sie noch einmal.",
	DescribeEach: "Jedes Foto beschreiben", LeaveOut: "Weglassen", Kept: "Für dich aufgehoben: {what}",
	ChooseHint: "Bis zu 10, je 10 MB und zusammen 11 MB. Wo und wann sie aufgenommen wurden, wird entfernt.",
	Describe:   "Beschreib das Foto", Sending: "Wird gesendet",
	Back: "Zurück zur Nachricht", In: "{which} in {what}", With: "{which} im Raum mit {who}",
	OfMessage: "Fotos dieser Nachricht", Previous: "Voriges Foto", Next: "Nächstes Foto",
	DescribeIt: "Foto beschreiben", Shows: "Was es zeigt", ShowsHint: "Für alle, die es nicht sehen können. Bis zu 500 Zeichen.",
}

var germanSearch = Search{
	Words: "Wörter",
	Hint:  "Alle müssen vorkommen. Das letzte findet auch längere Wörter; Wörter in \"Anführungszeichen\" stehen direkt hintereinander.",
	Where: "Wo", AllRooms: "Alle meine Räume", Who: "Wer es gesagt hat", Anybody: "Alle, oder ein Benutzername",
	Indexing:   "Ältere Nachrichten werden noch für die Suche vorbereitet, deshalb können hier welche fehlen. Versuch es in ein paar Minuten noch einmal.",
	ExactOnly:  "Sehr viele Wörter beginnen mit „{what}“, deshalb wurde nur nach dem Wort selbst gesucht.",
	Fewer:      "Versuch es mit weniger Wörtern oder nur mit dem Anfang des letzten. Akzente und Großbuchstaben spielen keine Rolle.",
	Everywhere: "In allen Räumen und bei allen Leuten suchen", In: "{who} in {what}", To: "{who} an {what}",
	OlderFirst: "Ältere Nachrichten", NewestFirst: "Neueste Nachrichten zuerst",
	NothingYet: "Noch nichts", NothingOlder: "Nichts Älteres", Nothing: "Nichts gefunden",
	Search: "Suchen", SearchOlder: "Weiter zurück suchen", Older: "Ältere Treffer",
	NoWord:       "Da ist kein Wort dabei. Gib Buchstaben oder Ziffern ein.",
	TooManyWords: "Das ist mehr, als sich auf einmal suchen lässt. Nimm höchstens 10 Wörter.",
	BadText:      "Der Text enthält Zeichen, nach denen sich nicht suchen lässt. Bitte nimm sie heraus.",
	TooFast:      "Das war etwas schnell. Warte eine Sekunde und such noch einmal.",
}

var germanFormatting = Formatting{
	Title: "Formatierung", NewTab: "in einem neuen Tab", Becomes: "Was du tippst und was daraus wird", GoodToKnow: "Gut zu wissen",
	Italic: "*kursiv* oder _kursiv_", Bold: "**fett**", Code: "`Code`", Block: "```\nein Block Code,\n  so wie er ist\n```",
	Quote: "> ein Zitat\nund die Antwort", List: "- eins\n- zwei", Numbers: "1. erstens\n2. zweitens", Link: "[der Plan](https://example.org)",
	AsTyped:  "Alles andere bleibt, wie du es tippst: 2 * 3 * 4, snake_case, ein einzelner Strich.",
	AtStart:  "Zitate und Listen beginnen ganz am Anfang einer Zeile. Eine Liste hat mindestens zwei Zeilen.",
	ShowMark: "Um ein Zeichen selbst zu zeigen, setz es zwischen Backticks.",
	Mentions: "@ und der Benutzername von jemandem im Raum erwähnt diese Person: Ihre Raumliste sagt es ihr.",
}
