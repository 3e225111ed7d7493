package words

import "strconv"

var spanishModeration = Moderation{
	Moderator: "Moderador", ModeratorHint: "Quien modera puede eliminar y fijar mensajes, y sacar o vetar a miembros.",
	MakeModerator: "Hacer moderador", TakeModerator: "Quitar como moderador",
	Ban: "Vetar", BanHint: "Sale del chat, y nadie puede agregarle ni invitarle hasta que se levante el veto.", Unban: "Levantar el veto",

	ModeratorMade:  "{who} nombró moderador a {whom}.",
	ModeratorTaken: "{who} quitó a {whom} como moderador.",
	Banned:         "{who} vetó a {whom}.",
	Unbanned:       "{who} levantó el veto a {whom}.",
	Pinned:         "{who} fijó un mensaje:",
	Unpinned:       "{who} dejó de fijar un mensaje:",
	SlowOn:         "{who} activó el modo lento: {time} entre dos mensajes.",
	SlowOff:        "{who} desactivó el modo lento.",
	OnlyModerators: "{who} limitó quién puede escribir: ahora solo los moderadores pueden enviar mensajes.",
	EverybodyPosts: "{who} dejó de limitar quién puede escribir: todos pueden volver a enviar mensajes.",
	DeletedBy:      "Eliminado por {who}",
	DeletedOneBy:   "{who} eliminó un mensaje de {whom}.",
	Duration:       spanishDuration,

	Title: "Moderación", Open: "Moderación", OpenHint: "El modo lento, quién puede escribir y quién está vetado.",
	BanWho: "Usuario que quieres vetar", BanWhoHint: "También alguien que ya salió.", NobodyToBan: "Nadie con ese nombre de usuario ha estado en este chat, o no se le puede vetar.",
	SlowMode: "Modo lento", SlowHint: "Cuánto espera cada persona, salvo los moderadores, entre dos mensajes.", SlowNone: "Desactivado",
	Posting: "Quién puede enviar mensajes", Everybody: "Todos", Moderators: "Solo los moderadores", BadPosting: "Elige quién puede enviar mensajes.",
	Save: "Guardar", Saved: "Guardado.", Bans: "Vetados", NoBans: "No hay nadie vetado.",
	BannedBy: "Por {who}, {when}", MoreBans: "Más vetados", FirstBans: "Primeros vetados",

	Pin: "Fijar", Unpin: "Dejar de fijar", PinHint: "Los mensajes fijados aparecen sobre el chat. Pueden ser diez.",
	PinnedLine: "Fijados ({n})", PinsIn: "Fijados en {what}", NoPins: "No hay nada fijado.",

	ReadOnly: "Aquí solo los moderadores pueden enviar mensajes.", LookAgain: "Comprobar de nuevo",
	YouAreBanned: "No puedes entrar en este chat: te han vetado.",
	SlowNow:      "El modo lento está activo: podrás enviar tu próximo mensaje en {time}. Tu texto sigue aquí.",
	NotNow:       "No se envió: ahora solo los moderadores pueden enviar mensajes aquí. Tu texto sigue aquí.",
	IsBanned:     "Esta persona está vetada aquí. Un moderador puede levantar el veto.",
	TooManyPins:  "Ya hay diez mensajes fijados. Quita antes uno.",
	BadPace:      "Elige uno de los tiempos de la lista.",

	Level: "Avisarme de", LevelAll: "Todos los mensajes", LevelMentions: "Solo menciones", LevelNothing: "Nada (silenciado)",
	LevelHint: "La lista de chats sigue mostrando lo que no has leído.",

	Acts: RoomActs{
		Moderator:   "{who} nombró a {whom} moderador del chat {room}.",
		NoModerator: "{who} quitó a {whom} como moderador del chat {room}.",
		Ban:         "{who} vetó a {whom} en el chat {room}.",
		Unban:       "{who} levantó el veto a {whom} en el chat {room}.",
		Pin:         "{who} fijó un mensaje en el chat {room}.",
		Unpin:       "{who} dejó de fijar un mensaje en el chat {room}.",
		Slow:        "{who} ajustó el modo lento en el chat {room}.",
		Posting:     "{who} cambió quién puede escribir en el chat {room}.",
	},
}

func spanishDuration(seconds int) string {
	switch {
	case seconds >= 3600 && seconds%3600 == 0:
		return strconv.Itoa(seconds/3600) + " " + plural(seconds/3600, "hora", "horas")
	case seconds >= 60 && seconds%60 == 0:
		return strconv.Itoa(seconds/60) + " " + plural(seconds/60, "minuto", "minutos")
	case seconds > 60:
		return strconv.Itoa(seconds/60) + " min y " + strconv.Itoa(seconds%60) + " s"
	}
	return strconv.Itoa(seconds) + " " + plural(seconds, "segundo", "segundos")
}
