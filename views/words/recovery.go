package words

// Recovery is for the ways back into an account, and for other devices.
type Recovery struct {
	Forgot, ForgotHint         string // leads to the ways; above them
	ByCode, ByCodeHint         string
	ByMail, ByMailHint, NoMail string
	SendLink, Sent             string
	ByAdmin, ByAdminHint       string
	BackToSignIn               string

	UseCode, Code, CodeHint           string
	NewPassword, PasswordHint, SetNew string
	WrongCode, TooMany                string
	Reset, For                        string // {who} is the username
	Dead, DeadHint                    string // a link that doesn't work

	Codes, CodesHint, NoCodes        string
	CodesLeft                        func(n int) string
	MakeCodes, MakeHint              string
	YourCodes, CodesOnce, Back       string
	Address, AddressHint, AddressIs  string // {what} is the address
	AddressNoMail, AddressSent       string
	SaveAddress, RemoveAddress       string
	BadAddress, MailBusy             string
	Confirm, ConfirmHint, ConfirmNow string // {what} is the address, {who} the username
	Confirmed                        string

	Notices map[string]string // by db.NoticeWay; {what} is a date and time
	NotYou  string            // what to do about it
	Dismiss string

	MakeLink, MakeLinkHint        string
	ForPerson, GiveLink, LinkGone string // an administrator's link; {who} is the username
}

// Device is for signing another device in.
type Device struct {
	Title, Hint, Start         string
	Scan, Image, Link, Waiting string
	Asks, Compare, Let, Refuse string // {who} is a browser, {n} a number of four digits
	In, Over, Again, Look      string
	As, AsHint, Ask            string // on the other device; {who} is a name
	Wait, WaitHint             string // {n} is the number
	NotIn, NotInHint           string
}

// Mail is for e-mails. {who} is the username, {what} the link, the address, or a date and time.
type Mail struct {
	ResetSubject, ResetBody     string
	ConfirmSubject, ConfirmBody string
	ChangedSubject              string // the body is the notice
	AccountSubject              string // and of what is not about the password
	OtherSubject, OtherBody     string // to an address that another one has replaced
	Footer                      string // {what} is the server
}
