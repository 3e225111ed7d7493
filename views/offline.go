package views

import (
	"bytes"
	"regexp"

	"parley/assets"
)

// What an entry has for people who are connected, and a file on a disk has no use for: the link to its actions,
// and the buttons that react. These patterns match our own markup. In texts, the quotes are escaped.
var (
	actionLinks = regexp.MustCompile(`<a class="do"[^>]*>[^<]*</a>`)
	openedForms = regexp.MustCompile(`<form class="reactions"[^>]*>`)
	reactionIDs = regexp.MustCompile(`<button id="r-[0-9-]+" name="emoji" value="[^"]*"`)
	addresses   = regexp.MustCompile(` (href|src)="(/[^"]*)"`)
)

// Offline turns the markup of entries into that of a page without a server. file returns the file that takes the
// place of an address of ours, or "" where there is none; the link is none either, then.
func Offline(html []byte, file func(address string) string) []byte {
	html = actionLinks.ReplaceAll(html, nil)
	html = openedForms.ReplaceAll(html, []byte(`<div class="reactions">`))
	html = bytes.ReplaceAll(html, []byte("</form>"), []byte("</div>"))
	html = reactionIDs.ReplaceAll(html, []byte("<button disabled"))
	return addresses.ReplaceAllFunc(html, func(attribute []byte) []byte {
		found := addresses.FindSubmatch(attribute)
		to := file(string(found[2]))
		if to == "" {
			return nil
		}
		return []byte(" " + string(found[1]) + `="` + to + `"`)
	})
}

// OfflineStyle returns the style sheet of an archive: that of the pages, with the owner's messages on their side.
func OfflineStyle(username string) []byte {
	style := []byte(OwnStyle(username))
	if path := assets.Path("parley.css"); path != "" {
		if file, built := assets.Open(path[len("/assets/"):]); built {
			style = append(bytes.Clone(file.Plain), style...)
		}
	}
	return append(style, offlineRules...)
}

const offlineRules = `.kept{max-inline-size:48rem;margin-inline:auto;padding:1rem}
.kept ol[id="messages"]{list-style:none;margin:0;padding:0 var(--space-5) var(--space-5);border-radius:var(--round);background:var(--sheet)}
.kept img{max-inline-size:100%;block-size:auto}
.kept .avatar{block-size:2.25rem}
.kept .reactions button{opacity:1;color:inherit}
`
