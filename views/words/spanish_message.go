package words

var spanishDetail = Detail{
	Title: "Mensaje", In: "Mensaje en {what}", With: "Mensaje en tu chat con {who}",
	Reactions: "Reacciones", Another: "Otro emoji", React: "Reaccionar",
	Reply: "Responder", YourReply: "Tu respuesta", InRoom: "Responder en el chat",
	Edit: "Editar mensaje", Text: "Texto",
	EditHint: "Se marcará como editado y los demás podrán ver las versiones anteriores.", Save: "Guardar",
	DeleteIt: "Eliminar mensaje", DeleteHint: "Se elimina para todos y no se puede deshacer. En su lugar queda un aviso.", Delete: "Eliminar",
	Later: "Leer más tarde", LaterHint: "Este mensaje y los siguientes de otras personas quedarán sin leer hasta que abras el chat.",
	Unread: "Marcar como no leído desde aquí", History: "Historial de ediciones", OlderTexts: "Versiones anteriores", NewestTexts: "Últimas versiones",
}

var spanishPicture = PhotoForm{
	Photos: "Fotos", Choose: "Elegir fotos",
	DescribeThis: "Descripción de", Remove: "Quitar",
	Unanswered:   "No se envió. Tu texto y tus fotos siguen aquí. Envíalos de nuevo.",
	TooLarge:     "No se envió: tus fotos son demasiado grandes para un servidor que hay antes de este. Ellas y tu texto siguen aquí.",
	Refused:      "No se envió: lo rechazó un servidor que hay antes de este ({what}). Tu texto y tus fotos siguen aquí.",
	DescribeEach: "Describir cada foto", LeaveOut: "Quitar", Kept: "Adjuntos: {what}",
	ChooseHint: "Hasta 10 fotos, de 10\u00a0MB cada una y 11\u00a0MB en total. Se quitan la ubicación y la fecha.",
	Describe:   "Describe la foto", Sending: "Enviando",
	Back: "Volver al mensaje", In: "{which} en {what}", With: "{which} en tu chat con {who}",
	OfMessage: "Fotos de este mensaje", Previous: "Foto anterior", Next: "Foto siguiente",
	DescribeIt: "Describe esta foto", Shows: "Descripción", ShowsHint: "Para quien no puede verla. Hasta 500 caracteres.",
}

var spanishSearch = Search{
	Words: "¿Qué buscas?",
	Hint:  `Encuentra mensajes con todas las palabras. La última también encuentra palabras más largas; las "comillas" buscan la frase exacta.`,
	Where: "Chat", AllRooms: "Todos los chats", Who: "De", Anybody: "Cualquiera, o un usuario",
	Indexing:   "Los mensajes más antiguos aún se están indexando, así que pueden faltar algunos. Inténtalo de nuevo en unos minutos.",
	ExactOnly:  "Demasiadas palabras empiezan con «{what}», así que solo ves coincidencias exactas.",
	Fewer:      "Prueba con menos palabras, o solo con el principio de la última. Los acentos y las mayúsculas no importan.",
	Everywhere: "Buscar en todos los chats y personas", In: "{who} en {what}", To: "{who} a {what}",
	OlderFirst: "Resultados anteriores", NewestFirst: "Más recientes primero",
	NothingYet: "Aún sin resultados", NothingOlder: "No hay resultados anteriores", Nothing: "Sin resultados",
	Search: "Buscar", SearchOlder: "Buscar mensajes más antiguos", Older: "Resultados anteriores",
	NoWord:       "Escribe al menos una letra o un número.",
	TooManyWords: "Es demasiado para una búsqueda. Usa 10 palabras como máximo.",
	BadText:      "Hay caracteres que no se pueden buscar. Quítalos.",
	TooFast:      "Vas demasiado rápido. Espera un segundo y busca de nuevo.",
}

var spanishFormatting = Formatting{
	Title: "Formato", NewTab: "se abre en otra pestaña", Becomes: "Lo que escribes y cómo se ve", GoodToKnow: "Conviene saber",
	Italic: "*cursiva* o _cursiva_", Bold: "**negrita**", Code: "`código`", Block: "```\nun bloque de código,\n  con sus espacios\n```",
	Quote: "> una cita\ny tu respuesta", List: "- uno\n- dos", Numbers: "1. primero\n2. segundo", Link: "[el plan](https://example.org)",
	AsTyped:  "Todo lo demás queda como lo escribes: 2 * 3 * 4, snake_case, un guion suelto.",
	AtStart:  "Las citas y las listas empiezan justo al principio de una línea. Una lista necesita al menos dos líneas.",
	ShowMark: "Para mostrar un carácter de formato tal cual, ponlo entre acentos graves.",
	Mentions: "Escribe @ y un nombre de usuario para mencionar a alguien del chat. Lo verá en su lista de chats.",
}
