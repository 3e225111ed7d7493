package views

import (
	"github.com/a-h/templ"

	"parley/views/words"
)

// StreamMark is where the stream goes on in a streamed document. What comes after it is not sent.
const StreamMark = "<!--stream-->"

// tailEnd closes the tail of a streamed document: a link that is left open and empty until the next
// part puts something in it. While it is empty it is the end of what has arrived, and the stylesheet
// shows it after a while, to say that the connection is lost and to lead on. (No selector finds the
// last element of a document that has not ended.)
const tailEnd = "-</a>"

// AppendStreamPart appends part of a streamed room: it closes the tail and opens the next one, which
// leads on from the cursor.
func AppendStreamPart(dst []byte, w *words.Catalog, room uint64, cursor string, html []byte) []byte {
	return append(AppendStreamEnd(dst, html), StreamTail(w, room, cursor)...)
}

// AppendStreamEnd appends the last part of a streamed document.
func AppendStreamEnd(dst, html []byte) []byte {
	return append(append(dst, tailEnd...), html...)
}

// AppendRoomsTail opens the next tail of a streamed room list.
func AppendRoomsTail(w *words.Catalog, dst []byte, path string) []byte {
	return append(dst, tailLink(w, path)...)
}

// StreamTail returns the first tail of a streamed room, for the place of StreamMark.
func StreamTail(w *words.Catalog, room uint64, cursor string) string {
	return tailLink(w, LivePath(room)+"?after="+cursor)
}

// tailLink does not escape the path, which is one of ours.
func tailLink(w *words.Catalog, path string) string {
	return `<a class="beat" target="_self" href="` + path + `" data-lost="` + templ.EscapeString(w.Room.Lost) + `">`
}
