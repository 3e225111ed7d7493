package views

// RefusalWords says why a message, or a change of one, was not taken.
type RefusalWords struct {
	Empty, Long, BadText, OldPage, KeyReused, ReplyGone, BadEmoji, TooFast, NotNow string
	ManyPhotos, BadAlt, ChooseAgain                                                string
	OurFault, SignedOut                                                            string
}
