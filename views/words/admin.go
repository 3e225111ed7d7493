package words

// Admin is for the pages of those who run the server.
type Admin struct {
	Heading, Open                                      string // Open leads there, from the profile
	Pages                                              string // names the links to the pages
	People, Settings, Log                              string
	Accounts, Admins, Suspended                        func(n int) string
	FirstHeading, FirstHint, ServerName, ServerHint    string // the first account of a server
	FindPeople, Find, NoPeople, MorePeople, AllStates  string
	OnlyAdmins, OnlySuspended, State                   string
	IsAdmin, IsSuspended, SeenNever, Seen, Since       string // {when}
	Back                                               string // to the list of people
	Suspend, SuspendHint, Restore, RestoreHint         string
	MakeAdmin, MakeAdminHint, TakeAdmin, TakeAdminHint string
	SignOut, SignOutHint                               string
	LastAdmin, Done                                    string
	LogHint, NoLog, OlderLog, CSV                      string
	CommandLine                                        string // whoever has it
	Acts                                               Acts
}

// Acts are what the log says. {who} did it, to {whom}; {what} is the name of a setting or a room.
type Acts struct {
	First, Admin, NoAdmin, Suspend, Restore, SignOut, Setting string
	Report, DeleteMessage, RemoveMember                       string // {room} is a number
	CloseRoom, DeleteRoom, RoomOwner                          string
	Revoke, Reset, OneStep                                    string
	Connect, Disconnect, Newcomer, ProviderSignOut            string // {what} is a provider of single sign-on
}

// Settings is for the page on which administrators decide about the server.
type Settings struct {
	Name, NameHint                                 string
	SignUp, Open, Invite, Closed                   string
	InvitesBy, GroupsBy, OpenRoomsBy               string
	Members, Admins                                string
	Welcome, WelcomeHint, Rules, RulesHint         string
	PhotoMegabytes, QuotaMegabytes                 string
	RetentionDays, RetentionHint                   string
	Yes, No                                        string
	AdminsNeedSecondFactor                         string
	Fixed                                          string // {what} is the variable
	Save, Saved                                    string
	BadChoice, TooLong                             string
	BadNumber                                      string // {least} to {most}
	Accent, AccentHint, AccentDark, AccentDarkHint string
	Logo, SaveLogo, RemoveLogo                     string
	BadColor, PaleColor, DarkColor                 string
	About, Identity, Membership, Limits            string // headings
}
