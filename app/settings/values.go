package settings

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/app/text"
)

// Values are all settings, each valid.
type Values struct {
	Name                   string // of the server, in titles and on the page of those who are signed out
	SignUp                 string // SignUpOpen, SignUpInvited or SignUpClosed
	InvitesBy              string // ByMembers or ByAdmins, as the next two
	GroupsBy               string
	OpenRoomsBy            string
	PhotoMegabytes         int  // that an uploaded file may have
	QuotaMegabytes         int  // that the photos of one person may have in all
	RetentionDays          int  // after which messages are erased; 0 for never
	AdminsNeedSecondFactor bool // administrators must have a second factor
	Welcome, Rules         string
	Accent, AccentDark     string // "#rrggbb", or "" for Parley's own; see Accents
	LogoID                 uint64 // a photo; 0 for Parley's own
}

// Invalid is the error for a value that a setting cannot have.
type Invalid struct { //nolint:errname // as in auth
	Setting string
	Reason  error
}

func (i *Invalid) Error() string { return "settings: " + i.Setting + ": " + i.Reason.Error() }

// Unwrap returns the reason.
func (i *Invalid) Unwrap() error { return i.Reason }

// Why a setting cannot have a value. A text that is refused can have one of the reasons of package text, too.
var (
	ErrChoice  = errors.New("settings: not one of the choices")
	ErrNumber  = errors.New("settings: not a whole number in the range") // a *RangeError
	ErrTooLong = errors.New("settings: too long")
	ErrFixed   = errors.New("settings: the environment decides this")
)

// RangeError is ErrNumber with the range.
type RangeError struct{ Least, Most int }

func (r *RangeError) Error() string { return ErrNumber.Error() }

// Unwrap returns ErrNumber.
func (r *RangeError) Unwrap() error { return ErrNumber }

// The names of the settings, in the database and in forms.
const (
	Name                   = "name"
	SignUp                 = "sign_up"
	InvitesBy              = "invites_by"
	GroupsBy               = "groups_by"
	OpenRoomsBy            = "open_rooms_by"
	PhotoMegabytes         = "photo_megabytes"
	QuotaMegabytes         = "quota_megabytes"
	RetentionDays          = "retention_days"
	AdminsNeedSecondFactor = "admins_need_second_factor"
	Welcome                = "welcome"
	Rules                  = "rules"
	AccentColor            = "accent"
	AccentDark             = "accent_dark"
	Logo                   = "logo"
)

// The choices of SignUp, and those of who may do something.
const (
	SignUpOpen    = "open"   // anybody creates an account
	SignUpInvited = "invite" // only people who are invited, after the first account
	SignUpClosed  = "closed" // nobody

	ByMembers = "members" // everybody on the server
	ByAdmins  = "admins"
)

// The bounds of the settings.
const (
	MaxName    = 40    // characters
	MaxWelcome = 300   // characters
	MaxRules   = 20000 // characters of Markdown
	MaxPhoto   = 10    // MB; what package photo decodes
	MaxQuota   = 1 << 20
	MaxDays    = 3650
)

// setting is one of them: what it is when nobody has decided, and how its text becomes a value.
type setting struct {
	name, fallback string
	must           string // what the variable must be, as its error says; "" if there is no variable
	meaning        string // of the variable, for help on the command line
	set            func(v *Values, text string) error
}

var all = []setting{
	{Name, "Parley", "must be a name of up to 40 characters, all of which can be seen", "The name of the server.", func(v *Values, given string) (err error) {
		v.Name, err = text.Name(text.OneLine(given), MaxName)
		return err
	}},
	{SignUp, SignUpOpen, "must be one of: open, invite, closed", "Who may create an account: open, invite or closed.", choice(func(v *Values) *string { return &v.SignUp }, SignUpOpen, SignUpInvited, SignUpClosed)},
	{InvitesBy, ByMembers, "must be one of: members, admins", "Who may invite: members or admins.", choice(func(v *Values) *string { return &v.InvitesBy }, ByMembers, ByAdmins)},
	{GroupsBy, ByMembers, "must be one of: members, admins", "Who may create groups: members or admins.", choice(func(v *Values) *string { return &v.GroupsBy }, ByMembers, ByAdmins)},
	{OpenRoomsBy, ByAdmins, "must be one of: members, admins", "Who may create open rooms: members or admins.", choice(func(v *Values) *string { return &v.OpenRoomsBy }, ByMembers, ByAdmins)},
	{PhotoMegabytes, "10", "must be a whole number from 1 to 10", "The size of one photo, in MB: 1 to 10.", number(func(v *Values) *int { return &v.PhotoMegabytes }, 1, MaxPhoto)},
	{QuotaMegabytes, "200", "must be a whole number from 10 to 1048576", "The size of all photos of one person, in MB.", number(func(v *Values) *int { return &v.QuotaMegabytes }, 10, MaxQuota)},
	{RetentionDays, "0", "must be a whole number from 0 to 3650", "The days after which messages are erased; 0 is never.", number(func(v *Values) *int { return &v.RetentionDays }, 0, MaxDays)},
	{AdminsNeedSecondFactor, "no", "must be one of: yes, no", "Whether administrators must have a second factor: yes or no.", func(v *Values, given string) error {
		v.AdminsNeedSecondFactor = given == "yes"
		return oneOf(given, "yes", "no")
	}},
	{Welcome, "", "", "", prose(func(v *Values) *string { return &v.Welcome }, MaxWelcome)},
	{AccentColor, "", "", "", setAccent},
	{AccentDark, "", "", "", setAccentDark},
	{Logo, "0", "", "", func(v *Values, given string) (err error) {
		if v.LogoID, err = strconv.ParseUint(given, 10, 64); err != nil {
			return ErrChoice
		}
		return nil
	}},
	{Rules, "", "", "", prose(func(v *Values) *string { return &v.Rules }, MaxRules)},
}

// Names lists all settings, in the order of their page.
func Names() (names []string) {
	for _, s := range all {
		names = append(names, s.name)
	}
	return names
}

// Texts returns the values by the names of their settings, as a form sends them.
func (v Values) Texts() map[string]string {
	second := "no"
	if v.AdminsNeedSecondFactor {
		second = "yes"
	}
	return map[string]string{
		Name: v.Name, SignUp: v.SignUp, InvitesBy: v.InvitesBy, GroupsBy: v.GroupsBy, OpenRoomsBy: v.OpenRoomsBy,
		PhotoMegabytes: strconv.Itoa(v.PhotoMegabytes), QuotaMegabytes: strconv.Itoa(v.QuotaMegabytes), RetentionDays: strconv.Itoa(v.RetentionDays),
		AdminsNeedSecondFactor: second, Welcome: v.Welcome, Rules: v.Rules,
		AccentColor: v.Accent, AccentDark: v.AccentDark, Logo: strconv.FormatUint(v.LogoID, 10),
	}
}

// Fixable lists the settings that the environment can decide.
func Fixable() (names []string) {
	for _, s := range all {
		if s.must != "" {
			names = append(names, s.name)
		}
	}
	return names
}

// Check returns nil if a setting can have this value, and otherwise *Invalid.
func Check(name, value string) error {
	var v Values
	return v.set(name, value)
}

// Meaning describes what a setting of Fixable decides, and what it is if nobody has decided.
func Meaning(name string) (meaning, fallback string) {
	for _, s := range all {
		if s.name == name {
			return s.meaning, s.fallback
		}
	}
	return "", ""
}

// Variable returns the name of the variable of the environment that decides a setting of Fixable.
func Variable(name string) string {
	if name == Name {
		return "PARLEY_SERVER_NAME" // Docker sets PARLEY_NAME in a container that is linked to one called parley
	}
	return "PARLEY_" + strings.ToUpper(name)
}

// CheckVariable returns nil if a variable of the environment can have this value for a setting, and otherwise what
// it must be; the text does not have the value in it.
func CheckVariable(name, value string) error {
	i := indexOf(name)
	if i < 0 || Check(name, value) == nil {
		return nil
	}
	return errors.New(all[i].must)
}

func indexOf(name string) int {
	return slices.IndexFunc(all, func(s setting) bool { return s.name == name })
}

// set stores one value. A setting that does not exist is a mistake of the program: it is not stored.
func (v *Values) set(name, value string) error {
	i := indexOf(name)
	if i < 0 {
		return &Invalid{Setting: name, Reason: ErrChoice}
	}
	if err := all[i].set(v, value); err != nil {
		return &Invalid{Setting: name, Reason: err}
	}
	return nil
}

// valuesOf returns the values of texts. Where there is none, or none that is valid any more, the default counts.
func valuesOf(texts ...map[string]string) Values {
	var v Values
	for _, s := range all {
		_ = s.set(&v, s.fallback)
		for _, some := range texts {
			if given, ok := some[s.name]; ok {
				before := v
				if s.set(&v, given) != nil {
					v = before
				}
			}
		}
	}
	return v
}

// Defaults returns what counts while nobody has decided anything.
func Defaults() Values { return valuesOf() }

func choice(place func(v *Values) *string, words ...string) func(v *Values, given string) error {
	return func(v *Values, given string) error {
		*place(v) = given
		return oneOf(given, words...)
	}
}

func oneOf(given string, words ...string) error {
	if slices.Contains(words, given) {
		return nil
	}
	return ErrChoice
}

func number(place func(v *Values) *int, least, most int) func(v *Values, given string) error {
	return func(v *Values, given string) error {
		n, err := strconv.Atoi(given)
		if err != nil || n < least || n > most {
			return &RangeError{least, most}
		}
		*place(v) = n
		return nil
	}
}

// prose is text of several lines.
func prose(place func(v *Values) *string, most int) func(v *Values, given string) error {
	return func(v *Values, given string) error {
		body, err := text.Body(given)
		switch {
		case errors.Is(err, text.ErrNothing):
			err = nil
		case err == nil && utf8.RuneCountInString(body) > most:
			err = ErrTooLong
		}
		*place(v) = body
		return err
	}
}
