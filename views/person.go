package views

import (
	"cmp"
	"slices"
	"strings"

	"parley/db"
	"parley/views/words"
)

// nameOf returns the name to show, with the username where somebody else has a name like it. A deleted
// account has none.
func nameOf(w *words.Catalog, u db.User) string {
	if u.IsDeleted {
		return w.Someone
	}
	if u.SharesName {
		return u.DisplayName + " (@" + u.Username + ")"
	}
	return cmp.Or(u.DisplayName, u.Username, w.Someone)
}

func namesOf(w *words.Catalog, list []db.User) string {
	all := make([]string, len(list))
	for i, u := range list {
		all[i] = nameOf(w, u)
	}
	return strings.Join(all, ", ")
}

// usernames returns the usernames with spaces between them, for selectors with ~=.
func usernames(list []db.User) string {
	all := make([]string, len(list))
	for i, u := range list {
		all[i] = u.Username
	}
	return strings.Join(all, " ")
}

// usernameIn returns a function that reports whether a username belongs to one of these people.
func usernameIn(people []db.User) func(name string) bool {
	if len(people) == 0 {
		return nil
	}
	return func(name string) bool {
		return slices.ContainsFunc(people, func(u db.User) bool { return u.Username == name })
	}
}

func containsUser(list []db.User, u db.User) bool {
	return slices.ContainsFunc(list, func(one db.User) bool { return one.ID == u.ID })
}
