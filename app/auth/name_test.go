package auth

import (
	"errors"
	"strings"
	"testing"
	"time"

	"parley/app/text"
	"parley/db"
)

func TestUsername(t *testing.T) {
	for typed, want := range map[string]string{
		"alice": "alice", " Alice\n": "alice", "A.B-c_9": "a.b-c_9", "abc": "abc", strings.Repeat("x", 32): strings.Repeat("x", 32),
		"": "", "ab": "", strings.Repeat("x", 33): "", "al ice": "", "bób": "", "b\u006f\u0301b": "", "аlice": "", // a Cyrillic a
		"\u212Aate": "", // the Kelvin sign, which Unicode folds to k
		"alice\x00": "", "al\xffce": "", "alice/../bob": "", "al%2e": "", "alice\u200b": "", "ａlice": "", "İstanbul": "",
	} {
		got, err := Username(typed)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", typed, got, err, want)
		}
	}
}

func TestDisplayName(t *testing.T) {
	accepted := map[string]string{
		"Alice": "Alice", "  Ann   Lee ": "Ann Lee", "Ann\u00a0\u2003Lee": "Ann Lee",
		"Zoe\u0308": "Zo\u00eb", "Nguyễn Thị": "Nguyễn Thị", "محمد": "محمد", "יעל": "יעל", "あかね": "あかね", "กิ่ง": "กิ่ง",
		"🦊 Fox": "🦊 Fox", "I ❤️ tea": "I ❤️ tea", "<b>Bob</b>": "<b>Bob</b>", "O'Neil \"X\"": "O'Neil \"X\"",
		strings.Repeat("é", 40): strings.Repeat("é", 40), strings.Repeat("e\u0301", 40): strings.Repeat("é", 40),
		"q\u0323\u0301": "q\u0323\u0301", "q\u0323\u0307\u0301": "", // two marks, and three, that no letter composes with
		"👨\u200d👩": "👨\u200d👩",
		// Keyboards of Kannada and Bengali end such words with a sign that changes nothing.
		"ಅಬ್ದುಲ್\u200c ಕಲಾಂ": "ಅಬ್ದುಲ್ ಕಲಾಂ", "শাহ্\u200c": "শাহ্", "क्\u200c": "क्", "ಸರ್\u200c.": "ಸರ್.",
	}
	for _, typed := range []string{
		"", " ", "\u00a0\u2003", strings.Repeat("x", 41), strings.Repeat("x", 100_000),
		"a\nb", "a\tb", "a\x00b", "a\x1bb", "a\x7fb", "a\u0085b", "bad \xff byte", "\xed\xa0\x80",
		"\u202eecilA", "Al\u2066ice", "Al\u200fice", "a\u061cb", // right to left by force
		"a\u200bb", "a\u200db", "a\u00adb", "a\ufeffb", "a\u2060b", "tag \U000E0041", // no width
		"\u3164", "a\u115fb", "\u2800", "\u034f", "a\u2028b", "a\u2029b", "\ue000", "\uffff", "\ufffd",
		"\u0301a", "a \u0301b", "Z\u0351\u036b\u0343a\u0301lgo",
	} {
		accepted[typed] = ""
	}
	for typed, want := range accepted {
		got, err := DisplayName(typed)
		var bad *Invalid
		if got != want || (err == nil) != (want != "") || err != nil && (!errors.As(err, &bad) || bad.Reason == "") {
			t.Errorf("%+q: got %+q, %v, want %+q", typed, got, err, want)
		}
		if again, err := DisplayName(got); got != "" && (again != got || err != nil) {
			t.Errorf("%+q is not stable: %+q, %v", got, again, err)
		}
	}
}

func TestTimeZone(t *testing.T) {
	for _, zone := range []string{"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "Asia/Kolkata"} {
		if got, err := TimeZone(zone); got != zone || err != nil {
			t.Errorf("%q: %q, %v", zone, got, err)
		}
	}
	for _, zone := range []string{"", "Local", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "posix/UTC", "right/UTC",
		"Europe//Berlin", "Europe/./Berlin", "Europe/Berlin/", "Europe\\Berlin", "Europe/Berlin\x00", "Europe/ Berlin", strings.Repeat("A", 100), "europe/берлин"} {
		if got, err := TimeZone(zone); err == nil {
			t.Errorf("%q became %q", zone, got)
		}
	}
}

// names are those of people and places, in the scripts that people write today. Each stays as it is.
var names = map[string][]string{
	"Amharic": {"ኃይለ ሥላሴ"}, "Arabic": {"مُحَمَّدٌ", "عبد الرحمٰن", "اللّٰه", "ٱلْحُسَيْن", "عَبْدُ ٱللَّٰهِ", "ٱلصَّٰلِح"}, "Armenian": {"Արամ Խաչատրյան"}, "Assamese": {"ক্ষীৰোদ শইকীয়া"},
	"Azerbaijani": {"Əli Rəhimov"}, "Balinese": {"ᬲᬸᬓᬃᬢ"}, "Bengali": {"সত্যজিৎ রায়", "র\u200d্যাব", "উদ্\u200cযান"}, "Burmese": {"ကျော်", "အောင်ဆန်းစုကြည်", "လျှော့", "ရွှေ", "မျှော်"},
	"Cherokee": {"ᏍᏏᏉᏯ"}, "Chinese": {"王小明", "葛\U000e0100城", "𠮷田"}, "Czech": {"Dvořáková"}, "Divehi": {"މުޙައްމަދު"},
	"English": {"Ann-Marie O’Neil", "J. R. R.", "Zoë"}, "French": {"François Lefèvre"}, "Fula": {"𞤆𞤵𞤤𞤢𞤪"}, "Georgian": {"შოთა რუსთაველი"}, "German": {"Jürgen Groß"},
	"Greek": {"Ἀριστοτέλης", "Γιώργος"}, "Gujarati": {"નરસિંહ મહેતા", "કૃષ્ણ"}, "Hebrew": {"יַעֲקֹב", "שָׁלוֹם", "שִׁיר", "בְּרֵאשִׁ֖ית"}, "Hindi": {"कृष्णमूर्ति", "श्री", "ज़ैनब", "क्\u200dष"},
	"Icelandic": {"Björk Guðmundsdóttir"}, "Igbo": {"Ụzọma", "Ọ\u0301"}, "Inuktitut": {"ᐃᓄᒃᑎᑐᑦ"}, "Japanese": {"ゆうこ", "アリス", "渡邉\U000e0101", "か\u309a"}, "Javanese": {"ꦱꦸꦏꦂꦤ", "ꦏꦿꦶꦱ꧀ꦤ"},
	"Kannada": {"ರಾಜ್\u200cಕುಮಾರ್", "ಶ್ರೀಕೃಷ್ಣ"}, "Kazakh": {"Нұрсұлтан"}, "Khmer": {"ស្រីមុំ", "ខ្ញុំ", "កញ្ញា ស្ត្រី"}, "Korean": {"김철수", "훈민정음"}, "Kurdish": {"ئازاد", "شێرکۆ"},
	"Lao": {"ເຂົ້າ", "ບຸນມີ", "ນ້ຳ"}, "Lithuanian": {"Žydrūnas", "ė\u0303"}, "Malayalam": {"മോഹന്\u200d", "ശ്രീജിത്ത്", "കൃഷ്ണൻ"}, "Manipuri": {"ꯃꯤꯇꯩ"}, "Marathi": {"ज्ञानेश्वर", "दर्\u200dया"},
	"Mongolian": {"Болд", "ᠮᠣᠩᠭᠣᠯ", "ᠠ\u180b", "ᠨ\u180eᠠ"}, "N’Ko": {"ߒߞߏ", "ߛߏ߬ߟߏߡߊ߲"}, "Nepali": {"कृष्ण प्रसाद"}, "Odia": {"କୃଷ୍ଣ", "ଶ୍ରୀ"}, "Pashto": {"ښاغلی"},
	"Persian": {"علی\u200cرضا", "محمد\u200cرضا", "می\u200cخواهم"}, "Polish": {"Łukasz Ś."}, "Punjabi": {"ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ"}, "Rohingya": {"𐴌𐴟𐴇𐴥𐴝"}, "Russian": {"Артём Й."}, "Santali": {"ᱥᱟᱱᱛᱟᱲᱤ"},
	"Shan": {"ၸၢႆးၶိူဝ်း"}, "Sinhala": {"ශ්\u200dරී ලංකා", "මහින්ද"}, "Sundanese": {"ᮞᮥᮔ᮪ᮓ"}, "Syriac": {"ܐܦܪܝܡ", "ܡܳܪܝ"}, "Tamil": {"கிருஷ்ணன்", "ஶ்ரீ"}, "Telugu": {"కృష్ణ", "రాజ్\u200cకుమార్"},
	"Thai": {"กิ่งแก้ว", "น้ำ", "เพ็ญศรี", "สิทธิ์", "ปู่"}, "Tibetan": {"བསྟན་འཛིན་རྒྱ་མཚོ", "སྒྲོལ་མ", "ཨོཾ", "ཀླུ་སྒྲུབ"}, "Tigrinya": {"ሃብቶም"}, "Turkish": {"İsmail Iğdır"}, "Ukrainian": {"Марʼяна Ґ."},
	"Urdu": {"خواجہ", "بے\u200cنظیر"}, "Uyghur": {"ئۇيغۇر"}, "Vai": {"ꕙꔤ"}, "Vietnamese": {"Nguyễn Thị Ngọc Ánh"}, "Yi": {"ꆈꌠ"}, "Yoruba": {"Ọlọ́run", "Ẹ̀kọ́"}, "Berber": {"ⵎⵙⵉⵏⵉⵙⴰ"},
	"emoji":    {"👩\u200d🚀", "👨🏽\u200d🍳", "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "🙂\u200d↔\ufe0f", "❤\ufe0f\u200d🔥", "1\ufe0f\u20e3", "🇩🇪", "I ❤️ tea", "‼\ufe0f", "☺\ufe0e", "👍🏿", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f Ann", "ℹ\ufe0f", "🐦\u200d⬛", "🧑🏽\u200d🤝\u200d🧑🏻"},
	"Khoekhoe": {"ǂKhoadi ǁHôas", "!Nami"}, "Buginese": {"ᨅᨔ ᨕᨘᨁᨗ"}, "Tai Tham": {"ᨲᩫ᩠ᩅᨾᩮᩬᩥᨦ"}, "Chakma": {"𑄌𑄋𑄴𑄟𑄳𑄦"}, "Lepcha": {"ᰛᰩᰵᰛᰧᰵ"}, "Mandaic": {"ࡌࡀࡍࡃࡀ"}, "Coptic": {"Ⲡⲓⲭ̀ⲣⲏⲥⲧⲟⲥ"}, "Ewe": {"Ɔ̃̀dɔ"}, "Kwak’wala": {"Kwakwa̱ka̱ʼwakw", "x̱ʷməθkʷəy̓əm"},
}

// hostileNames hide something, or cover what is around them.
var hostileNames = []string{
	"\u202eecilA", "Al\u202aice", "Al\u202dice", "Al\u2066ice\u2069", "a\u200eb", "a\u200fb", "a\u061cb", // bidi
	"Z\u0351\u036b\u0343algo", "a" + strings.Repeat("\u0300\u0323", 15), "\u0301a", "a \u0301b", "ا\u064e\u0651\u0670", // zalgo
	"ก\u0e47\u0e47\u0e47\u0e47", "ก\u0e48\u0e49\u0e4a\u0e4b", "ກ\u0ec8\u0ec9\u0eca\u0ecb", "क\u0901\u0901", "ཀ\u0f90\u0f91\u0f92\u0f93\u0f94\u0f95", // and in other scripts
	"a\u0e48\u0e49\u0e4a", "a\u0901\u0902\u0941", "🙂\u0e48\u0e49\u0e4a",
	"\u200b", "\u200d", "\u200c\u200c", "\u00a0", "\u3164", "\u2800", "\u034f", "\ufe0f", "\ufeff", "\U000e0041", "\u115f\u1160", "\u17b4", "\ufffc", "\U0001d159", // nothing to see
	"al\u200cice", "al\u200dice", "ali\ufe0fce", "ali\ufe00ce", "ali\U000e0100ce", "ali\u180bce", "ali\u180ece", "алик\u200dса", "王\u200d明", "김\u200c철", // nothing to do
	"علی\u200c", "\u200cعلی", "علی \u200cرضا", "علی\u200c رضا", "علی\u200c\u200cرضا", "علی\u200d\u200cرضا", "علی\u200calice", "क\u200dalice", "رضا\u180eرضا", "علی\u200c3", // nothing to join
	"👩\u200d", "\u200d👩", "👩\u200d\u200d🚀", "👩\u200c🚀", "👩\u200da", "a\u200d👩", "👩\ufe0f\ufe0f", "1\ufe0f", "a\ufe0f\u20e3",
	"علی\ufe0f", "か\u309a\u200dか", "🏴\U000e0067\U000e0062\U000e007f", "a\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f\U000e0067", "🏴🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067",
	"ل\u064d\u064e\u0651\u0670", "ل\u064e\u0655\u0670", "x\u064e\u0651\u0670",
}

// TestNamesOfTheWorld checks that everybody can write their own name, and nobody a hostile one, and that
// the databases give each back as it was.
func TestNamesOfTheWorld(t *testing.T) {
	if len(names) < 40 {
		t.Fatalf("names in %d languages", len(names))
	}
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		c := newClock()
		a := accounts(store, c)
		u := db.User{Username: "ann", DisplayName: "Ann", PasswordHash: "x", TimeZone: "UTC", CreatedAt: a.now()}
		must(t, store.CreateUser(t.Context(), &u))
		stored := func() string {
			t.Helper()
			now, err := store.UserByID(t.Context(), u.ID)
			must(t, err)
			return now.DisplayName
		}
		for language, list := range names {
			for _, name := range list {
				c.advance(24 * time.Hour / maxRenamesPerDay)
				if err := a.UpdateProfile(t.Context(), u, name, "UTC", ""); err != nil || stored() != name {
					t.Errorf("%s: %q (%+q): %v, and stored is %+q", language, name, name, err, stored())
				}
				u.DisplayName = name
			}
		}
		c.advance(24 * time.Hour)
		must(t, a.UpdateProfile(t.Context(), u, "Ann", "UTC", ""))
		for _, name := range hostileNames {
			var bad *Invalid
			err := a.UpdateProfile(t.Context(), u, name, "UTC", "")
			if !errors.As(err, &bad) || stored() != "Ann" {
				t.Errorf("%+q: %v, and stored is %+q", name, err, stored())
			}
			if _, err := text.Name(name, 60); err == nil {
				t.Errorf("%+q is a name for a group", name)
			}
		}
	})
}

// TestNewUsername checks what a new account cannot be called, beside what no account can.
func TestNewUsername(t *testing.T) {
	for typed, want := range map[string]Flaw{
		"alice": "", "b.ob": "", "a-b_c": "", "0x0": "", "rob2": "", "administration": "", "all-in": "", "hereford": "", "allison": "", "superb": "", "null-ptr": "", "root-beer": "",
		"rob.": NameEnds, ".rob": NameEnds, "-rob": NameEnds, "rob-": NameEnds, "_rob_": NameEnds, "...": NameEnds, "admin.": NameEnds,
		"admin": NameReserved, "ADMIN": NameReserved, " Admin ": NameReserved, "ad-min": NameReserved, "a.d.m.i.n": NameReserved, "adm1n": NameReserved, "r00t": NameReserved, "supp0rt": NameReserved,
		"parley": NameReserved, "par_ley": NameReserved, "administrator": NameReserved, "moderator": NameReserved, "support": NameReserved, "help": NameReserved, "info": NameReserved,
		"owner": NameReserved, "staff": NameReserved, "system": NameReserved, "security": NameReserved, "abuse": NameReserved, "postmaster": NameReserved, "webmaster": NameReserved,
		"hostmaster": NameReserved, "everyone": NameReserved, "here": NameReserved, "all": NameReserved, "a11": NameReserved, "channel": NameReserved, "m-e": NameReserved,
		"null": NameReserved, "undefined": NameReserved, "no-reply": NameReserved, "noreply": NameReserved, "mailer.daemon": NameReserved,
		"me": NameLength, "": NameEmpty, "ad min": NameChars,
	} {
		if _, got := newUsername(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// TestOldAccountsKeepTheirNames checks that whoever has a name that nobody may choose any more can go on
// signing in.
func TestOldAccountsKeepTheirNames(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, store *db.DB, _ func() *db.DB) {
		a := accounts(store, newClock())
		hash, err := a.hash(t.Context(), goodPassword)
		must(t, err)
		for _, name := range []string{"admin", "rob.", "_x_", "ad-min"} {
			u := db.User{Username: name, DisplayName: name, PasswordHash: hash, TimeZone: "UTC", CreatedAt: a.now()}
			must(t, store.CreateUser(t.Context(), &u))
			if got, err := a.SignIn(t.Context(), address(1), " "+strings.ToUpper(name), goodPassword); err != nil || got.ID != u.ID {
				t.Errorf("%s: %v", name, err)
			}
			var bad *Invalid
			if _, err := a.SignUp(t.Context(), address(1), name, goodPassword, "UTC"); !errors.As(err, &bad) || bad.Username == "" || bad.Username == NameTaken {
				t.Errorf("signing up as %s: %v", name, err)
			}
		}
	})
}
