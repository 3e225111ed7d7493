package views

var spanishRefusals = RefusalWords{
	Empty:       "Aún no hay nada que enviar. Escribe primero un mensaje.",
	Long:        "Son más de 4000 caracteres. Envíalo por partes.",
	BadText:     "El texto tiene caracteres que no se pueden enviar. Quítalos, por favor.",
	OldPage:     "Tu página se ha quedado vieja. Envía el mensaje otra vez.",
	KeyReused:   "Tu página había enviado antes otra cosa. Envía esto otra vez.",
	ReplyGone:   "El mensaje al que respondes ya no está. Envía otra vez el tuyo y saldrá solo.",
	BadEmoji:    "Eso no es un emoji. Escribe uno solo.",
	TooFast:     "Eso ha sido un poco rápido. Espera un segundo y envíalo otra vez.",
	NotNow:      "Aún no se ha enviado: el servidor está ocupado o reiniciándose. Tu texto sigue aquí; envíalo otra vez.",
	ManyPhotos:  "Un mensaje puede llevar hasta 10 fotos. Envía las demás en otro.",
	BadAlt:      "La descripción de una foto puede tener hasta 500 caracteres, en una línea.",
	ChooseAgain: "Elige también las fotos otra vez.",
	OurFault:    "Algo ha salido mal, y es culpa nuestra. Tu texto sigue aquí; envíalo otra vez.",
	SignedOut:   "No se ha enviado: tu sesión está cerrada. Tu texto sigue aquí.",
}
