package words

import "strconv"

var spanishDetail = Detail{
	Editing: "Editando mensaje", TheEdit: "edición",
	Gone:     "Este mensaje se eliminó, o ya no estás en este chat.",
	CopyLink: "Copiar enlace", Copied: "Enlace copiado", LinkTo: "Enlace a este mensaje", Person: "Ver perfil",
	Title: "Mensaje", In: "Mensaje en {what}", With: "Mensaje en tu chat con {who}",
	Reactions: "Reacciones", Another: "Otro emoji", React: "Reaccionar",
	Reply: "Responder",
	Edit:  "Editar mensaje", Text: "Texto",
	EditHint: "Los demás verán que se editó, y también las versiones anteriores.", Save: "Guardar",
	DeleteIt: "Eliminar mensaje", DeleteHint: "Se elimina para todos. No se puede deshacer.", Delete: "Eliminar",
	LaterHint: "Este mensaje y los siguientes quedarán sin leer hasta que vuelvas a abrir el chat.",
	Unread:    "Marcar como no leído", History: "Historial de ediciones", OlderTexts: "Versiones anteriores", NewestTexts: "Últimas versiones",
}

var spanishPicture = PhotoForm{
	Photos: "Fotos", Choose: "Elegir fotos",
	DescribeThis: "Texto alternativo de", Alt: "ALT", Remove: "Quitar",
	Many: "Hasta 10 fotos a la vez.", Heavy: "Juntas, estas fotos son demasiado grandes (máx. 11\u00a0MB).",
	BadType:      "{what}: Formato no compatible. Usa JPEG, PNG, GIF o WebP.",
	Big:          "{what} es demasiado grande (máx. 10\u00a0MB).",
	Unanswered:   "No se envió. Tu texto y tus fotos siguen aquí. Envíalos de nuevo.",
	TooLarge:     "No se envió: tus fotos son demasiado grandes para un servidor que hay antes de este. Ellas y tu texto siguen aquí.",
	Refused:      "No se envió: lo rechazó un servidor que hay antes de este ({what}). Tu texto y tus fotos siguen aquí.",
	DescribeEach: "Describir cada foto", LeaveOut: "Quitar", Kept: "Adjuntos: {what}",
	ChooseHint: "Hasta 10 fotos, de 10\u00a0MB cada una y 11\u00a0MB en total. Se quitan la ubicación y la fecha.",
	Describe:   "Describe la foto", Sending: "Enviando",
	Back: "Volver", In: "{which} en {what}", With: "{which} en tu chat con {who}",
	OfMessage: "Fotos de este mensaje", Previous: "Foto anterior", Next: "Foto siguiente",
	DescribeIt: "Describe esta foto", Shows: "Descripción", ShowsHint: "Para quien no puede verla. Hasta 500 caracteres.",
}

var spanishSearch = Search{
	Words: "Buscar mensajes",
	Hint:  `Encuentra mensajes con todas las palabras. La última también encuentra palabras más largas; las "comillas" buscan la frase exacta.`,
	Where: "Chat", AllRooms: "Todos los chats", Who: "De", Anybody: "Cualquiera, o un usuario",
	Indexing:   "Los mensajes más antiguos aún se están indexando, así que pueden faltar algunos. Inténtalo de nuevo en unos minutos.",
	ExactOnly:  "Demasiadas palabras empiezan con «{what}», así que solo ves coincidencias exactas.",
	Fewer:      "Prueba con menos palabras o más cortas.",
	Everywhere: "Buscar en todos los chats y personas", In: "{who} en {what}", To: "{who} a {what}",
	OlderFirst: "Resultados anteriores", NewestFirst: "Más recientes primero",
	NothingYet: "Aún sin resultados", NothingOlder: "No hay resultados anteriores", Nothing: "Sin resultados",
	Filters: "Filtros", Count: func(n int) string { return strconv.Itoa(n) + " " + plural(n, "resultado", "resultados") },
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

var spanishKeys = Keys{
	Title: "Atajos de teclado", Anywhere: "En todas partes", InMessages: "En los mensajes", InComposer: "Al escribir",
	Jump: "Ir a un chat o a una persona", Help: "Mostrar esta página", Close: "Cerrar lo que está abierto",
	Move: "Moverse por los mensajes", Ends: "Primer y último mensaje",
	Send: "Enviar", NewLine: "Línea nueva", EditLast: "Editar mi último mensaje (con el cuadro vacío)",
	Complete: "Mencionar a alguien", CompleteEmoji: "Insertar un emoji por su nombre",
	Enter: "Intro", Shift: "Mayús", HomeEnd: "Inicio, Fin", Ctrl: "Ctrl", Esc: "Esc",
	NeedsScripts: "Los atajos necesitan JavaScript.",
}
