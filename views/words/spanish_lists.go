package words

var spanishLists = Lists{
	Find: "Buscar un chat o a alguien", NoneFound: "Ningún chat se llama así.", All: "Todos los chats",
	Draft: "Borrador:", Me: "Tú:",
	Settings: "Ajustes del grupo",

	Notifications: "Notificaciones", NotificationsHint: "Mientras Parley esté abierto en una pestaña. Los chats silenciados no avisan.",
	Notify: "Mostrar notificaciones de escritorio", Sound: "Reproducir un sonido", SaveNotifications: "Guardar",
	Allow:          "Permitir en este navegador",
	Refused:        "Este navegador bloquea las notificaciones de este sitio. Puedes cambiarlo en sus ajustes.",
	Unknown:        "Este navegador no admite notificaciones.",
	WithoutScripts: "Las notificaciones y los sonidos necesitan JavaScript.",
	Request:        "Nueva solicitud de amistad",

	Leaving: "Cerrar sesión", LeavingHint: "Cierra la sesión en este navegador.",
}
