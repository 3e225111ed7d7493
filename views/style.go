package views

import (
	"strings"

	"parley/app/settings"
)

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
		"ANSWERED", `.log:has(.beat~[data-author="`+username+`"])`, // on a streamed page
		"REACTION", `.reactions [data-by~="`+username+`"]`,
	).Replace(ownRules)
}

// SiteStyle returns the stylesheet with the server's own color. What settings.Accents returns cannot be anything
// else than colors.
func SiteStyle(light, dark settings.Accent) string {
	rules := func(a settings.Accent) string {
		return ":root{--accent:" + a.Color + ";--accent-hover:" + a.Hover + ";--on-accent:" + a.Text + "}"
	}
	return rules(light) + "@media (prefers-color-scheme:dark){" + rules(dark) + "}"
}

// ownRules uses the custom properties of the main stylesheet, so dark mode needs no rules here.
const ownRules = `MESSAGE{justify-content:flex-end;padding-inline:var(--own-gap) 0}
MESSAGE .avatar{display:none}
MESSAGE .author{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
MESSAGE .author a{display:block;inline-size:1px;block-size:1px;overflow:hidden}
MESSAGE .author+.pictures{margin-block-start:calc(-1*var(--space-3));border-start-start-radius:var(--round);border-start-end-radius:var(--round)}
MESSAGE .bare{border-end-end-radius:var(--tight)}
@media (hover:hover){MESSAGE .do{inset-inline:auto 100%}}
MESSAGE.continues.minute .at{inset-inline:auto 100%;margin-inline:0 2.75rem}
MESSAGE .bubble{background:var(--own);border-start-start-radius:var(--round);border-end-end-radius:var(--tight)}
MENTION{padding-inline:.1875rem;border-radius:.25rem;background:var(--accent);color:var(--on-accent)}
ANSWERED .unseen{display:none}
REACTION{border-width:.125rem;border-color:var(--accent);background:var(--own);font-weight:700}
`
