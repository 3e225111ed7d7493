package web

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/db"
)

// TestDeletedMessagesAreGoneFromTheDisk is T47 by way of the forms: a text, its edits, a photo with its description, a
// mention and the words of the search index. Other people's messages stay, before and behind it.
func TestDeletedMessagesAreGoneFromTheDisk(t *testing.T) {
	t.Parallel()
	s, ann, bob, room := talked(t, options{}, 5)
	indexing, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.server.KeepIndex(indexing)
	}()
	defer func() {
		stop()
		<-ended
	}()
	ann.sends(room, "quagmirefirst @bob", "key1", []string{"quagmirephoto"}, [][]byte{noise(t, 90, 90)}).mustBe(303)
	target := s.messages(room)[len(s.messages(room))-1].Seq
	s.says(bob, room, "and one behind it")
	for _, text := range []string{"quagmiresecond", "quagmirethird"} {
		ann.post(messagePath(room, target)+"/edit", form("body", text)).mustBe(303)
	}
	eventually(t, "it is found", func() bool {
		return strings.Contains(ann.get(searchFor("quagmirethird")).body, "<mark>quagmirethird</mark>")
	})
	photos, err := s.store.PhotosOf(t.Context(), room, []uint64{target})
	must(t, err)
	large, err := s.store.PhotoBytes(t.Context(), photos[target][0].ID, "large")
	must(t, err)
	small, err := s.store.PhotoBytes(t.Context(), photos[target][0].ID, "small")
	must(t, err)
	marks := [][]byte{[]byte("quagmire"), large.Data[100:200], large.Data[len(large.Data)-200 : len(large.Data)-100], small.Data[100:200]}
	dir := filepath.Dir(strings.TrimPrefix(s.data, "sqlite:"))
	found := func() (files []string) {
		entries, err := os.ReadDir(dir)
		must(t, err)
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			must(t, err)
			for i, mark := range marks {
				if bytes.Contains(data, mark) {
					files = append(files, e.Name()+" has mark "+itoa(uint64(i)))
				}
			}
		}
		return files
	}
	if len(found()) < len(marks) {
		t.Fatalf("before the deletion: %v", found())
	}
	ann.post(messagePath(room, target)+"/delete", nil).mustBe(303)
	eventually(t, "the index has followed", func() bool {
		behind, err := s.store.RoomsBehind(t.Context(), 0, 1)
		must(t, err)
		return len(behind) == 0
	})
	must(t, s.store.TruncateLog(t.Context()))
	if left := found(); len(left) > 0 {
		t.Errorf("after the deletion: %v", left)
	}
	if rows := s.messages(room); rows[len(rows)-1].Kind != db.KindDelete {
		t.Errorf("the last entry is %s", rows[len(rows)-1].Kind)
	}
}
