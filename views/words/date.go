package words

import (
	"strings"
	"time"
)

// Dates is how a language writes dates; all of them use a 24-hour clock. Each form is a text with the
// placeholders {weekday}, {day}, {month}, {mon} (a short month) and {year}.
type Dates struct {
	Weekdays [7]string // from Sunday
	Months   [12]string
	Mons     [12]string

	DayForm, LongForm, ShortForm, NearForm string
}

const clockForm = "15:04"

// Day returns a date with its weekday.
func (d *Dates) Day(t time.Time) string { return d.write(d.DayForm, t) }

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
	DayForm: "{weekday}, {day} {month} {year}", LongForm: "{day} {month} {year}", ShortForm: "{day} {mon} {year}", NearForm: "{day} {mon}",
}

var germanDates = Dates{
	Weekdays: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
	Months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni",
		"Juli", "August", "September", "Oktober", "November", "Dezember"},
	Mons:    [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
	DayForm: "{weekday}, {day}. {month} {year}", LongForm: "{day}. {month} {year}", ShortForm: "{day}. {mon} {year}", NearForm: "{day}. {mon}",
}

var spanishDates = Dates{
	Weekdays: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
	Months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio",
		"julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
	Mons:    [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
	DayForm: "{weekday}, {day} de {month} de {year}", LongForm: "{day} de {month} de {year}", ShortForm: "{day} {mon} {year}", NearForm: "{day} {mon}",
}
