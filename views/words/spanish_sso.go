package words

var spanishSSO = SSO{
	Title: "Inicio de sesión con otros servicios",
	Why:   "Inicia sesión con una cuenta que tienes en otro lugar.",
	With:  "Continuar con {what}", Or: "o",
	As:      "{what}, como {who}",
	Connect: "Conectar {what}", Remove: "Desconectar",
	Alone: "En este servidor se inicia sesión con una cuenta que se tiene en otro lugar.",

	New: "Un paso más", NewHint: "{what} te conoce como {who}. Aquí todavía no hay ninguna cuenta conectada con esa.",
	Make: "Es mi primera vez aquí", Have: "Ya tengo una cuenta aquí",
	HaveHint: "Escribe esta única vez su nombre de usuario y su contraseña. A partir de entonces inicias sesión con {what}.",
	Link:     "Conectar e iniciar sesión",
	Mine:     "Conectar con tu cuenta", MineHint: "A partir de entonces puedes iniciar sesión en tu cuenta {whom} con {what}.",
	LinkMine: "Conectar", NotNow: "Ahora no",

	NoPassword: "Aquí no tienes contraseña. Inicia sesión una vez más donde sueles hacerlo, para mostrar que eres tú. Vale durante diez minutos.",
	Confirm:    "Mostrar que eres tú",

	IsConnected: "Conectada. A partir de ahora puedes iniciar sesión con ella.", IsRemoved: "Desconectada.", Already: "Esa cuenta ya está conectada con la tuya.",

	Denied:       "{what} no te dejó entrar, o cancelaste.",
	Unavailable:  "Ahora no se puede acceder a {what}. Inténtalo más tarde.",
	Failed:       "La respuesta de {what} no se puede usar. Inténtalo de nuevo; si vuelve a pasar, avisa a quien administra este servidor.",
	Late:         "Tardó demasiado, o se empezó en otro navegador. Inténtalo de nuevo.",
	Taken:        "Esa cuenta de {what} está conectada con otra cuenta de aquí.",
	Other:        "Esa no es la cuenta de {what} que está conectada con la tuya.",
	TooMany:      "Puedes conectar 10 cuentas. Desconecta una primero.",
	LastWay:      "Sin eso ya no podrías iniciar sesión. Pon antes una contraseña, o conecta otra cuenta.",
	ConfirmFirst: "Muestra primero que eres tú.",
	PasswordsOff: "En este servidor no se inicia sesión con contraseña ni con llave de acceso.",
}
