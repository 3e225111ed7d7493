package words

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// alike are texts that are the same in English and another language.
var alike = []string{"No", "Logo", "Color", "Emoji", "Passkeys", "Ctrl", "Esc", "ALT", "Name", "Text", "live", "online", "Online", "{n} online", "Error: {what}", "{who}", "{who} in {what}", "{which} in {what}", "{day} {mon} {year}", "{day} {mon}"}

// TestEveryLanguageIsComplete checks that no language lacks a sentence or leaves one in English, and
// that a translation has the same placeholders.
func TestEveryLanguageIsComplete(t *testing.T) {
	english := sentences(t, English())
	if len(english) < 150 {
		t.Fatalf("found only %d sentences", len(english))
	}
	for _, w := range Languages() {
		said := sentences(t, w)
		for path, text := range said {
			if strings.TrimSpace(text) == "" || strings.TrimSpace(text) != text {
				t.Errorf("%s: %s is %q", w.Lang, path, text)
			}
			first, known := english[path]
			if !known {
				t.Errorf("%s: %s is not in English", w.Lang, path)
			}
			if want, got := places(first), places(text); !slices.Equal(want, got) {
				t.Errorf("%s: %s has places for %v, and not for %v: %q", w.Lang, path, got, want, text)
			}
			name := strings.HasPrefix(path, ".Dates.Mon") // some months have the same name
			if w != English() && text == first && !name && !slices.Contains(alike, text) {
				t.Errorf("%s: %s is still English: %q", w.Lang, path, text)
			}
		}
		if len(said) != len(english) {
			t.Errorf("%s has %d sentences, English has %d", w.Lang, len(said), len(english))
		}
	}
}

var place = regexp.MustCompile(`\{\w+\}`)

// places returns the placeholders of a text, sorted.
func places(text string) []string {
	list := place.FindAllString(text, -1)
	slices.Sort(list)
	return list
}

// sentences returns all texts of a catalog by the path of their field. A function is called with one
// number for the singular and one for the plural.
func sentences(t *testing.T, w *Catalog) map[string]string {
	t.Helper()
	all := map[string]string{}
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			all[path] = v.String()
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"."+v.Type().Field(i).Name, v.Field(i))
			}
		case reflect.Array:
			for i := range v.Len() {
				walk(fmt.Sprint(path, ".", i), v.Index(i))
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				walk(fmt.Sprint(path, ".", key), v.MapIndex(key))
			}
		case reflect.Func:
			if v.IsNil() {
				t.Fatalf("%s: %s is missing", w.Lang, path)
			}
			for _, n := range []int{1, 7} {
				arguments := slices.Repeat([]reflect.Value{reflect.ValueOf(n)}, v.Type().NumIn())
				all[fmt.Sprint(path, "(", n, ")")] = v.Call(arguments)[0].String()
			}
		default:
			t.Fatalf("%s is neither a sentence nor a group of them", path)
		}
	}
	walk("", reflect.ValueOf(*w))
	return all
}

func TestNumbersHaveTheirPlural(t *testing.T) {
	for _, w := range Languages() {
		for path, text := range sentences(t, w) {
			if many, counts := strings.CutSuffix(path, "(1)"); counts {
				other := sentences(t, w)[many+"(7)"]
				if strings.Contains(text, "1") != strings.Contains(other, "7") {
					t.Errorf("%s: %s is %q and %q", w.Lang, path, text, other)
				}
			}
		}
	}
}

func TestDates(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 5, 0, 0, time.UTC)
	for _, c := range []struct {
		lang                            string
		day, moment, short, near, today string
	}{
		{"en", "Sunday, 22 November 2026", "22 November 2026, 09:05", "22 Nov 2026", "22 Nov", "09:05"},
		{"de", "Sonntag, 22. November 2026", "22. November 2026, 09:05", "22. Nov. 2026", "22. Nov.", "09:05"},
		{"es", "domingo, 22 de noviembre de 2026", "22 de noviembre de 2026, 09:05", "22 nov 2026", "22 nov", "09:05"},
	} {
		d := In(c.lang).Dates
		got := []string{d.Day(at), d.Moment(at), d.Brief(at, at.AddDate(1, 0, 0)), d.Brief(at, at.AddDate(0, 1, 0)), d.Brief(at, at)}
		if want := []string{c.day, c.moment, c.short, c.near, c.today}; !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", c.lang, got, want)
		}
	}
}
