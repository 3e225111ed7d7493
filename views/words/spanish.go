package words

var spanish = Catalog{
	Lang: "es", Self: "Español",
	Someone: "alguien",
	Dates:   spanishDates,

	Nav: Nav{
		Skip: "Ir al contenido", Main: "Principal", ProblemTitle: "Error: {what}",
		Rooms: "Chats", Friends: "Amigos", Search: "Buscar", Profile: "Perfil", SignOut: "Salir",
		Requests: func(n int) string { return plural(n, "solicitud", "solicitudes") },

		SignedOut: "Tu sesión está cerrada.", SignIn: "Iniciar sesión",
		Closed: "Ya no estás en este chat.",
		Unsent: "Aún no se envió. Se enviará cuando vuelvas a tener conexión.",
		Lost:   "Conexión perdida. Reconectando…",
	},

	Account: Account{
		Tagline:  "El chat que simplemente funciona.",
		Anywhere: "Funciona en cualquier navegador, viejo o nuevo, con o sin JavaScript.",
		Safe:     "Aguanta las malas conexiones: nada se pierde, nada se envía dos veces.",
		Friends:  "Deja fuera a los extraños: solo tus amigos pueden escribirte o agregarte a un grupo.",

		SignIn: "Iniciar sesión", SignUp: "Crear una cuenta",
		Username: "Nombre de usuario", Password: "Contraseña",
		UsernameHint: "De 3 a 32 letras minúsculas, números, puntos, guiones o guiones bajos. Tus amigos lo usan para encontrarte.",
		PasswordHint: "Al menos 10 caracteres. Unas cuantas palabras al azar van bien.",
		New:          "¿Es tu primera vez?", CreateOne: "Crea una cuenta", HaveOne: "¿Ya tienes una cuenta?", SignInNow: "Inicia sesión",

		WrongCredentials: "Nombre de usuario o contraseña incorrectos.",
		TooManyAttempts:  "Demasiados intentos. Espera un minuto e inténtalo de nuevo.",
		TooManySignUps:   "Demasiados intentos desde tu red. Espera un rato y vuelve a intentarlo.",
		SignUpClosed:     "El registro está cerrado en este servidor. Pregunta a quien lo administra.",

		NoName:       "Elige un nombre de usuario.",
		NameChars:    "Usa solo letras de la a a la z, números, puntos, guiones y guiones bajos.",
		NameLength:   "Usa de 3 a 32 caracteres.",
		NameEnds:     "Debe empezar y terminar con una letra o un número.",
		NameReserved: "Ese nombre de usuario está reservado. Elige otro.",
		NameTaken:    "Ese nombre de usuario ya está en uso. Elige otro.",

		PasswordChars:    "Esa contraseña tiene caracteres que no se pueden usar.",
		PasswordShort:    "Usa al menos 10 caracteres.",
		PasswordLong:     "Usa 256 caracteres como máximo.",
		PasswordIsName:   "Tu contraseña no puede ser tu nombre de usuario.",
		PasswordIsCommon: "Esa contraseña es demasiado común. Elige otra.",
	},

	Trouble: Trouble{
		Why: map[int]Sentences{
			400: {"Petición no válida", "Tu navegador envió algo que no pudimos leer."},
			401: {"Tu sesión está cerrada", "Vuelve a iniciar sesión para continuar."},
			403: {"Petición rechazada", "Venía de otro sitio o de una página desactualizada. Recarga la página e inténtalo de nuevo."},
			404: {"Aquí no hay nada", "Esta página no existe o no tienes acceso a ella."},
			405: {"Aquí no es posible", "Eso no se puede hacer en esta página."},
			408: {"Tardó demasiado", "Tu conexión era demasiado lenta para enviarlo todo. Inténtalo de nuevo."},
			413: {"Es demasiado grande", "Cada foto puede ocupar hasta 10 MB y todas juntas 11 MB; lo demás, hasta 64 KB."},
			421: {"Dirección equivocada", "Este servidor no está disponible en esa dirección."},
			422: {"No se puede guardar", "Corrígelo e inténtalo de nuevo."},
			429: {"Vas demasiado rápido", "Espera un momento e inténtalo de nuevo."},
			431: {"Es demasiado grande", "La dirección o tus cookies son demasiado largas."},
			499: {"No funcionó", "Tu navegador envió algo que no pudimos usar."},
			500: {"Algo salió mal", "Es culpa nuestra y quedó registrado. Inténtalo de nuevo en un momento."},
			503: {"No disponible por ahora", "El servidor está ocupado o reiniciándose. No se perdió nada. Inténtalo de nuevo en un momento."},
		},
		Advice: map[int]string{
			403: "Antes vuelve atrás y copia lo que escribiste; después recarga.",
			404: "Revisa si la dirección está bien escrita. Puede que lo que había aquí ya no esté.",
			405: "Vuelve atrás e inténtalo de otra forma.",
			413: "Vuelve atrás para cambiarlo. Tu navegador conserva lo que escribiste.",
			421: "Revisa la dirección o pregunta a quien administra el servidor.",
			422: "Vuelve atrás para cambiarlo. Tu navegador conserva lo que escribiste.",
			429: "Espera un minuto, vuelve atrás e inténtalo de nuevo. Tu navegador conserva lo que escribiste.",
			431: "Borra las cookies de este sitio e inténtalo de nuevo.",
			500: "Espera un momento, vuelve atrás e inténtalo de nuevo. Tu navegador conserva lo que escribiste.",
		},
		Rooms: "Ir a tus chats", Start: "Ir al inicio",
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
