package words

import "strconv"

var spanishInvite = Invite{
	Title: "Invitar a gente",
	Intro: "Quien abra tu enlace podrá crear una cuenta aquí y estará entre tus amigos.",
	Make:  "Nueva invitación",
	Uses:  "Para cuántas personas", UsesHint: "De 1 a 100.",
	Days: "Por cuántos días", DaysHint: "De 1 a 30.",
	Rooms: "Chats a los que se unirán", RoomsHint: "Puedes elegir grupos tuyos y chats abiertos en los que estés, 10 como máximo.",
	ServerWide: "Solo al servidor: quien venga no estará entre mis amigos",
	MakeButton: "Crear enlace",
	Ready:      "Tu enlace", ReadyHint: "Envíalo a quienes quieras tener aquí. Se muestra solo diez minutos, porque el servidor no lo guarda.",
	Picture: "Código QR del enlace",
	Copy:    "Copiar enlace", Copied: "Copiado.", Share: "Compartir…",
	Mine: "Tus invitaciones", None: "Aún no has invitado a nadie.",
	All: "Invitaciones", NoneAtAll: "Nadie ha invitado a nadie todavía.",
	Used: func(used, uses int) string {
		return plural(used, "Vino ", "Vinieron ") + strconv.Itoa(used) + " de " + strconv.Itoa(uses) + " " + plural(uses, "persona", "personas")
	},
	Until: "Hasta el {what}", Into: "Chats: {what}",
	Revoked: "Retirada", UsedUp: "Agotada", Expired: "Caducada",
	Revoke: "Retirar",
	Older:  "Invitaciones anteriores", Newest: "Invitaciones más recientes",
	Closed:     "En este servidor ya no se crean cuentas: no se puede invitar a nadie y los enlaces no funcionan.",
	AdminsOnly: "Solo la administración puede invitar a gente a este servidor.",
	BadUses:    "Escribe un número del 1 al 100.",
	BadDays:    "Escribe un número del 1 al 30.",
	BadRooms:   "Puedes invitar a 10 chats como máximo: a grupos tuyos y a chats abiertos en los que estés.",
	TooMany:    "Hoy ya hiciste 20 invitaciones. Inténtalo mañana.",
	Somebody:   "Invita a alguien que aún no está aquí", NotHere: "¿Aún no está aquí? Envíale una invitación.",
	Invitation: "Invitación", By: "{who} te invita a {what}",
	Friends: "Tú y {who} serán amigos.", Members: "Estarás en:",
	Accept: "Aceptar la invitación", Own: "Esta es tu propia invitación. Envía el enlace a otra persona.",
	Gone:     Sentences{"Esta invitación no es válida", "Puede que se haya agotado, retirado o caducado. Pide otro enlace a quien te la envió."},
	TooOften: "Hoy ya aceptaste 20 invitaciones. Inténtalo mañana.",
	Missed: func(n int) string {
		return "No pudiste unirte a " + strconv.Itoa(n) + " de los chats de la invitación: " + plural(n, "está lleno o ya no existe.", "están llenos o ya no existen.")
	},
	Needed: "Para crear una cuenta aquí necesitas una invitación. Pide un enlace a alguien que ya esté aquí.",
}
