package words

import "strconv"

var spanishFriends = Friends{
	Ask: "Agrega amigos por nombre de usuario", AskButton: "Enviar solicitud",
	AskHint:  "Verá tu nombre y podrá aceptar o rechazar.",
	Incoming: "Solicitudes de amistad", Yours: "Tus amigos", Outgoing: "Solicitudes enviadas", Blocked: "Personas bloqueadas",
	None:     "Aún no tienes amigos aquí.",
	NoneHint: "Escribe arriba el nombre de usuario de alguien. Cuando acepte, habrá un chat para los dos.",
	Accept:   "Aceptar", Decline: "Rechazar", Cancel: "Cancelar", Unblock: "Desbloquear",
	Remove:     "Eliminar",
	RemoveHint: "Termina la amistad y cierra el chat para los dos.",
	Block:      "Bloquear",
	BlockHint:  "Detiene sus mensajes directos y solicitudes. En los grupos en común seguirás viendo lo que escriba. No se le avisa.",
	Message:    "Escribir", More: "Más",
	Whom: "a {who}", RequestOf: "la solicitud de {who}", RequestTo: "la solicitud a {who}",
	MessageTo: "a {who}", MoreAbout: "sobre {who}",

	Sent:       "Solicitud enviada.",
	NowFriends: "Solicitud aceptada. Ya hay un chat para los dos.",
	Declined:   "Solicitud rechazada. No se le avisa.", Canceled: "Solicitud cancelada.",
	Removed:    "Ya no está entre tus amigos.",
	BlockedNow: "Persona bloqueada. No se le avisa.", Unblocked: "Persona desbloqueada.",

	NoSuchUser:     "Nadie aquí tiene ese nombre de usuario. Revisa cómo se escribe.",
	Self:           "Ese es el tuyo. Escribe el nombre de usuario de otra persona.",
	Already:        "Ya está entre tus amigos.",
	Blocking:       "Tienes bloqueada a esta persona. Desbloquéala primero.",
	TooManyPending: "Cinco de tus solicitudes siguen pendientes. Cancela una o espera una respuesta.",
	TooManyToday:   "Hoy ya enviaste 20 solicitudes. Inténtalo mañana.",
	TooManyNames:   "Hoy ya escribiste 40 nombres de usuario. Inténtalo mañana.",
	NoRequest:      "Esa solicitud ya no existe.",
}

var spanishPerson = Person{
	You: "Así te ven tus amigos.", Change: "Editar perfil",
	Friends: "Está entre tus amigos.", Write: "Enviar mensaje",
	RequestSent:     "Enviaste una solicitud de amistad. Aún no hay respuesta.",
	RequestReceived: "Te envió una solicitud de amistad.",
	Blocked:         "Tienes bloqueada a esta persona. No puede enviarte mensajes directos ni solicitudes.",
	NotYet:          "Aún no está entre tus amigos. Cuando lo esté, habrá un chat para los dos.",
	Ask:             "Enviar solicitud de amistad", All: "Todos los amigos",
}

var spanishProfile = Profile{
	About: "Sobre ti", UsernameIs: "Tu nombre de usuario es {who}.", SeeOthers: "Mira cómo te ven los demás",
	Name: "Nombre", NameHint: "Aparece junto a tus mensajes.",
	Zone: "Zona horaria", ZoneHint: "Las horas se muestran en esta zona horaria.",
	Language: "Idioma", ByBrowser: "El del navegador",
	Photo: "Foto", PhotoHint: "Hasta 10 MB. Se quitan la ubicación y la fecha.",
	Save: "Guardar", RemovePhoto: "Quitar la foto",
	Password: "Contraseña", YourUsername: "Tu nombre de usuario", Current: "Contraseña actual",
	NewPassword: "Contraseña nueva", NewPasswordHint: "Al menos 10 caracteres. Se cerrará tu sesión en los demás navegadores.",
	SetPassword: "Cambiar contraseña",
	Sessions:    "Dónde tienes la sesión abierta", ThisBrowser: "Este navegador", SignOut: "Cerrar sesión",
	Browser: "{who} en {what}", SomeBrowser: "Navegador desconocido en {what}", UnknownSystem: "un sistema desconocido",
	Presence: "Estado en línea", ShowOnline: "Mostrar cuando estoy en línea", ShowTyping: "Mostrar cuando estoy escribiendo",
	PresenceHint: "Solo puede verlo la gente del mismo chat. No se guarda.",
	NoScripts:    "Sin JavaScript", HowRooms: "Cómo se actualizan los chats", AsLive: "En vivo: los mensajes aparecen al instante",
	AsWait: "En espera: la página se recarga cuando hay algo nuevo", AsPlain: "Simple: la página no se actualiza sola", SaveMode: "Guardar", NoSuchMode: "Elige una de las tres opciones.",
	OnPlain: "En las páginas en espera y simples", NewestLast: "Los mensajes más nuevos al final", NewestFirst: "Los mensajes más nuevos primero",
	Saved: "Guardado.",

	NoName:         "Escribe el nombre que verán los demás.",
	NameBroken:     "Ese nombre no se puede usar.",
	NameInvisible:  "El carácter {n} ({what}) es invisible. Quítalo.",
	NameAccents:    "El carácter {n} («{what}») tiene demasiados acentos.",
	NameLoose:      "El carácter {n} es un acento sin letra.",
	NameLong:       "Usa 40 caracteres como máximo.",
	NoSuchZone:     "Elige una zona horaria de la lista, por ejemplo Europe/Madrid.",
	NoSuchLanguage: "Elige un idioma de la lista.",
	WrongPassword:  "Esa no es tu contraseña actual.",
	NotImage:       "No podemos leer esa foto. Usa JPEG, PNG, GIF o WebP.",
	TooLarge:       "Esa foto es demasiado grande (máx. 10 MB).",
	TooManyPixels:  "Esa foto es demasiado grande (máx. 24 megapíxeles, 8000 px por lado).",
	TooLargeHere:   "Esa foto es demasiado grande. Este servidor guarda fotos de hasta {what}.",
	TooManyPhotos:  "Puedes enviar 60 fotos por hora y guardar 200 MB en total. Espera un rato o elimina algunas.",
	PhotosBusy:     "El servidor está ocupado con otras fotos. Inténtalo de nuevo en un momento.",
}

var spanishGroup = Group{
	New: "Nuevo grupo", RoomName: "Nombre del grupo", Who: "Miembros",
	NoFriends:   "Solo puedes agregar a tus amigos, y aquí aún no tienes.",
	AskSomebody: "Agregar amigos", Create: "Crear grupo",
	Back: "Volver al chat", Members: "Miembros", Name: "Nombre", Rename: "Cambiar nombre",
	Leave: "Salir del grupo", LeaveButton: "Salir",
	LastLeaves:   "Solo quedas tú. Si sales, nadie podrá volver a abrir este grupo.",
	OwnerLeaves:  "Dejarás de ver este grupo, y quien lleve más tiempo en él será admin. Cualquier miembro puede volver a agregarte.",
	MemberLeaves: "Dejarás de ver este grupo. Cualquier miembro puede volver a agregarte.",
	Owner:        "Admin", OwnerHint: "El admin puede cambiar el nombre del grupo y eliminar miembros. Solo hay uno.",
	MakeOwner:  "Hacer admin",
	RemoveHint: "No verá los mensajes nuevos.", Remove: "Eliminar",
	Add: "Agregar amigos", AddHint: "Verán los mensajes nuevos, pero no los anteriores.",
	AllIn: "Todos tus amigos están en este grupo.", AskElse: "Agregar más amigos", AddButton: "Agregar",
	Count: func(n int) string { return strconv.Itoa(n) + " " + plural(n, "miembro", "miembros") },

	HereNow:       "En línea",
	Notifications: "Notificaciones", Photo: "Foto del grupo", SavePhoto: "Guardar foto",

	NoName:    "Ponle un nombre al grupo.",
	NameLong:  "Usa 60 caracteres como máximo.",
	NotFriend: "Solo puedes agregar a tus amigos. Envía antes una solicitud de amistad.",
	AlreadyIn: "Esta persona ya está en el grupo.",
	Full:      "Un grupo puede tener 100 miembros como máximo.",
	TooFast:   "Vas demasiado rápido. Espera un segundo e inténtalo de nuevo.",
}

var spanishRooms = Rooms{
	None: "Aún no hay chats.", NoneHint: "Agrega a alguien. Cuando acepte, aquí habrá un chat para los dos.", AskFriend: "Agregar amigos",
	NoMessages: "Aún no hay mensajes", You: "Tú: {what}",
	Unread: "sin leer", Mentioned: "te mencionó", Muted: "Silenciado",
	Choose: "Elige un chat para empezar.", First: "Aquí se abrirá tu primer chat.",
	IsMuted: "Este chat está silenciado. Muestra lo que no has leído, pero no te avisa.", Unmute: "Dejar de silenciar",
	MuteHint: "Los chats silenciados muestran lo que no has leído, pero no te avisan.", Mute: "Silenciar este chat",
}
