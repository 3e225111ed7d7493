package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Skeletons returns what a name looks like: names that have one of them in common can be taken for each
// other. Letters of other scripts are replaced by the Latin ones that they resemble; case, accents, spaces,
// punctuation and invisible characters make no difference. There are two, because resembling letters may
// differ in case: a Cyrillic В looks like B, and в does not look like b.
//
// It finds too much rather than too little: l, I, 1 and i are one letter. That is what Unicode's own list of
// confusables (UTS #39) does; it has 6,000 rows, this one those of the scripts that names are written in.
func Skeletons(name string) [2]string {
	decomposed := norm.NFKD.String(name)
	return [2]string{skeleton(strings.ToLower(decomposed)), skeleton(decomposed)}
}

func skeleton(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if r < 0x80 && r != '|' {
			if 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
				b.WriteByte(asciiSkeleton(byte(r)))
			}
			continue
		}
		if same, ok := lookalikes[r]; ok {
			b.WriteString(same)
		} else if IsVisible(r) && !unicode.In(r, unicode.P, unicode.Mn, unicode.Me, unicode.Sk) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	if b.Len() == 0 { // nothing but punctuation
		return s
	}
	return pairs.Replace(b.String())
}

func asciiSkeleton(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	switch c {
	case '0':
		return 'o'
	case '1', 'i':
		return 'l'
	}
	return c
}

// pairs look like one letter.
var pairs = strings.NewReplacer("rn", "m", "vv", "w")

// lookalikes maps letters to what they look like, in lower case.
var lookalikes = lookalikesOf(map[string]string{
	"a": "аɑαᴀАΑᎪꓮⲀ", "b": "ЬьВΒʙᏼꓐⲂƀ", "c": "сϲᴄⲥСϹᏟꓚⲤ", "d": "ԁᴅđðᎠꓓ", "e": "еᴇЕΕᎬꓰⲈєε", "f": "ꜰƒϝϜꓝ",
	"g": "ɡɢցԌᏀꓖ", "h": "һհħʜНΗᎻꓧⲎҺ", "j": "јϳյᴊЈͿᎫꓙ", "k": "кκᴋКΚᏦꓗⲔ", "m": "мᴍМΜᎷꓟⲘ",
	"l": "іιıɩɪІΙӀӏⅼʟᎥꓲꓡⲒ|וןاłᏞԼǀ", "n": "пηոɴΝꓠⲚ", "o": "оοσςօᴏøОΟՕꓳⲞⲟסه٥۵০०੦૦௦೦ഠ๐໐〇",
	"p": "рρᴘⲣРΡᏢꓑⲢþ", "q": "ԛզꞯԚ", "r": "гʀᎡᏒꓣ", "s": "ѕꜱЅՏᏚꓢ", "t": "тτᴛŧТΤꓔⲦ", "u": "υսᴜՍꓴµμ",
	"v": "ѵνᴠѴᏙꓦ", "w": "ԝωᴡԜᎳꓪшա", "x": "хχⲭХΧꓫⲬ×", "y": "уγʏУΥҮүꓬⲨ", "z": "ᴢΖᏃꓜⲌ",
	"ae": "æÆ", "oe": "œŒ", "ss": "ßẞ",
	"ロ": "口", "エ": "工", "カ": "力", "タ": "夕", "ト": "卜", "ニ": "二", "ハ": "八", "一": "ー", "オ": "才", "へ": "ヘ", "り": "リ",
})

func lookalikesOf(letters map[string]string) map[rune]string {
	m := map[rune]string{}
	for same, list := range letters {
		for _, r := range list {
			m[r] = same
		}
	}
	return m
}
