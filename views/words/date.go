package words

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Dates is how a language writes dates; all of them use a 24-hour clock. Each form is a text with the
// placeholders {weekday}, {day}, {month}, {mon} (a short month) and {year}.
type Dates struct {
	Weekdays [7]string // from Sunday
	Months   [12]string
	Mons     [12]string

	DayForm, ThisYearForm, LongForm, ShortForm, NearForm string // the second is DayForm without the year

	Today, Yesterday string
}

const clockForm = "15:04"

// Day returns a date with its weekday.
func (d *Dates) Day(t time.Time) string { return d.write(d.DayForm, t) }

// DayName names a day as one does: "Today", "Yesterday", the weekday for a week, then the date, with its year
// only if it is another one. It is right for as long as today is today.
func (d *Dates) DayName(t, now time.Time) string {
	switch days := daysBetween(t, now); {
	case days == 0:
		return d.Today
	case days == 1:
		return d.Yesterday
	case days > 1 && days < 7:
		return capitalized(d.Weekdays[t.Weekday()])
	case t.Year() == now.Year():
		return d.write(d.ThisYearForm, t)
	}
	return d.Day(t)
}

// When is Brief for a list: yesterday is "Yesterday", and the days of a week ago have their names.
func (d *Dates) When(t, now time.Time) string {
	if days := daysBetween(t, now); days > 0 && days < 7 {
		return d.DayName(t, now)
	}
	return d.Brief(t, now)
}

// Recent is When with the time of day.
func (d *Dates) Recent(t, now time.Time) string {
	if daysBetween(t, now) == 0 {
		return t.Format(clockForm)
	}
	return d.When(t, now) + ", " + t.Format(clockForm)
}

// daysBetween counts midnights, whatever the hours between them.
func daysBetween(t, now time.Time) int {
	date := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(date(now).Sub(date(t)).Hours() / 24)
}

func capitalized(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// Moment returns a date and a time.
func (d *Dates) Moment(t time.Time) string {
	return d.write(d.LongForm, t) + ", " + t.Format(clockForm)
}

// ShortMoment is Moment with short months.
func (d *Dates) ShortMoment(t time.Time) string {
	return d.write(d.ShortForm, t) + ", " + t.Format(clockForm)
}

// Brief returns the time if it is today, and the date otherwise.
func (d *Dates) Brief(t, now time.Time) string {
	switch {
	case t.Year() == now.Year() && t.YearDay() == now.YearDay():
		return t.Format(clockForm)
	case t.Year() == now.Year():
		return d.write(d.NearForm, t)
	}
	return d.write(d.ShortForm, t)
}

func (d *Dates) write(form string, t time.Time) string {
	return strings.NewReplacer("{weekday}", d.Weekdays[t.Weekday()], "{day}", t.Format("2"), "{month}", d.Months[t.Month()-1],
		"{mon}", d.Mons[t.Month()-1], "{year}", t.Format("2006")).Replace(form)
}

var englishDates = Dates{
	Weekdays: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
	Months: [12]string{"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
	Mons:    [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	DayForm: "{weekday}, {day} {month} {year}", ThisYearForm: "{weekday}, {day} {month}", LongForm: "{day} {month} {year}", ShortForm: "{day} {mon} {year}", NearForm: "{day} {mon}",
	Today: "Today", Yesterday: "Yesterday",
}

var germanDates = Dates{
	Weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
	Months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni",
		"Juli", "August", "September", "Oktober", "November", "Dezember"},
	Mons:    [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
	DayForm: "{weekday}, {day}. {month} {year}", ThisYearForm: "{weekday}, {day}. {month}", LongForm: "{day}. {month} {year}", ShortForm: "{day}. {mon} {year}", NearForm: "{day}. {mon}",
	Today: "Heute", Yesterday: "Gestern",
}

var spanishDates = Dates{
	Weekdays: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	Months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio",
		"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	Mons:    [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
	DayForm: "{weekday}, {day} de {month} de {year}", ThisYearForm: "{weekday}, {day} de {month}", LongForm: "{day} de {month} de {year}", ShortForm: "{day} {mon} {year}", NearForm: "{day} {mon}",
	Today: "Hoy", Yesterday: "Ayer",
}
