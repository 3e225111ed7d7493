package views

import (
	"slices"
	"strings"
	"testing"

	"parley/views/words"
)

func friendsWithAll() Friends {
	return Friends{
		Words:    words.English(),
		Friends:  []Friend{{User: bo(), RoomID: 5}},
		Incoming: []Friend{{User: ada()}}, Outgoing: []Friend{{User: ada()}}, Blocked: []Friend{{User: ada()}},
	}
}

// Every button is a plain form, and an htmx request to the same address.
func TestFriendButtonsWorkWithAndWithoutScripts(t *testing.T) {
	list := parse(t, render(t, FriendsPage(signedInPage(ada(), "friends"), friendsWithAll())))
	seen := map[string]bool{}
	for _, e := range list {
		if e.name != "form" || e.attr["action"] == "/sign-out" {
			continue
		}
		if e.attr["method"] != "post" || e.attr["hx-post"] != e.attr["action"] || e.attr["hx-target"] != "#friends" || e.attr["hx-swap"] != "outerHTML" {
			t.Errorf("%+v", e.attr)
		}
		seen[e.attr["action"]] = true
	}
	for _, path := range []string{"/friends", "/friends/ada/accept", "/friends/ada/decline", "/friends/ada/cancel", "/friends/ada/block",
		"/friends/ada/unblock", "/friends/bo.k/remove", "/friends/bo.k/block"} {
		if !seen[path] {
			t.Errorf("no form for %s", path)
		}
	}
}

func TestIrreversibleActionsNeedASecondClick(t *testing.T) {
	for _, e := range parse(t, render(t, peopleLists(friendsWithAll()))) {
		if e.name != "form" || !strings.HasSuffix(e.attr["action"], "/remove") && !strings.HasSuffix(e.attr["action"], "/block") {
			continue
		}
		up := e.parent
		for up != nil && up.name != "details" {
			up = up.parent
		}
		if up == nil {
			t.Errorf("%s is one click away", e.attr["action"])
		}
	}
}

// The lists may be swapped while somebody types a username, so the field stands outside of them.
func TestRequestFormSurvivesListUpdates(t *testing.T) {
	f := friendsWithAll()
	f.Username, f.Problem = "vlad", "There is nobody called vlad here."
	list := parse(t, render(t, FriendsPage(signedInPage(ada(), "friends"), f)))
	field := byID(t, list, "ask-username")
	if field.isInside(byID(t, list, "friends")) || field.attr["value"] != "vlad" {
		t.Errorf("the field has %+v", field.attr)
	}
	if !strings.Contains(field.attr["aria-describedby"], "ask-problem") {
		t.Error("screen readers do not read the problem with the field")
	}
	f.Streamed = true
	list = parse(t, render(t, FriendList(f)))
	if problem := withAttr(list, "role", "alert"); len(problem) != 1 || problem[0].visibleText() != f.Problem || !problem[0].isInside(byID(t, list, "friends")) {
		t.Errorf("the fragment has the problems %+v", problem)
	}
	if len(withAttr(list, "name", "username")) != 0 {
		t.Error("a refused request empties the field")
	}
	if _, keeps := byID(t, list, "people").attr["hx-preserve"]; !keeps || len(withAttr(list, "data-username", "ada")) != 0 {
		t.Error("an answer may put older lists in the place of those that the stream has brought")
	}
	f.Streamed = false
	if list = parse(t, render(t, FriendList(f))); len(withAttr(list, "data-username", "ada")) == 0 {
		t.Error("without a stream an answer has no lists")
	}
	list = parse(t, render(t, FriendList(Friends{Words: words.English(), RequestSent: true})))
	if field := byID(t, list, "ask-username"); field.attr["value"] != "" || field.parent.attr["hx-target"] != "#ask-username" {
		t.Errorf("after a request the field has %+v", field.attr)
	}
}

func TestRequestCountReadsAsASentence(t *testing.T) {
	for n, want := range map[int]string{0: "", 1: "1 request", 2: "2 requests"} {
		if got := byID(t, parse(t, render(t, RequestCount(words.English(), n))), "requests").visibleText(); got != want {
			t.Errorf("%d reads %q", n, got)
		}
	}
}

func TestPersonPageOffersWhatTheFriendshipAllows(t *testing.T) {
	for state, want := range map[string]string{
		"self": "/profile", "friend": "/rooms/5", "asked-them": "/friends/bo.k/cancel", "asked-me": "/friends/bo.k/accept",
		"none": "/friends", "blocked": "/friends/bo.k/unblock",
	} {
		list := parse(t, render(t, PersonPage(signedInPage(ada(), ""), Person{User: bo(), State: state, RoomID: 5})))
		main, offered := byID(t, list, "main"), false
		for _, e := range append(withAttr(list, "action", want), withAttr(list, "href", want)...) {
			offered = offered || e.isInside(main)
		}
		if !offered {
			t.Errorf("%s: no link or form for %s", state, want)
		}
		for _, e := range list {
			if state == "self" && strings.HasPrefix(e.attr["action"], "/friends") {
				t.Error("people can befriend themselves")
			}
		}
	}
}

// Screen readers read a button without the line around it, so it must say whom it is about.
func TestButtonsReadAsPhrases(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {"Accept Ada Lovelace", "Cancel request to Ada Lovelace", "Unblock Ada Lovelace", "Remove Bo Karlsson", "Bo Karlsson @bo.k Message", "More about Bo Karlsson"},
		"de": {"Annehmen (Anfrage von Ada Lovelace)", "Ablehnen (Anfrage von Ada Lovelace)", "Zurückziehen (Anfrage an Ada Lovelace)", "Entfernen (Bo Karlsson)", "Bo Karlsson @bo.k Schreiben", "Mehr zu Bo Karlsson"},
		"es": {"Aceptar la solicitud de Ada Lovelace", "Rechazar la solicitud de Ada Lovelace", "Cancelar la solicitud a Ada Lovelace", "Eliminar a Bo Karlsson", "Bo Karlsson @bo.k Escribir", "Más sobre Bo Karlsson"},
	} {
		f := friendsWithAll()
		f.Words = words.In(lang)
		var phrases []string
		for _, e := range parse(t, render(t, peopleLists(f))) {
			if e.name == "button" || e.name == "summary" || e.attr["class"] == "who" {
				phrases = append(phrases, e.visibleText())
			}
		}
		for _, phrase := range want {
			if !slices.Contains(phrases, phrase) {
				t.Errorf("%s: %q is not among %q", lang, phrase, phrases)
			}
		}
	}
}
