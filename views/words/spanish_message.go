package words

var spanishDetail = Detail{
	Title: "Mensaje", In: "Mensaje en {what}", With: "Mensaje en la sala con {who}",
	Reactions: "Reacciones", Another: "Otro emoji", React: "Reaccionar",
	Reply: "Responder", YourReply: "Tu respuesta", InRoom: "Escribirla en la sala",
	Edit: "Cambia tu mensaje", Text: "Su texto",
	EditHint: "Queda marcado como editado, y los demás pueden ver lo que ponía antes.", Save: "Guardar",
	DeleteIt: "Eliminar el mensaje", DeleteHint: "El texto desaparece para todos y no se puede recuperar. En su lugar queda una marca.", Delete: "Eliminar",
	Later: "Para más tarde", LaterHint: "Este mensaje y lo que otros dijeron después vuelven a contar como no leídos, hasta que abras la sala.",
	Unread: "Marcar como no leído desde aquí", History: "Lo que ponía antes",
}

var spanishPicture = PhotoForm{
	Photos: "Fotos", Choose: "Elige fotos",
	DescribeThis: "Describe la foto", Remove: "Quita",
	Unanswered:   "No se ha enviado. Tu texto y las fotos siguen aquí: envíalos de nuevo.",
	DescribeEach: "Describir cada foto", LeaveOut: "Dejarla fuera", Kept: "Guardado para ti: {what}",
	ChooseHint: "Hasta 10, de 10 MB cada una y 11 MB en total. Se les quita dónde y cuándo se hicieron.",
	Describe:   "Describe la foto", Sending: "Enviando",
	Back: "Volver al mensaje", In: "{which} en {what}", With: "{which} en la sala con {who}",
	OfMessage: "Fotos de este mensaje", Previous: "Foto anterior", Next: "Foto siguiente",
	DescribeIt: "Describe la foto", Shows: "Qué muestra", ShowsHint: "Para quien no puede verla. Hasta 500 caracteres.",
}

var spanishSearch = Search{
	Words: "Palabras",
	Hint:  "Tienen que estar todas. La última encuentra también palabras más largas; las palabras entre \"comillas\" van seguidas.",
	Where: "Dónde", AllRooms: "Todas mis salas", Who: "Quién lo dijo", Anybody: "Cualquiera, o un nombre de usuario",
	Indexing:   "Los mensajes más antiguos aún se están preparando para la búsqueda, así que aquí pueden faltar algunos. Vuelve a intentarlo en unos minutos.",
	ExactOnly:  "Muchísimas palabras empiezan por «{what}», así que solo se ha buscado la palabra misma.",
	Fewer:      "Prueba con menos palabras, o solo con el principio de la última. Da igual si llevan acentos o mayúsculas.",
	Everywhere: "Buscar en todas las salas y personas", In: "{who} en {what}", To: "{who} a {what}",
	OlderFirst: "Mensajes más antiguos", NewestFirst: "Primero los más recientes",
	NothingYet: "Nada todavía", NothingOlder: "Nada más antiguo", Nothing: "No se ha encontrado nada",
	Search: "Buscar", SearchOlder: "Buscar más atrás", Older: "Resultados más antiguos",
	NoWord:       "Ahí no hay ninguna palabra. Escribe letras o cifras.",
	TooManyWords: "Es más de lo que se puede buscar de una vez. Usa 10 palabras como máximo.",
	BadText:      "El texto tiene caracteres que no se pueden buscar. Quítalos, por favor.",
	TooFast:      "Eso ha sido un poco rápido. Espera un segundo y busca otra vez.",
}

var spanishFormatting = Formatting{
	Title: "Formato", NewTab: "en una pestaña nueva", Becomes: "Lo que escribes y en qué se convierte", GoodToKnow: "Conviene saber",
	Italic: "*cursiva* o _cursiva_", Bold: "**negrita**", Code: "`código`", Block: "```\nun bloque de código,\n  tal cual\n```",
	Quote: "> una cita\ny la respuesta", List: "- uno\n- dos", Numbers: "1. primero\n2. segundo", Link: "[el plan](https://example.org)",
	AsTyped:  "Todo lo demás queda como lo escribes: 2 * 3 * 4, snake_case, un guion suelto.",
	AtStart:  "Las citas y las listas empiezan justo al principio de una línea. Una lista tiene al menos dos líneas.",
	ShowMark: "Para mostrar una marca tal cual, ponla entre acentos graves.",
	Mentions: "@ y el nombre de usuario de alguien de la sala menciona a esa persona: su lista de salas se lo dice.",
}
