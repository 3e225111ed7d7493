package words

var spanish = Catalog{
	Lang: "es", Self: "Español",
	Someone: "alguien",
	Dates:   spanishDates,

	Nav: Nav{
		Skip: "Ir al contenido", Main: "Principal", ProblemTitle: "Problema: {what}",
		Rooms: "Salas", Friends: "Amigos", Search: "Buscar", Profile: "Perfil", SignOut: "Cerrar sesión",
		Requests: func(n int) string { return plural(n, "solicitud", "solicitudes") },

		SignedOut: "Tu sesión está cerrada.", SignIn: "Iniciar sesión",
		Closed: "Esta conversación ha terminado.",
		Unsent: "Aún no se ha enviado. Se enviará cuando vuelva la conexión.",
		Lost:   "Sin conexión. Volviendo a intentar…",
	},

	Account: Account{
		Tagline:  "Un chat que simplemente está ahí.",
		Anywhere: "En cualquier navegador, viejo o nuevo, con scripts o sin ellos.",
		Safe:     "Con mala conexión: nada se pierde, nada llega dos veces.",
		Friends:  "Entre amigos: solo puede escribirte quien tú has aceptado.",

		SignIn: "Iniciar sesión", SignUp: "Crear una cuenta",
		Username: "Nombre de usuario", Password: "Contraseña",
		UsernameHint: "De 3 a 32 letras minúsculas, cifras, puntos, guiones o guiones bajos. Así te encuentran tus amigos.",
		PasswordHint: "Al menos 10 caracteres. Unas cuantas palabras seguidas son fáciles de recordar.",
		New:          "¿Es tu primera vez?", CreateOne: "Crea una cuenta", HaveOne: "¿Ya tienes una?", SignInNow: "Inicia sesión",

		WrongCredentials: "El nombre de usuario y la contraseña no coinciden.",
		TooManyAttempts:  "Demasiados intentos. Espera un minuto y vuelve a intentarlo.",
		SignUpClosed:     "Este servidor no admite cuentas nuevas. Pregunta a quien lo administra.",

		NoName:     "Elige un nombre de usuario.",
		NameChars:  "Un nombre de usuario solo tiene letras de la a a la z, cifras, puntos, guiones y guiones bajos.",
		NameLength: "Un nombre de usuario tiene de 3 a 32 caracteres.",
		NameTaken:  "Ese nombre de usuario ya está ocupado. Elige otro.",

		PasswordChars:    "Esa contraseña tiene caracteres que no se pueden usar.",
		PasswordShort:    "Una contraseña tiene al menos 10 caracteres. Unas cuantas palabras van bien.",
		PasswordLong:     "Una contraseña tiene 256 caracteres como máximo.",
		PasswordIsName:   "Tu contraseña no puede ser tu nombre de usuario.",
		PasswordIsCommon: "Esa contraseña es de las primeras que otros probarían. Elige otra.",
	},

	Trouble: Trouble{
		Why: map[int]Sentences{
			400: {"No se ha entendido", "Tu navegador ha enviado algo que no hemos podido leer."},
			401: {"Tu sesión está cerrada", "Vuelve a iniciar sesión para continuar."},
			403: {"Se ha rechazado", "La petición venía de otro sitio o de una página antigua. Vuelve atrás, recarga la página e inténtalo otra vez."},
			404: {"Aquí no hay nada", "La página no existe o no es para ti."},
			405: {"Eso no se puede hacer aquí", "Esta dirección no puede hacer lo que se le ha pedido."},
			408: {"Ha tardado demasiado", "Tu conexión era demasiado lenta para traerlo todo. Inténtalo otra vez."},
			413: {"Es demasiado grande", "Cada foto puede tener hasta 10 MiB, y todas juntas 11 MiB; todo lo demás, 64 KiB."},
			421: {"Dirección equivocada", "Este servidor no responde al nombre que has usado."},
			422: {"Así no funciona", "Antes hay que cambiar algo."},
			429: {"Eso ha sido un poco rápido", "Espera un momento y vuelve a intentarlo."},
			431: {"Es demasiado grande", "La dirección o las cookies son demasiado largas."},
			499: {"No ha funcionado", "Tu navegador ha enviado algo que no hemos podido usar."},
			500: {"Algo ha salido mal", "Es culpa nuestra y ha quedado anotado. Vuelve a intentarlo en un momento."},
			503: {"Ahora mismo no", "El servidor está ocupado o reiniciándose. No se ha perdido nada: vuelve a intentarlo en un momento."},
		},
		Advice: map[int]string{
			403: "Vuelve atrás, recarga la página e inténtalo otra vez.",
			404: "Puede que la dirección esté mal escrita, o que lo que había aquí ya no esté.",
			413: "Vuelve atrás y cámbialo: tu navegador conserva lo que has escrito.",
			422: "Vuelve atrás y cámbialo: tu navegador conserva lo que has escrito.",
			429: "Espera un minuto, vuelve atrás e inténtalo otra vez: tu navegador conserva lo que has escrito.",
			500: "Espera un momento, vuelve atrás e inténtalo otra vez: tu navegador conserva lo que has escrito.",
		},
		Rooms: "Ir a tus salas", Start: "Ir al inicio",
	},

	Friends:    spanishFriends,
	Person:     spanishPerson,
	Profile:    spanishProfile,
	Group:      spanishGroup,
	Rooms:      spanishRooms,
	Room:       spanishRoom,
	Message:    spanishMessage,
	Refusals:   spanishRefusals,
	Detail:     spanishDetail,
	PhotoForm:  spanishPicture,
	Search:     spanishSearch,
	Formatting: spanishFormatting,
}
