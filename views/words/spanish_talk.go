package words

import "strconv"

var spanishRefusals = Refusals{
	Empty:         "Aún no hay nada que enviar. Escribe un mensaje primero.",
	Emptied:       "Un mensaje no puede estar vacío. También puedes eliminarlo.",
	Long:          "Demasiado largo: 4000 caracteres como máximo.",
	BadText:       "Línea {line}, carácter {n}: {what} no se puede enviar. Quítalo.",
	ManyEdits:     "Este mensaje ya se editó 100 veces, que es el máximo. Envía uno nuevo.",
	ManyReactions: "Este mensaje no admite más reacciones.",
	ManyOwn:       "Ya cambiaste tus reacciones a este mensaje tantas veces como se puede.",
	ManyAlts:      "Las fotos de este mensaje ya se describieron 100 veces, que es el máximo.",
	OldPage:       "Esta página está desactualizada. Envía el mensaje de nuevo.",
	KeyReused:     "Esta página ya envió otro mensaje. Envía este de nuevo.",
	ReplyGone:     "El mensaje al que respondes ya no está. Envía el tuyo de nuevo y saldrá sin la cita.",
	BadEmoji:      "Escribe un solo emoji.",
	ManyEmojis:    "Este mensaje no admite más emojis distintos. Elige uno que ya esté.",
	TooFast:       "Vas demasiado rápido. Espera un segundo y envíalo de nuevo.",
	NotNow:        "Aún no se envió: el servidor está ocupado o reiniciándose. Tu texto sigue aquí; inténtalo en un momento.",
	ManyPhotos:    "Un mensaje puede llevar hasta 10 fotos. Envía las demás en otro.",
	BadAlt:        "Una descripción puede tener hasta 500 caracteres, en una línea.",
	ChooseAgain:   "Elige también las fotos de nuevo.",
	PhotoGone:     "Una foto caducó. Elígela de nuevo.",
	OurFault:      "Algo salió mal de nuestro lado. Tu texto sigue aquí. Envíalo de nuevo.",
	SignedOut:     "No se envió: tu sesión está cerrada. Tu texto sigue aquí.",
}

var spanishRoom = Room{
	InThisRoom: "en este chat", Messages: "Mensajes", Earlier: "Mensajes anteriores",
	Older: "Mensajes más antiguos", Newer: "Mensajes más nuevos", Newest: "Últimos mensajes",
	ToFirstNew: "Ir al primero sin leer", NewAbove: "{n} nuevos", AllRead: "Marcar todo como leído",
	GoToDay: "Ir a una fecha", Day: "Fecha", Go: "Ir",
	BadDay:     "Eso no es una fecha. Escríbela así: 2026-11-28.",
	NoneOnDay:  "No hay mensajes del {day}. Aquí están los siguientes.",
	NoneSince:  "No hay mensajes del {day} ni posteriores. Aquí están los más recientes.",
	ToCome:     "El {day} aún no ha llegado. Aquí están los mensajes más recientes.",
	NoMessages: "Aún no hay mensajes", SayHello: "Envía el primer mensaje.", OnlyYou: "Por ahora solo estás tú.",
	New: "Nuevo", SeenBefore: "Anteriores", NothingNew: "Nada nuevo", WaitMore: "Seguir esperando",
	Write: "Escribe un mensaje", BodyLabel: "Tu mensaje", Send: "Enviar",
	InReplyTo: "Respuesta a", Cancel: "Cancelar", TheReply: "la respuesta",
	Edit: "Editar", Emoji: "Emoji", SearchEmoji: "Buscar emoji", Suggestions: "Sugerencias",
	NoSuggestions: "Sin sugerencias", OneSuggestion: "1 sugerencia", SeveralSuggestions: "{n} sugerencias",
	Is: "{who} está", Here: "en línea", HereNow: "{n} en línea",
	OneTyping: "{who} está escribiendo…", TwoTyping: "{who} y {whom} están escribiendo…", SeveralTyping: "Varias personas están escribiendo…",

	HowItWorks: "Cómo funciona esta página",
	WaitForNew: "Esperar mensajes nuevos", LookForNew: "Ver si hay mensajes nuevos", Reconnect: "Reconectar",
	PageIs: "Actualización:", Live: "en vivo", Waiting: "en espera", Plain: "no",
	Paused: "En pausa", PausedWhy: "Esta página está en pausa porque Parley está abierto en demasiadas pestañas.", Continue: "Continuar aquí",
	Lost:           "Conexión perdida. Reconectar",
	NoLongerMember: "Ya no estás en este chat.", NotMember: "No tienes acceso a este chat.",
	YourRooms: "Tus chats", UnsentText: "Tu mensaje sin enviar", TryAgain: "Intentar de nuevo",
	SignInFirst: "{what}, luego vuelve aquí y envíalo de nuevo.",
	NotSentYet:  "Aún no se envió", PhotosLost: "Tus fotos no se guardaron. Vuelve atrás y envíalo todo de nuevo.", SendAgain: "Enviar de nuevo",
	SentLater: "Aún no se envió. El mensaje saldrá solo en un momento.",
}

var spanishMessage = Message{
	Actions: "Acciones para el mensaje de {who}, {when}",
	Expired: "Este mensaje se borró por su antigüedad.", KeptAsServer: "{who} decidió que los mensajes se conserven como decida el servidor.",
	KeptFor: func(days int) string {
		return "{who} decidió que los mensajes se borren a los " + strconv.Itoa(days) + " " + plural(days, "día", "días") + "."
	},
	Deleted: "Mensaje eliminado", Edited: "editado", More: "Acciones", Sent: "Enviado",
	ReplyTo: "en respuesta a", ReplyToEarlier: "En respuesta a un mensaje anterior",
	Photo: "Foto", NthPhoto: "Foto {n} de {all}", Photos: "{n} fotos",

	NowFriends:    "¡Ya son amigos! Saluda.",
	GroupCreated:  "{who} creó este grupo.",
	MemberAdded:   "{who} agregó a {whom}.",
	MemberLeft:    "{who} salió del chat.",
	MemberRemoved: "{who} sacó a {whom}.",
	OwnerChanged:  "{who} nombró propietario a {whom}.",
	GroupRenamed:  "{who} cambió el nombre del chat a {what}.",
	PhotoChanged:  "{who} cambió la foto del chat.", PhotoRemoved: "{who} quitó la foto del chat.",
	Closed: "Este chat está cerrado.",

	EditedOne:       "{who} editó un mensaje:",
	DescribedOne:    "{who} describió una foto:",
	DeletedOne:      "{who} eliminó un mensaje.",
	Reacted:         "{who} reaccionó con {emoji} a «{what}»",
	ReactionRemoved: "{who} quitó su {emoji} de «{what}»",
}
