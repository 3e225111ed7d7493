package live

// framesPerSession is how many pages without scripts, which never end, one session may have open. A
// browser opens six connections to a site and no more: the seventh page would hang, without a word.
const framesPerSession = 4

// Crowded tells whether a session has as many of those pages open as it may have.
func (h *Hub) Crowded(session uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.frames(session) >= framesPerSession
}

// frames counts the pages without scripts of a session. The caller holds the lock.
func (h *Hub) frames(session uint64) (n int) {
	for _, v := range h.sessions[session] {
		if v.isFrame() {
			n++
		}
	}
	return n
}

func (v *Viewer) isFrame() bool { return v.Format != nil && !v.ended.Load() }

// oldest is the page of a session that has to end for a new one, nil while there is room. The caller
// holds the lock.
func (h *Hub) oldest(session uint64) (first *Viewer) {
	if h.frames(session) < framesPerSession {
		return nil
	}
	for _, v := range h.sessions[session] {
		if v.isFrame() && (first == nil || v.born < first.born) {
			first = v
		}
	}
	return first
}
