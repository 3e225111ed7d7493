package words

var spanishRefusals = Refusals{
	Empty:       "Aún no hay nada que enviar. Escribe primero un mensaje.",
	Emptied:     "Un mensaje no puede quedarse vacío. En su lugar puedes eliminarlo, más abajo.",
	Long:        "Son más de 4000 caracteres. Envíalo por partes.",
	BadText:     "El texto tiene caracteres que no se pueden enviar. Quítalos, por favor.",
	OldPage:     "Tu página se ha quedado vieja. Envía el mensaje otra vez.",
	KeyReused:   "Tu página había enviado antes otra cosa. Envía esto otra vez.",
	ReplyGone:   "El mensaje al que respondes ya no está. Envía otra vez el tuyo y saldrá solo.",
	BadEmoji:    "Eso no es un emoji. Escribe uno solo.",
	ManyEmojis:  "Este mensaje ya tiene todos los emojis distintos que puede tener. Elige uno de ellos.",
	TooFast:     "Eso ha sido un poco rápido. Espera un segundo y envíalo otra vez.",
	NotNow:      "Aún no se ha enviado: el servidor está ocupado o reiniciándose. Tu texto sigue aquí; envíalo otra vez.",
	ManyPhotos:  "Un mensaje puede llevar hasta 10 fotos. Envía las demás en otro.",
	BadAlt:      "La descripción de una foto puede tener hasta 500 caracteres, en una línea.",
	ChooseAgain: "Elige también las fotos otra vez.",
	PhotoGone:   "Una foto ha esperado demasiado y ya no está. Elígela otra vez.",
	OurFault:    "Algo ha salido mal, y es culpa nuestra. Tu texto sigue aquí; envíalo otra vez.",
	SignedOut:   "No se ha enviado: tu sesión está cerrada. Tu texto sigue aquí.",
}

var spanishRoom = Room{
	InThisRoom: "en esta sala", Messages: "Mensajes", Earlier: "Mensajes anteriores",
	Older: "Mensajes más antiguos", Newer: "Mensajes más nuevos", Newest: "Los mensajes más recientes",
	ToFirstNew: "Ir al primer mensaje nuevo", AllRead: "Marcar todo como leído",
	NoMessages: "Aquí todo está tranquilo.", SayHello: "Saluda: el primer mensaje es tuyo.",
	New: "Nuevo", SeenBefore: "Ya visto", NothingNew: "Nada nuevo", WaitMore: "Esperar más",
	Write: "Escribe un mensaje", BodyLabel: "Tu mensaje", Send: "Enviar",
	InReplyTo: "En respuesta a", Cancel: "Cancelar", TheReply: "la respuesta",
	Is: "{who} está", Here: "aquí", HereNow: "{n} aquí ahora",
	OneTyping: "{who} está escribiendo…", TwoTyping: "{who} y {whom} están escribiendo…", SeveralTyping: "Varias personas están escribiendo…",

	WaitForNew: "Esperar mensajes nuevos", LookForNew: "Buscar mensajes nuevos", Reconnect: "Volver a conectar",
	PageIs: "Modo de esta página:", Live: "en vivo", Waiting: "en espera", Plain: "simple",
	Paused: "En pausa", PausedWhy: "Esta página se ha detenido porque Parley está abierto en varias otras.", Continue: "Seguir aquí",
	Lost:           "Conexión perdida. Volver a conectar",
	NoLongerMember: "Ya no estás en esta conversación.", NotMember: "No estás en esta conversación, o ya no lo estás.",
	YourRooms: "Tus salas", UnsentText: "Lo que has escrito", TryAgain: "Volver a intentar",
	SignInFirst: "{what}, luego vuelve aquí y envíalo otra vez.",
	NotSentYet:  "Aún no se ha enviado", PhotosLost: "Las fotos no se conservan: vuelve atrás y envíalo todo otra vez.", SendAgain: "Enviar otra vez",
}

var spanishMessage = Message{
	Deleted: "Mensaje eliminado", Edited: "editado", More: "Más", Sent: "Enviado",
	ReplyTo: "en respuesta a", ReplyToEarlier: "En respuesta a un mensaje anterior",
	Photo: "Foto", NthPhoto: "Foto {n} de {all}", Photos: "{n} fotos",

	NowFriends:    "Ya hay amistad entre los dos.",
	GroupCreated:  "{who} ha creado esta sala.",
	MemberAdded:   "{who} ha traído a {whom}.",
	MemberLeft:    "{who} se ha ido.",
	MemberRemoved: "{who} ha sacado a {whom}.",
	OwnerChanged:  "{who} ha hecho responsable a {whom}.",
	GroupRenamed:  "{who} ha llamado a la sala {what}.",
	PhotoChanged:  "{who} ha puesto una foto a la sala.", PhotoRemoved: "{who} ha quitado la foto de la sala.",
	Closed: "Esta conversación ha terminado.",

	EditedOne:       "{who} ha cambiado un mensaje:",
	DescribedOne:    "{who} ha descrito una foto:",
	DeletedOne:      "{who} ha eliminado un mensaje.",
	Reacted:         "{who} ha reaccionado con {emoji} a «{what}»",
	ReactionRemoved: "{who} ha retirado {emoji} de «{what}»",
}
