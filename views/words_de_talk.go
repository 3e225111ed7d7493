package views

var germanRefusals = RefusalWords{
	Empty:       "Da ist noch nichts zu senden. Schreib zuerst eine Nachricht.",
	Long:        "Das sind mehr als 4000 Zeichen. Bitte sende es in Teilen.",
	BadText:     "Der Text enthält Zeichen, die sich nicht senden lassen. Bitte nimm sie heraus.",
	OldPage:     "Deine Seite ist veraltet. Bitte sende die Nachricht noch einmal.",
	KeyReused:   "Deine Seite hatte vorher etwas anderes gesendet. Bitte sende das hier noch einmal.",
	ReplyGone:   "Die Nachricht, auf die du antwortest, ist weg. Sende noch einmal, dann geht deine allein hinaus.",
	BadEmoji:    "Das ist kein Emoji. Gib ein einzelnes ein.",
	TooFast:     "Das war etwas schnell. Warte eine Sekunde und sende es noch einmal.",
	NotNow:      "Noch nicht gesendet: Der Server ist beschäftigt oder startet neu. Dein Text ist noch da, bitte sende ihn noch einmal.",
	ManyPhotos:  "Eine Nachricht kann bis zu 10 Fotos haben. Bitte sende die anderen in einer weiteren.",
	BadAlt:      "Die Beschreibung eines Fotos kann bis zu 500 Zeichen haben, in einer Zeile.",
	ChooseAgain: "Bitte wähle auch die Fotos noch einmal aus.",
	OurFault:    "Da ist etwas schiefgegangen, und es liegt an uns. Dein Text ist noch da, bitte sende ihn noch einmal.",
	SignedOut:   "Nicht gesendet: Du bist abgemeldet. Dein Text ist noch da.",
}
