package words

// Own is for one's own data: taking it along, and deleting the account.
type Own struct {
	Heading                      string // the section of the profile
	ExportHint, Password, Export string
	Running, TooMany, Busy       string // why there is no export
	ToDelete                     string // leads to the page below

	// In what was exported.
	DataOf, ExportedAt                 string // {who}, {when}
	Rooms, Friends, None, Muted        string
	NoLonger                           string // at the end of a room's pages
	Earlier, Later, AllRooms           string
	Page                               string // {n}
	Received, Sent, Blocked            string
	Username, Name, Zone, Since, Photo string
	SignedIn                           string

	// The page that deletes the account.
	Delete, DeleteHint                         string
	Names, NamesGo                             string // what it is about, and what happens to it
	SignedOut, SignedOutNow                    string
	Messages, MessagesGo                       string
	Groups, GroupsGo, GoesTo                   string // {what} goes to {who}
	NobodyLeft                                 string // {what}: a group without others
	Others, OthersGo                           string
	Reactions, ReactionsGo, Reports, ReportsGo string
	Reuse, ReuseNot                            string
	Choose, Keep, Remove                       string
	NoChoice, DeleteButton, Back               string
	Asked                                      string // on the sign-in page, afterwards
	TakenBack                                  string // after signing in

	// For administrators.
	DeleteHintAdmin, TheirMessages, BeingDeleted, ActDelete string // the last is a line of the log, like those of Acts
}
