package words

import "strconv"

var spanishRecovery = Recovery{
	Forgot: "¿Olvidaste tu contraseña?", ForgotHint: "Con cualquiera de estas formas eliges una contraseña nueva. Se cerrará tu sesión en todos los demás lugares.",
	ByCode: "Con un código de recuperación", ByCodeHint: "Uno de los diez códigos que creaste en tu perfil.",
	ByMail: "Por correo electrónico", ByMailHint: "Si la cuenta tiene una dirección de correo confirmada, enviaremos un enlace a ella.",
	NoMail:   "Este servidor no envía correos.",
	SendLink: "Enviar un enlace", Sent: "Si esta cuenta tiene una dirección de correo confirmada, un enlace va en camino. Sirve una sola vez, durante una hora.",
	ByAdmin: "Con ayuda de quien administra", ByAdminHint: "Pregunta a quien administra este servidor. Puede darte un enlace para elegir una contraseña nueva.",
	BackToSignIn: "Volver a iniciar sesión",

	UseCode: "Usar un código de recuperación", Code: "Código de recuperación", CodeHint: "16 letras y números. Los guiones y espacios no importan.",
	NewPassword: "Contraseña nueva", PasswordHint: "Al menos 10 caracteres. Se cerrará tu sesión en todos los demás lugares.", SetNew: "Guardar contraseña nueva",
	WrongCode: "Nombre de usuario o código de recuperación incorrectos.", TooMany: "Demasiados intentos. Espera un rato y vuelve a intentarlo.",
	Reset: "Elige una contraseña nueva", For: "Para la cuenta {who}.",
	Dead: "Este enlace no sirve", DeadHint: "Puede que esté mal escrito, que ya se haya usado, que haya otro más nuevo o que sea demasiado viejo.",

	Codes: "Códigos de recuperación", CodesHint: "Cada código sirve una vez: para elegir una contraseña nueva o en lugar de un código de tu app. Guárdalos en un lugar seguro fuera de Parley.",
	NoCodes: "No tienes códigos.",
	CodesLeft: func(n int) string {
		return "Te " + plural(n, "queda ", "quedan ") + strconv.Itoa(n) + plural(n, " código.", " códigos.")
	},
	MakeCodes: "Crear diez códigos nuevos", MakeHint: "Los códigos que creaste antes dejan de servir.",
	YourCodes: "Tus códigos de recuperación", CodesOnce: "Anótalos o imprímelos ahora. No se mostrarán otra vez.", Back: "Volver a tu perfil",
	Address: "Dirección de correo", AddressHint: "Solo para un enlace cuando olvides tu contraseña. Nadie puede verla.", AddressIs: "Tu dirección es {what}.",
	AddressNoMail: "Este servidor no envía correos, así que crea códigos de recuperación.", AddressSent: "Enviamos un enlace a {what}. Ábrelo en menos de un día para confirmar la dirección.",
	SaveAddress: "Confirmar esta dirección", RemoveAddress: "Quitar la dirección",
	BadAddress: "Escribe una dirección de correo, como ann@example.org.", MailBusy: "Hay demasiados correos en espera. Vuelve a intentarlo en unos minutos.",
	Confirm: "Confirma tu dirección de correo", ConfirmHint: "{what} será la dirección de la cuenta {who}.", ConfirmNow: "Confirmar",
	Confirmed: "Tu dirección está confirmada.",

	Notices: map[string]string{
		"code":       "Tu contraseña se cambió con un código de recuperación el {what}. Se cerró la sesión en todos los demás navegadores.",
		"link":       "Tu contraseña se cambió con un enlace de la administración el {what}. Se cerró la sesión en todos los demás navegadores.",
		"mail":       "Tu contraseña se cambió con un enlace por correo el {what}. Se cerró la sesión en todos los demás navegadores.",
		"address":    "Tu dirección de correo se cambió el {what}.",
		"onestep":    "Quien administra este servidor desactivó tu inicio de sesión en dos pasos el {what}.",
		"noaddress":  "Tu dirección de correo se quitó el {what}.",
		"appon":      "El inicio de sesión en dos pasos se activó el {what}.",
		"appoff":     "El inicio de sesión en dos pasos se desactivó el {what}.",
		"keyadded":   "Se agregó una llave de acceso a tu cuenta el {what}.",
		"keyremoved": "Se quitó una llave de acceso de tu cuenta el {what}.",
		"idadded":    "Una cuenta de otro servicio se conectó con la tuya el {what}, y ahora se puede iniciar sesión con ella.",
		"idremoved":  "Se desconectó de tu cuenta una cuenta de otro servicio el {what}.",
		"codesmade":  "Se crearon nuevos códigos de recuperación para tu cuenta el {what}.",
	},
	NotYou:  "Si no fuiste tú, cambia tu contraseña y revisa tus llaves de acceso ahora, y avisa a quien administra este servidor.",
	Dismiss: "Entendido",

	MakeLink: "Crear un enlace de acceso", MakeLinkHint: "Crea un enlace con el que la persona elige una contraseña nueva. Se muestra una vez, y el anterior deja de servir.",
	ForPerson: "Enlace de acceso para {who}", GiveLink: "Dale este enlace a {who} por un medio en el que confíes. Sirve una vez para elegir una contraseña nueva, vale 24 horas y no se mostrará otra vez.",
	LinkGone: "Este enlace ya se mostró. Crea otro si se perdió.",
}

var spanishDevice = Device{
	Title: "Iniciar sesión en otro dispositivo", Hint: "Muestra un enlace que inicia sesión en tu teléfono sin tu contraseña.", Start: "Mostrar el enlace",
	Scan:  "Escanéalo con tu otro dispositivo o abre ahí el enlace. Sirve una sola vez, durante cinco minutos.",
	Image: "Código QR del enlace de abajo", Link: "Enlace para el otro dispositivo", Waiting: "Esperando a tu otro dispositivo…",
	Asks: "Un dispositivo quiere iniciar sesión: {who}", Compare: "Muestra un número. Confirma solo si es {n}.",
	Let: "Confirmar", Refuse: "Rechazar",
	In: "Confirmado. Tu otro dispositivo está iniciando sesión.", Over: "El enlace ya se usó o venció.", Again: "Mostrar un enlace nuevo", Look: "Comprobar otra vez",
	As: "¿Iniciar sesión como {who}?", AsHint: "Tendrás que confirmarlo en el dispositivo que muestra el enlace.", Ask: "Iniciar sesión en este dispositivo",
	Wait: "Confirma en tu otro dispositivo", WaitHint: "Debe mostrar el número {n}. Esta página inicia sesión por sí sola.",
	NotIn: "Este dispositivo no inició sesión", NotInHint: "Se rechazó o pasó demasiado tiempo. Pide un enlace nuevo en tu otro dispositivo.",
}

var spanishMail = Mail{
	ResetSubject: "Elige una contraseña nueva", ResetBody: "Alguien, probablemente tú, pidió una contraseña nueva para la cuenta {who}.\n\nCon este enlace eliges una contraseña nueva. Sirve una sola vez, durante una hora:\n\n{what}\n\nSi no fuiste tú, no tienes que hacer nada.",
	ConfirmSubject: "Confirma tu dirección de correo", ConfirmBody: "Alguien quiere usar esta dirección para la cuenta {who}, para recibir enlaces si se olvida la contraseña.\n\nEste enlace la confirma. Sirve una sola vez, durante un día:\n\n{what}\n\nSi no es tu cuenta, no tienes que hacer nada.",
	ChangedSubject: "Tu contraseña se cambió",
	AccountSubject: "Tu cuenta ha cambiado",
	OtherSubject:   "Tu dirección de correo se cambió", OtherBody: "La cuenta {who} ya no usa esta dirección, sino otra.",
	Footer: "Enviado por Parley en {what}",
}
