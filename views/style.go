package views

import "strings"

// OwnStyle is the stylesheet that tells a person's own messages apart: they stand at the end side,
// in another shape, without a face and a name. It is per viewer so that messages need not be.
// A username with other characters than [a-z0-9_.-] has no stylesheet, so none can break out of it.
func OwnStyle(username string) string {
	if username == "" || strings.Trim(username, "abcdefghijklmnopqrstuvwxyz0123456789_.-") != "" {
		return ""
	}
	return strings.NewReplacer("MESSAGE", `#messages>li[data-author="`+username+`"]`, "MENTION", `.body .mention[href="/people/`+username+`"]`, "REACTION", `.reactions [data-by~="`+username+`"]`).Replace(ownRules)
}

// The values are custom properties of the main stylesheet, so light and dark need nothing here.
const ownRules = `MESSAGE{justify-content:flex-end;padding-inline:var(--own-gap) 0}
MESSAGE .avatar{display:none}
MESSAGE .author{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
MESSAGE .do{inset-inline:auto 100%}
MESSAGE .bubble{background:var(--own);border-start-start-radius:var(--round);border-end-end-radius:var(--tight)}
MENTION{padding-inline:.1875rem;border-radius:.25rem;background:var(--accent);color:var(--on-accent)}
REACTION{border-width:.125rem;border-color:var(--accent);background:var(--own);font-weight:700}
`
