package main

type person struct {
	username, name string
	colors         []string // of their photo: sky, sun, hills; nil if they have none
}

// people are the eight who talk. The pictures are of maya's pages.
var people = []person{
	{"maya", "Maya Lindqvist", []string{"#f6d8ae", "#e4572e", "#2e4057"}},
	{"jonas", "Jonas Weber", []string{"#3b6ea5", "#f2c14e", "#1d3f2a"}},
	{"lea.fontaine", "Léa Fontaine", []string{"#a23b72", "#f18f01", "#3d1c3a"}},
	{"samir", "سمير حداد", []string{"#2a9d8f", "#e9c46a", "#264653"}},
	{"yuki", "山田 由紀", []string{"#cddafd", "#ff758f", "#5a189a"}},
	{"lin", "陈琳", nil},
	{"tove", "Tove", nil},
	{"alexandra.k", "Alexandra Konstantinidou-Papadopoulos", nil},
}

// strangers have not talked to anybody: one is new, the others have asked or were asked.
var strangers = []person{
	{"nina8410", "", nil},
	{"hana", "Hana Novák", []string{"#ffe5d9", "#d62828", "#6a994e"}},
	{"ravi.k", "Ravi Krishnamurthy", nil},
	{"oskar", "Oskar", nil},
	{"best.prices", "BEST PRICES", nil},
	{"greta", "Greta Lindholm", nil}, // is about to delete her account
}

// friends have the direct rooms: seven are maya's.
var friends = [][2]string{
	{"maya", "tove"}, {"maya", "alexandra.k"}, {"maya", "lin"}, {"maya", "yuki"}, {"maya", "samir"}, {"maya", "lea.fontaine"}, {"maya", "jonas"},
	{"jonas", "lea.fontaine"}, {"jonas", "samir"}, {"lea.fontaine", "yuki"}, {"lin", "yuki"}, {"jonas", "tove"},
}
