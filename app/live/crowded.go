package live

// Crowded reports whether a session has as many streamed pages open as it may have.
func (h *Hub) Crowded(session uint64) bool {
	return len(h.streamedPages(session)) >= maxStreamed
}

// pageToReplace returns the streamed page of a session that must end for a new one, or nil while there
// is room.
func (h *Hub) pageToReplace(session uint64) *Viewer {
	pages := h.streamedPages(session)
	if len(pages) < maxStreamed {
		return nil
	}
	return pages[0]
}

// streamedPages returns the pages without scripts that a session has open, oldest first.
func (h *Hub) streamedPages(session uint64) (pages []*Viewer) {
	for _, c := range h.conns.Of(session) {
		if v, ok := c.(*Viewer); ok && v.isStreamedPage() && !v.ended.Load() {
			pages = append(pages, v)
		}
	}
	return pages
}

// IsLive reports whether a session has a page with scripts open that this process streams to.
func (h *Hub) IsLive(session uint64) bool {
	for _, c := range h.conns.Of(session) {
		if v, ok := c.(*Viewer); ok && !v.isStreamedPage() && !v.ended.Load() {
			return true
		}
	}
	return false
}

// isStreamedPage reports whether the stream is a document that never ends, for pages without scripts.
func (v *Viewer) isStreamedPage() bool { return v.Format != nil }
