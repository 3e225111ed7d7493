package live

// hangUpWatcher ends the streams whose other side hangs up, or sends what no browser does. watch and forget are called
// with the viewer's lock held.
type hangUpWatcher interface {
	// watch begins with a viewer whose connection nobody else reads.
	watch(v *Viewer)
	// forget ends it, before the connection is closed.
	forget(v *Viewer)
	// close ends the watcher. Nobody is left to watch.
	close()
}

// maxSentIn is the most bytes that a client may send into its open stream: nothing that it sends has a meaning,
// and browsers send nothing, but a proxy may have a byte or two left.
const maxSentIn = 1 << 10

// readers watch with a goroutine for each viewer, which reads its connection. That works for all connections and on all
// systems.
type readers struct{ hub *Hub }

func (w readers) watch(v *Viewer) {
	w.hub.goSafe("watch for hang-ups", v.awaitHangUp) // in a goroutine of its own, whose stack stays small
}

func (readers) forget(*Viewer) {} // the reading fails when the connection is closed

func (readers) close() {}

// awaitHangUp waits until the other side hangs up, or sends what no browser does.
func (v *Viewer) awaitHangUp() {
	var discard [64]byte
	for sent := 0; sent <= maxSentIn; {
		n, err := v.conn.Read(discard[:])
		if err != nil {
			break
		}
		sent += n
	}
	v.hangUp()
}

// hangUp closes the connection without a last event.
func (v *Viewer) hangUp() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.closeLocked()
}
