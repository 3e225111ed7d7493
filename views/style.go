package views

import "strings"

// OwnStyle returns the stylesheet for a person's own messages: on the other side, in another shape,
// without avatar and name. It differs by viewer so that the messages need not. A username with
// characters outside of [a-z0-9_.-] gets no stylesheet, so none can inject rules.
func OwnStyle(username string) string {
	if username == "" || strings.Trim(username, "abcdefghijklmnopqrstuvwxyz0123456789_.-") != "" {
		return ""
	}
	return strings.NewReplacer(
		"MESSAGE", `#messages>li[data-author="`+username+`"]`,
		"MENTION", `.body .mention[href="/people/`+username+`"]`,
		"REACTION", `.reactions [data-by~="`+username+`"]`,
	).Replace(ownRules)
}

// ownRules uses the custom properties of the main stylesheet, so dark mode needs no rules here.
const ownRules = `MESSAGE{justify-content:flex-end;padding-inline:var(--own-gap) 0}
MESSAGE .avatar{display:none}
MESSAGE .author{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
MESSAGE .do{inset-inline:auto 100%}
MESSAGE .bubble{background:var(--own);border-start-start-radius:var(--round);border-end-end-radius:var(--tight)}
MENTION{padding-inline:.1875rem;border-radius:.25rem;background:var(--accent);color:var(--on-accent)}
REACTION{border-width:.125rem;border-color:var(--accent);background:var(--own);font-weight:700}
`
