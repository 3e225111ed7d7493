package words

import "strconv"

var spanishFriends = Friends{
	Ask: "Pide amistad por el nombre de usuario", AskButton: "Pedir",
	AskHint:  "Verá tu nombre y podrá decir que sí o que no.",
	Incoming: "Solicitudes para ti", Yours: "Tus amigos", Outgoing: "Tus solicitudes", Blocked: "Personas bloqueadas",
	None:     "Aún no tienes amigos aquí.",
	NoneHint: "Escribe arriba el nombre de usuario de alguien. Cuando acepte, se abrirá una sala para los dos.",
	Accept:   "Aceptar", Decline: "Rechazar", Cancel: "Retirar", Unblock: "Desbloquear",
	Remove:     "Quitar",
	RemoveHint: "Quitar acaba con la amistad y cierra la sala que compartes con esta persona.",
	Block:      "Bloquear",
	BlockHint:  "Bloquear además impide sus mensajes y solicitudes. No se le avisa.",
	Message:    "Escribir", More: "Más",
	Whom: "a {who}", RequestOf: "la solicitud de {who}", RequestTo: "la solicitud a {who}",
	MessageTo: "a {who}", MoreAbout: "sobre {who}",

	Sent:       "Tu solicitud está en camino.",
	NowFriends: "Ya está entre tus amigos, y hay una sala para los dos.",
	Declined:   "La solicitud ya no está. No se le avisa.", Canceled: "Has retirado tu solicitud.",
	Removed:    "Ya no está entre tus amigos.",
	BlockedNow: "Bloqueado. No se le avisa.", Unblocked: "Ya no está en tu lista de bloqueos.",

	NoSuchUser:     "Aquí no hay nadie con ese nombre. Comprueba cómo se escribe.",
	Self:           "Ese nombre es el tuyo. Escribe el de otra persona.",
	Already:        "Ya está entre tus amigos.",
	Blocking:       "Tienes bloqueada a esta persona. Desbloquéala primero.",
	TooManyPending: "Cinco de tus solicitudes esperan respuesta. Retira una o espera.",
	TooManyToday:   "Hoy ya has pedido amistad a veinte personas. Sigue mañana.",
	NoRequest:      "Esa solicitud ya no está.",
}

var spanishPerson = Person{
	You: "Así te ven tus amigos.", Change: "Cambiar tu perfil",
	Friends: "Está entre tus amigos.", Write: "Escribir un mensaje",
	RequestSent:     "Has pedido amistad. Aún no hay respuesta.",
	RequestReceived: "Esta persona te pide amistad.",
	Blocked:         "Tienes bloqueada a esta persona. No puede escribirte ni pedirte nada.",
	NotYet:          "Aún no está entre tus amigos. Cuando lo esté, habrá una sala para los dos.",
	Ask:             "Pedir amistad", All: "Todos los amigos",
}

var spanishProfile = Profile{
	About: "Sobre ti", UsernameIs: "Tu nombre de usuario es {who}.", SeeOthers: "Mira lo que ven los demás",
	Name: "Nombre", NameHint: "Lo que se lee junto a tus mensajes.",
	Zone: "Zona horaria", ZoneHint: "Todas las horas que ves aquí son de esta zona.",
	Language: "Idioma", ByBrowser: "El que pida el navegador",
	Photo: "Foto", PhotoHint: "Hasta 10 MB. Se le quita dónde y cuándo se hizo.",
	Save: "Guardar", RemovePhoto: "Quitar la foto",
	Password: "Contraseña", YourUsername: "Tu nombre de usuario", Current: "La contraseña de ahora",
	NewPassword: "Una contraseña nueva", NewPasswordHint: "Al menos 10 caracteres. Se cierra la sesión en los demás navegadores.",
	SetPassword: "Cambiar la contraseña",
	Sessions:    "Dónde tienes la sesión abierta", ThisBrowser: "Este navegador", SignOut: "Cerrar sesión",
	Browser: "{who} en {what}", SomeBrowser: "Un navegador en {what}", UnknownSystem: "un sistema desconocido",
	Presence: "Lo que otros ven en vivo", ShowOnline: "Mostrar a otros cuando estoy aquí", ShowTyping: "Mostrar a otros cuando escribo",
	PresenceHint: "Solo lo ve la gente de la misma sala, mientras es así. No se guarda.",
	NoScripts:    "Sin scripts", HowRooms: "Cómo funcionan las salas", AsLive: "En vivo: los mensajes llegan en cuanto se escriben",
	AsWait: "En espera: la página llega de nuevo cuando hay algo", AsPlain: "Simple: la página se queda como está", SaveMode: "Usar esto", NoSuchMode: "Elige una de las tres.",
	OnPlain: "En las páginas en espera y simples", NewestLast: "Los mensajes más nuevos al final", NewestFirst: "Los mensajes más nuevos primero",
	Saved: "Guardado.",

	NoName:         "Escribe el nombre que deben ver los demás.",
	NameBroken:     "Ese nombre no se puede usar.",
	NameInvisible:  "Un nombre no puede tener caracteres de control ni otros invisibles.",
	NameAccents:    "Una letra puede llevar dos acentos, no más.",
	NameLong:       "Un nombre tiene 40 caracteres como máximo.",
	NoSuchZone:     "Elige una zona horaria de la lista, por ejemplo Europe/Madrid.",
	NoSuchLanguage: "Elige un idioma de la lista.",
	WrongPassword:  "La contraseña de ahora no es esa.",
	NotImage:       "Eso no es una foto que podamos leer. Sirven JPEG, PNG, GIF y WebP.",
	TooLarge:       "Esa foto ocupa más de 10 MiB.",
	TooManyPixels:  "Esa foto tiene demasiados píxeles. Hasta 24 megapíxeles y 8000 por lado.",
	TooManyPhotos:  "Es más de lo que puedes enviar: 60 fotos por hora y 200 MiB en total. Espera un rato o borra algunas.",
	PhotosBusy:     "El servidor está ocupado con otras fotos. Vuelve a intentarlo en un momento.",
}

var spanishGroup = Group{
	New: "Grupo nuevo", RoomName: "Nombre del grupo", Who: "Quién está en él",
	NoFriends:   "Solo puedes incluir a tus amigos, y aquí aún no tienes.",
	AskSomebody: "Pide amistad a alguien", Create: "Crear el grupo",
	Back: "Volver a la sala", Members: "Miembros", Name: "Nombre", Rename: "Cambiar el nombre",
	Leave: "Salir de esta sala", LeaveButton: "Salir",
	LastLeaves:   "No queda nadie más en ella: nadie podrá volver a abrirla.",
	OwnerLeaves:  "Dejarás de verla, y quien llegó después de ti será responsable de ella. Un miembro puede volver a traerte.",
	MemberLeaves: "Dejarás de verla. Un miembro puede volver a traerte.",
	Owner:        "Responsable", OwnerHint: "La persona responsable puede cambiar el nombre de la sala y sacar a otros. Solo hay una.",
	MakeOwner:  "Hacer responsable",
	RemoveHint: "No verá nada de lo que se diga desde entonces.", Remove: "Sacar",
	Add: "Trae a alguien", AddHint: "Verá lo que se diga desde entonces, y nada de lo anterior.",
	AllIn: "Todos tus amigos están en esta sala.", AskElse: "Pide amistad a alguien más", AddButton: "Traer",
	Count: func(n int) string { return strconv.Itoa(n) + " " + plural(n, "miembro", "miembros") },

	HereNow:       "Está aquí",
	Notifications: "Silencio", Photo: "Foto de la sala", SavePhoto: "Guardar la foto",

	BadName:   "Ponle a la sala un nombre visible de 1 a 60 caracteres, en una línea.",
	NotFriend: "Solo puedes traer a tus amigos. Pide amistad primero.",
	AlreadyIn: "Esta persona ya está en la sala.",
	Full:      "Una sala tiene 100 personas como máximo.",
	TooFast:   "Eso ha sido un poco rápido. Espera un segundo y vuelve a intentarlo.",
}

var spanishRooms = Rooms{
	None: "Aún no hay salas.", NoneHint: "Pide amistad a alguien: cuando diga que sí, habrá aquí una sala para los dos.", AskFriend: "Pedir amistad",
	NoMessages: "Aún no se ha dicho nada", You: "Tú: {what}",
	Unread: "sin leer", Mentioned: "te han mencionado", Muted: "En silencio",
	Choose: "Elige una sala para leer y escribir.", First: "Aquí se abrirá tu primera sala.",
	IsMuted: "Esta sala está en silencio: no cuenta en el título de la página.", Unmute: "Quitar el silencio",
	MuteHint: "Una sala en silencio conserva su número en la lista y no reclama atención.", Mute: "Silenciar esta sala",
}
