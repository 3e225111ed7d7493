package words

var spanishSecondFactor = SecondFactor{
	Title: "Inicio de sesión en dos pasos",
	Why:   "Inicia sesión con tu contraseña y un código de una app de tu teléfono. Así no entra nadie que solo sepa tu contraseña.",
	Since: "El inicio de sesión en dos pasos está activado desde el {what}.", Manage: "Configurar o cambiar",
	Required: "Quienes administran este servidor tienen que iniciar sesión en dos pasos. Configúralo aquí para continuar.",
	App:      "Códigos de una app",
	AppHint:  "Necesitas una app de códigos de un solo uso, como Aegis, FreeOTP+ o 2FAS. Muchos gestores de contraseñas también sirven.",
	Begin:    "Configurar una app",
	Scan:     "1. Escanea esta imagen con la app.", QR: "Código QR para la app",
	Key: "O escribe en ella esta clave:", Open: "O ábrela en una app de este dispositivo",
	Code: "Código", CodeHint: "2. Escribe los seis números que muestra la app. Se cerrará tu sesión en todos los demás navegadores.",
	TurnOn:    "Activar",
	TurnedOn:  "El inicio de sesión en dos pasos está activado. Ten también códigos de recuperación, por si pierdes el teléfono.",
	TurnedOff: "El inicio de sesión en dos pasos está desactivado.",
	TurnOff:   "Desactivar", TurnOffHint: "De tu app, o un código de recuperación.",

	Enter: "Escribe tu código", EnterHint: "Tu contraseña es correcta. Abre la app en tu teléfono y escribe el código que muestra.",
	AnyCode: "Seis números de tu app, o un código de recuperación.", Other: "Usar otra cuenta",

	WrongCode:    "Ese código es incorrecto o ya se usó. Espera al siguiente. Si ninguno funciona, revisa la hora de tu teléfono.",
	TooManyCodes: "Demasiados códigos incorrectos. Espera 15 minutos e inténtalo de nuevo.",
	Late:         "Tardó demasiado. Vuelve a iniciar sesión.",
	SetupLate:    "Tardó demasiado. Empieza de nuevo.",
	Already:      "El inicio de sesión en dos pasos ya está activado.",
}

var spanishPasskeys = Passkeys{
	Title: "Llaves de acceso",
	Why:   "Inicia sesión con tu huella, tu cara, un PIN o una llave de seguridad. Es más rápido que una contraseña, y nadie te la puede sacar con engaños.",
	None:  "Aún no tienes llaves de acceso.",
	Added: "Agregada el {what}", Used: "usada por última vez el {what}",
	Name: "Nombre", NameHint: "Por ejemplo, el dispositivo donde está.", Add: "Agregar llave de acceso",
	Rename: "Cambiar nombre", Remove: "Eliminar",
	New: "Agregar llave de acceso", NewHint: "Tu navegador te preguntará dónde guardar la llave de acceso.", Make: "Crear llave de acceso",
	SignIn: "Iniciar sesión con una llave de acceso", UseHint: "Tu navegador te preguntará qué llave de acceso usar.", Use: "Usar llave de acceso",
	NeedsScripts: "Las llaves de acceso necesitan JavaScript, que está desactivado en este navegador. Todo lo demás funciona sin él.",
	NeedsHTTPS:   "Las llaves de acceso solo funcionan donde este servidor tiene un nombre y una dirección https.",
	NoSupport:    "Este navegador no admite llaves de acceso.",
	IsAdded:      "Llave de acceso agregada. Desde ahora puedes iniciar sesión con ella.", IsRemoved: "Llave de acceso eliminada.",
	Remain:   "Tu contraseña nueva ya está activa. Con estas llaves de acceso se puede seguir iniciando sesión: elimina las que no reconozcas.",
	Canceled: "Se canceló o tardó demasiado. Inténtalo de nuevo cuando quieras.",
	Refused:  "Esa llave de acceso no funciona aquí. Puede que se haya eliminado.",
	TooMany:  "Puedes tener 10 llaves de acceso. Elimina una primero.",
	Late:     "Tardó demasiado. Inténtalo de nuevo.",
	InUse:    "Esa llave de acceso ya se está usando.",
}
