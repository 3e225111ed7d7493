package words

import "strconv"

var spanishReports = Reports{
	Report: "Denunciar mensaje", Title: "Denunciar un mensaje",
	Hint:       "La administración verá este mensaje, hasta cinco anteriores y cinco posteriores tal como tú los ves, y tu nombre. No puede leer nada más de este chat.",
	BlockHint:  "Si además quieres bloquear a esta persona, envía antes la denuncia.",
	AuthorSees: "La persona a la que denuncias administra este servidor y verá esta denuncia con tu nombre.",
	Why:        "¿Qué tiene de malo?", Insult: "Insultos o acoso", Threat: "Amenazas o violencia", Spam: "Spam o estafa",
	Illegal: "Contenido sexual o ilegal", Other: "Otra cosa",
	Words: "¿Quieres añadir algo?", WordsHint: "Opcional. Hasta 1000 caracteres.", Send: "Enviar denuncia",
	Already: "Ya has denunciado este mensaje.", See: "Tus denuncias",
	Yours: "Tus denuncias", Sent: "Denuncia enviada. Aquí encontrarás la respuesta.",
	None: "No has denunciado nada.", NoneHint: "Para denunciar un mensaje, abre su menú.",
	About: "Mensaje de {who}", Waiting: "A la espera de respuesta",
	Acted:   "Hemos tomado medidas. Gracias.",
	Warned:  "Hemos hablado con quien lo escribió.",
	Fine:    "Lo hemos mirado. No infringe las normas de aquí.",
	Unclear: "Lo hemos mirado, pero no hemos visto qué tiene de malo.",
	Older:   "Denuncias anteriores", Newest: "Últimas denuncias",
	News: func(n int) string {
		return strconv.Itoa(n) + plural(n, " respuesta a tu denuncia", " respuestas a tus denuncias")
	},

	NoReason: "Elige qué tiene de malo.", LongWords: "Es demasiado largo. Usa 1000 caracteres como máximo.",
	TooMany: "Hoy has enviado 20 denuncias. Vuelve a intentarlo mañana.",
}

var spanishCare = Care{
	Reports: "Denuncias", NoReports: "No hay denuncias.", All: "Todas", Open: "Abiertas", Closed: "Cerradas",
	FromAbout: "{who} sobre un mensaje de {whom}", InRoom: "en {what}", Direct: "en un chat de dos amigos",
	More: "Más denuncias", First: "Primeras denuncias",
	Back: "Todas las denuncias", Report: "Denuncia",
	Unanswered: func(n int) string {
		return strconv.Itoa(n) + plural(n, " denuncia espera una respuesta", " denuncias esperan una respuesta")
	},
	Reported: "Denunciado:",
	Evidence: "Lo que se denunció", EvidenceHint: "Esto es lo que vio {who} entonces. Se queda aquí aunque se cambie o se elimine.",
	Erased:     "Los mensajes se borraron de esta denuncia 30 días después de cerrarla.",
	Gone:       "El mensaje se ha eliminado desde entonces.",
	TheirWords: "Lo que escribió {who}",
	Others: func(n int) string {
		return strconv.Itoa(n) + plural(n, " persona más ha denunciado este mensaje y recibe la misma respuesta.", " personas más han denunciado este mensaje y reciben la misma respuesta.")
	},
	Decide: "Decisión", Do: "¿Qué debe ocurrir?", Delete: "Eliminar el mensaje", Remove: "Expulsar a {who} del chat", Ban: "Vetar a {who} en el chat", Suspend: "Suspender la cuenta de {who}",
	NothingHint: "No elijas nada para desestimar la denuncia.",
	Answer:      "Respuesta", AnswerHint: "Quien lo denunció ve esta respuesta, pero no lo que hiciste.", Words: "¿Quieres añadir unas palabras?", Close: "Cerrar denuncia",
	ClosedBy:  "Cerrada por {who}, {when}",
	DidDelete: "Se eliminó el mensaje.", DidRemove: "Se expulsó a la persona del chat.", DidBan: "Se vetó a la persona en el chat.", DidSuspend: "Se suspendió la cuenta.", DidNot: "No se tomó ninguna otra medida.",
	NoAnswer: "Elige una respuesta.", ClosedMeanwhile: "Otra persona ha cerrado esta denuncia. Tu decisión no se ha guardado.",

	Rooms: "Chats", FindRoom: "Buscar un chat por su nombre", NoRooms: "No se ha encontrado ningún chat.", MoreMatch: "Hay más chats. Usa más palabras para encontrarlos.",
	NotReading: "Ves el nombre y el tamaño de un chat, pero no lo que se dice en él.",
	Directs: func(n, entries int) string {
		return strconv.Itoa(n) + plural(n, " chat de dos amigos", " chats de dos amigos") + " con " + spanishEntries(entries) + " en total. Son privados y no aparecen en la lista."
	},
	Group: "Grupo", OpenRoom: "Chat abierto",
	Size: func(n int) string { return spanishEntries(n) + ", unos {what}" }, OwnedBy: "Propietario: {who}", IsClosed: "Cerrado",
	MoreRooms: "Más chats", FirstRooms: "Primeros chats", BackToRooms: "Todos los chats",
	HandOn: "Nuevo propietario", HandOnHint: "El chat pasa a uno de sus miembros.", HandOnButton: "Hacer propietario",
	CloseRoom: "Cerrar chat", CloseHint: "Todos salen del chat y nadie puede volver. Los mensajes siguen en la base de datos hasta que elimines el chat. No se puede deshacer.",
	DeleteRoom: "Eliminar chat", DeleteHint: "Todos salen del chat, y se borran todos los mensajes y fotos, salvo lo que se denunció. No se puede deshacer.",
	TypeName:  "Escribe el nombre del chat para confirmar",
	WrongName: "El chat no se llama así.", NotMember: "En este chat no hay nadie con ese nombre de usuario.",
	RoomClosed: "El chat está cerrado.", RoomDeleted: "El chat está eliminado. En unos minutos no quedará nada de él.", HandedOn: "El chat tiene un nuevo propietario.",
}

func spanishEntries(n int) string { return strconv.Itoa(n) + plural(n, " entrada", " entradas") }
