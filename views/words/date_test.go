package words

import (
	"slices"
	"testing"
	"time"
)

// TestDayNames checks that days are named by the midnights between them, not the hours, and that what
// depends on today ends with a week, or with the year.
func TestDayNames(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 30, 0, 10, 0, 0, berlin) // the night before, the clocks went forward
	for _, c := range []struct {
		at         time.Time
		en, de, es string
		list       string
	}{
		{now.Add(-5 * time.Minute), "Today", "Heute", "Hoy", "00:05"},
		{now.Add(-11 * time.Minute), "Yesterday", "Gestern", "Ayer", "Yesterday"},
		{time.Date(2026, 3, 29, 0, 0, 0, 0, berlin), "Yesterday", "Gestern", "Ayer", "Yesterday"},
		{time.Date(2026, 3, 28, 23, 59, 0, 0, berlin), "Saturday", "Samstag", "Sábado", "Saturday"},
		{time.Date(2026, 3, 24, 12, 0, 0, 0, berlin), "Tuesday", "Dienstag", "Martes", "Tuesday"},
		{time.Date(2026, 3, 23, 12, 0, 0, 0, berlin), "Monday, 23 March", "Montag, 23. März", "lunes, 23 de marzo", "23 Mar"},
		{time.Date(2025, 12, 31, 12, 0, 0, 0, berlin), "Wednesday, 31 December 2025", "Mittwoch, 31. Dezember 2025", "miércoles, 31 de diciembre de 2025", "31 Dec 2025"},
		{time.Date(2026, 3, 31, 12, 0, 0, 0, berlin), "Tuesday, 31 March", "Dienstag, 31. März", "martes, 31 de marzo", "31 Mar"}, // another clock
	} {
		got := []string{In("en").Dates.DayName(c.at, now), In("de").Dates.DayName(c.at, now), In("es").Dates.DayName(c.at, now), In("en").Dates.When(c.at, now)}
		if want := []string{c.en, c.de, c.es, c.list}; !slices.Equal(got, want) {
			t.Errorf("%v: %q, want %q", c.at, got, want)
		}
	}
	for at, want := range map[time.Time]string{
		now.Add(-5 * time.Minute):                    "00:05",
		now.Add(-11 * time.Minute):                   "Yesterday, 23:59",
		time.Date(2026, 3, 23, 12, 0, 0, 0, berlin):  "23 Mar, 12:00",
		time.Date(2025, 12, 31, 12, 0, 0, 0, berlin): "31 Dec 2025, 12:00",
	} {
		if got := In("en").Dates.Recent(at, now); got != want {
			t.Errorf("%v: %q, want %q", at, got, want)
		}
	}
	newYear := time.Date(2026, 1, 2, 12, 0, 0, 0, berlin)
	if got := In("en").Dates.DayName(newYear.AddDate(0, 0, -3), newYear); got != "Tuesday" {
		t.Errorf("three days before, in the old year, is %q", got)
	}
}
