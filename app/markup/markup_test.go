package markup

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// rendered returns a text as HTML, whether it has marks or only links.
func rendered(text string) string {
	parsed := Parse(text)
	if f, ok := parsed.Format(nil); ok {
		return f.HTML
	}
	w := renderer{source: text}
	for _, s := range parsed.Split(nil) {
		if s.URL == "" {
			w.write(s.Text)
		} else {
			w.anchor(s, ` rel="noopener nofollow"`)
		}
	}
	return w.out.String()
}

// shown is rendered without line breaks and with readable quotes.
func shown(text string) string {
	return strings.NewReplacer("&#39;", "'", "&#34;", `"`, "<br/>", "", "<br>", "").Replace(rendered(text))
}

func TestMarksAreFormatted(t *testing.T) {
	for text, want := range map[string]string{
		"*so*":                              "<em>so</em>",
		"_so_":                              "<em>so</em>",
		"**really** *so*":                   "<strong>really</strong> <em>so</em>",
		"***both***":                        "<em><strong>both</strong></em>",
		"**_both_**":                        "<strong><em>both</em></strong>",
		"(*so*), *so*. \"*so*\"":            `(<em>so</em>), <em>so</em>. "<em>so</em>"`,
		"これは**重要**です":                       "これは<strong>重要</strong>です",
		"**two\nlines**":                    "<strong>two\nlines</strong>",
		"use `a < b`, then":                 "use <code>a &lt; b</code>, then",
		"`**not bold**`":                    "<code>**not bold**</code>",
		"``a`b``":                           "<code>a`b</code>",
		"**a `b` c**":                       "<strong>a <code>b</code> c</strong>",
		"**see https://example.org/a_b_c**": `<strong>see <a href="https://example.org/a_b_c" rel="noopener nofollow">https://example.org/a_b_c</a></strong>`,
		"```\nif x {\n\treturn\n}\n```":     "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>if x {\n\treturn\n}</code></pre>",
		"```go\n*p = 1\n```\nthat's it":     "<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>*p = 1</code></pre>that's it",
		"look:\n```\n\n a\n```":             "look:<pre tabindex=\"0\" role=\"group\" aria-label=\"Code\"><code>\n a</code></pre>",
		"> she said\n> so\nand I agree":     "<blockquote>she said\nso</blockquote>and I agree",
		"hm\n> **so**\n>\n> yes":            "hm<blockquote><strong>so</strong>\n\nyes</blockquote>",
		"- milk\n- eggs":                    "<ul><li>milk</li><li>eggs</li></ul>",
		"* milk\n* *eggs*":                  "<ul><li>milk</li><li><em>eggs</em></li></ul>",
		"Buy:\n- milk\n  and honey\n\n- eggs\n\nThanks": "Buy:<ul><li>milk\nand honey</li><li>eggs</li></ul>Thanks",
		"1. one\n2. two\n3. three":                      "<ol><li>one</li><li>two</li><li>three</li></ol>",
		"**a**\n\n\nb\n\nc":                             "<strong>a</strong>\n\n\nb\n\nc",
		"[the plan](https://example.org/p)":             `<a href="https://example.org/p" rel="noopener nofollow">the plan</a> <span class="host">(example.org)</span>`,
		"[a](https://e.org/x_(y))!":                     `<a href="https://e.org/x_(y)" rel="noopener nofollow">a</a> <span class="host">(e.org)</span>!`,
		"**[a](http://e.org)**":                         `<strong><a href="http://e.org" rel="noopener nofollow">a</a> <span class="host">(e.org)</span></strong>`,
		"[e.org](https://www.e.org/x)":                  `<a href="https://www.e.org/x" rel="noopener nofollow">e.org</a> <span class="host">(www.e.org)</span>`,
		"[x](https://e.org/a，b)":                        `<a href="https://e.org/a%EF%BC%8Cb" rel="noopener nofollow">x</a> <span class="host">(e.org)</span>`,
		"[https://e.org](https://e.org)":                `<a href="https://e.org" rel="noopener nofollow">https://e.org</a>`,
	} {
		if got := shown(text); got != want {
			t.Errorf("%q\n got %s\nwant %s", text, got, want)
		}
	}
}

// Whoever does not know of marks must not meet them.
func TestTypingIsNoFormatting(t *testing.T) {
	for _, text := range []string{
		"2 * 3 * 4", "2*3*4=24", "a*b*c", "snake_case_name", "__init__ and __main__.py", "_private and other", "foo_bar_ baz_",
		"~5 and ~~6~~", ":) :* :-* *_* ^_^ >_< -_- T_T o_O \\_o_/", `¯\_(ツ)_/¯`, "f*ck and sh*t", "f**k ***", "****", "* * *", "***", "---", "===",
		"Sale*, only today*", "*.go and *.ts", "**/*.go **/*.ts", "Accept: */*", "f(*args, **kwargs)", "/*x*/ and /* y */", "int *p, *q;", "*p = *q;", "del C:\\*.txt D:\\*.txt",
		"# heading", "#5 and #6", "heading\n===", "heading\n---", "2026. A good year\n2027. A better one", "1) one\n2) two", "1. April", "3. c\n4. d", "1. a\n1. b", "1.5 and 1.6",
		"- Anna", "hello\n- Anna", "-- \nAnna", "- no\n\n\n- yes", "-5\n-6", "* so", "+ a\n+ b", ">:(", ">>> print(1)", "a > b\nc > d", " > not at the start", ">5 and <6", "->",
		"it`s and that`s", "`", "``", "```", "```\nnever closed", "~~~\nx\n~~~", "    indented\n    code",
		"[x]", "[ ] to do", "[1] (see below)", "[a](b)", "[a](javascript:alert(1))", "[a]: https", "[a][b]", "![a](b)", "arr[i](x)",
		"<b>bold</b> &amp; &copy;", "<script>alert(1)</script>", "a | b\n--|--\n1 | 2", "line one  \nline two\\\nline three", "*\n*", "**\n**", "* \n* ", "> ", ">", ">\n> ", "- \n- ",
	} {
		if got := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(shown(text)); got != text {
			t.Errorf("%q became %s", text, got)
		}
	}
}

// A link that looks like an address leads there, or is none.
func TestLinksDoNotLie(t *testing.T) {
	for _, text := range []string{
		"[https://good.example](https://evil.example)", "[good.example](https://evil.example)", "[GOOD.example/x](http://evil.example)",
		"[www.good.example](https://evil.example)", "[go to good.example now](https://evil.example)", "[good。example](https://evil.example)",
		"[good\u200b.example](https://evil.example)", "[//good.example](https://evil.example)", "[good.example](https://good.example@evil.example)",
		"[x](https://user:pw@evil.example)", "[https://e.org/a](https://e.org.evil.example/a)", "[x](https://good.example。evil.example/)", "[x](https://good.example‘evil.example/)",
	} {
		if got := shown(text); strings.Count(got, "<a ") > 2 || strings.Contains(got, ">good.example<") || strings.Contains(got, `class="host"`) || !strings.Contains(got, "](") {
			t.Errorf("%q became %s", text, got)
		}
	}
}

func TestPlainHasNoMarks(t *testing.T) {
	for text, want := range map[string]string{
		"**really** `so`":             "really so",
		"[the plan](https://e.org/p)": "the plan",
		"> so\nyes":                   "so\nyes",
		"2 * 3 <b>":                   "2 * 3 <b>",
		"see https://e.org/a_b_":      "see https://e.org/a_b_",
	} {
		if got := Parse(text).Plain(); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// What comes out is what was typed, but for marks, within elements that are balanced and harmless.
func FuzzFormat(f *testing.F) {
	for _, text := range []string{
		"**a** _b_ `c`", "> q\nx", "- a\n- b\n\n  c", "1. a\n2. b", "```go\nx\n```", "[a](https://b.c)", "@ada **@bo**", "a\n\n \n*b*  \nc\\\nd",
		"*a `b* c`", "[*a*](http://x/(y))", "> - a\n> - b", "**a _b** c_", "\u00a0\n*a*", "*a*\n\u2028\nb", "```\n```\n```", "*\t*a*\n\tb", "*<a href=javascript:x>*", "\n\n*a*\n\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 4000 {
			return
		}
		all := func(string) bool { return true }
		parsed := Parse(text)
		var whole strings.Builder
		for _, s := range parsed.Split(all) {
			whole.WriteString(s.Text)
		}
		if whole.String() != text {
			t.Errorf("%q became %q", text, whole.String())
		}
		candidates := parsed.Candidates()
		for _, name := range parsed.Mentions(all) {
			if !slices.Contains(candidates, name) {
				t.Errorf("%q mentions %s, who is not among the candidates %v", text, name, candidates)
			}
		}
		out, ok := parsed.Format(all)
		if !ok {
			return
		}
		if again := allowed.Sanitize(out.HTML); again != out.HTML {
			t.Errorf("%q: sanitising again makes %q of %q", text, again, out.HTML)
		}
		left := strings.Map(func(r rune) rune {
			if strings.ContainsRune(" \n\t*_`>-[]()#+.0123456789", r) || r > '~' {
				return -1
			}
			return r
		}, text)
		got := html.UnescapeString(elements.ReplaceAllString(out.HTML, ""))
		for _, r := range left {
			_, after, found := strings.Cut(got, string(r))
			if got = after; !found && !strings.Contains(text, "```") && !strings.Contains(text, "](") {
				t.Fatalf("%q lost something: %q", text, out.HTML)
			}
		}
		for _, element := range elements.FindAllString(out.HTML, -1) {
			if !harmless.MatchString(element) {
				t.Errorf("%q has %q", text, element)
			}
		}
	})
}

var (
	elements = regexp.MustCompile(`<[^>]*>`)
	harmless = regexp.MustCompile(`^</?(strong|em|code|pre|blockquote|ul|ol|li|span|a)>$|^<br/?>$|^<pre tabindex="0" role="group" aria-label="Code">$|^<span class="host">$|^<a href="(https?://[^"<>]*" rel="noopener nofollow"|/people/[a-z0-9_.-]+" class="mention")>$`)
)

func BenchmarkBody(b *testing.B) {
	for name, text := range map[string]string{
		"plain":     "See you at the station at eight, then. Bring the map - and the keys!",
		"formatted": "See you at **the station** at `eight`, then. Bring the _map_ and [the keys](https://example.org/keys)!",
		"blocks":    "> When?\nAt eight:\n- the map\n- the keys\n```\nring twice\n```",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = rendered(text)
			}
		})
	}
}

func TestFirstLine(t *testing.T) {
	const most = 20
	long := strings.Repeat("é", most+1)
	for text, want := range map[string]string{
		"one":                    "one",
		"**one** _two_\nthree":   "one two",
		"\n\n  one  \ntwo":       "one",
		"```\nls -la\n```":       "ls -la",
		"```sh\n\n  ls -la\n```": "ls -la",
		"```":                    "```",
		"` `` `":                 "``",
		"```\n":                  "```",
		"said\n```\nls -la\n```": "said",
		long:                     strings.Repeat("é", most-1) + "…",
		"```\n" + long + "\n```": strings.Repeat("é", most-1) + "…",
	} {
		if got := Parse(text).FirstLine(most); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
