package auth

import (
	"slices"
	"strings"
)

// reserved are the names that nobody may choose: a message from "support" would be believed, "here" and
// "all" are what people will write to reach everybody, and the others mean something to mail and web
// servers, or to a program that reads them. Those that an account has already stay with it.
const reserved = `
	admin admins administrator administrators root superuser sysadmin sysop operator owner owners
	moderator moderators mod mods staff team official manager
	support help helpdesk helper service info information contact customer-service
	security abuse safety privacy legal billing
	parley system server daemon bot service-account
	postmaster webmaster hostmaster mailer-daemon no-reply do-not-reply www ftp mail smtp imap
	everyone everybody here all channel room group anyone someone somebody nobody anonymous
	me you self myself null nil none undefined nan true false void unknown deleted default`

// isReserved reports whether a name is reserved, also with other separators in it or none, or with
// digits for letters.
func isReserved(name string) bool {
	letters := cutSeparators(name)
	forms := []string{letters}
	for _, one := range []string{"i", "l"} {
		forms = append(forms, strings.NewReplacer("0", "o", "1", one, "3", "e", "4", "a", "5", "s", "7", "t").Replace(letters))
	}
	for word := range strings.FieldsSeq(reserved) {
		if slices.Contains(forms, cutSeparators(word)) {
			return true
		}
	}
	return false
}

func cutSeparators(name string) string {
	return strings.NewReplacer(".", "", "-", "", "_", "").Replace(name)
}
