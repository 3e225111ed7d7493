package words

import "strconv"

var germanModeration = Moderation{
	Moderator: "Moderation", ModeratorHint: "Wer moderiert, kann Nachrichten löschen und anpinnen sowie Mitglieder entfernen und sperren.",
	MakeModerator: "Moderationsrechte geben", TakeModerator: "Moderationsrechte entziehen",
	Ban: "Sperren", BanHint: "Die Person wird entfernt, und niemand kann sie hinzufügen oder einladen, bis die Sperre aufgehoben ist.", Unban: "Sperre aufheben",

	ModeratorMade:  "{who} hat {whom} Moderationsrechte gegeben.",
	ModeratorTaken: "{who} hat {whom} die Moderationsrechte entzogen.",
	Banned:         "{who} hat {whom} gesperrt.",
	Unbanned:       "{who} hat die Sperre von {whom} aufgehoben.",
	Pinned:         "{who} hat eine Nachricht angepinnt:",
	Unpinned:       "{who} hat eine Nachricht losgelöst:",
	SlowOn:         "{who} hat den langsamen Modus eingeschaltet: {time} zwischen zwei Nachrichten.",
	SlowOff:        "{who} hat den langsamen Modus ausgeschaltet.",
	OnlyModerators: "{who} hat das Schreiben eingeschränkt: Nur die Moderation kann jetzt Nachrichten senden.",
	EverybodyPosts: "{who} hat das Schreiben freigegeben: Alle können wieder Nachrichten senden.",
	DeletedBy:      "Von {who} gelöscht",
	DeletedOneBy:   "{who} hat eine Nachricht von {whom} gelöscht.",
	Duration:       germanDuration,

	Title: "Moderieren", Open: "Moderieren", OpenHint: "Langsamer Modus, wer schreiben kann und wer gesperrt ist.",
	BanWho: "Zu sperrender Benutzername", BanWhoHint: "Auch wer schon gegangen ist.", NobodyToBan: "Wer so heißt, war nie in diesem Chat oder kann nicht gesperrt werden.",
	SlowMode: "Langsamer Modus", SlowHint: "Wie lange alle außer der Moderation zwischen zwei Nachrichten warten.", SlowNone: "Aus",
	Posting: "Wer Nachrichten senden kann", Everybody: "Alle", Moderators: "Nur die Moderation", BadPosting: "Wähle, wer Nachrichten senden kann.",
	Save: "Speichern", Saved: "Gespeichert.", Bans: "Gesperrt", NoBans: "Niemand ist gesperrt.",
	BannedBy: "Von {who}, {when}", MoreBans: "Weitere Gesperrte", FirstBans: "Erste Gesperrte",

	Pin: "Anpinnen", Unpin: "Loslösen", PinHint: "Angepinnte Nachrichten stehen über dem Chat. Es können zehn sein.",
	PinnedLine: "Angepinnt ({n})", PinsIn: "Angepinnt in {what}", NoPins: "Nichts ist angepinnt.",

	ReadOnly: "Nur die Moderation kann hier Nachrichten senden.", LookAgain: "Noch einmal nachsehen",
	YouAreBanned: "Du bist für diesen Chat gesperrt.",
	SlowNow:      "Der langsame Modus ist an: Deine nächste Nachricht kannst du in {time} senden. Dein Text ist noch da.",
	NotNow:       "Nicht gesendet: Nur die Moderation kann hier jetzt Nachrichten senden. Dein Text ist noch da.",
	IsBanned:     "Diese Person ist hier gesperrt. Die Moderation kann die Sperre aufheben.",
	TooManyPins:  "Zehn Nachrichten sind schon angepinnt. Löse zuerst eine davon los.",
	BadPace:      "Wähle eine der Zeiten aus der Liste.",

	Level: "Mich benachrichtigen bei", LevelAll: "allen Nachrichten", LevelMentions: "Erwähnungen", LevelNothing: "nichts (stumm)",
	LevelHint: "Die Chatliste zeigt weiterhin, was ungelesen ist.",

	Acts: RoomActs{
		Moderator:   "{who} hat {whom} Moderationsrechte für Chat {room} gegeben.",
		NoModerator: "{who} hat {whom} die Moderationsrechte für Chat {room} entzogen.",
		Ban:         "{who} hat {whom} in Chat {room} gesperrt.",
		Unban:       "{who} hat die Sperre von {whom} in Chat {room} aufgehoben.",
		Pin:         "{who} hat eine Nachricht in Chat {room} angepinnt.",
		Unpin:       "{who} hat eine Nachricht in Chat {room} losgelöst.",
		Slow:        "{who} hat den langsamen Modus in Chat {room} eingestellt.",
		Posting:     "{who} hat geändert, wer in Chat {room} schreiben kann.",
	},
}

// germanDuration is for the dative: "in 3 Minuten". The nominative has the same form.
func germanDuration(seconds int) string {
	switch {
	case seconds >= 3600 && seconds%3600 == 0:
		return strconv.Itoa(seconds/3600) + " " + plural(seconds/3600, "Stunde", "Stunden")
	case seconds >= 60 && seconds%60 == 0:
		return strconv.Itoa(seconds/60) + " " + plural(seconds/60, "Minute", "Minuten")
	case seconds > 60:
		return strconv.Itoa(seconds/60) + " Min. " + strconv.Itoa(seconds%60) + " Sek."
	}
	return strconv.Itoa(seconds) + " " + plural(seconds, "Sekunde", "Sekunden")
}
