package chat

import (
	"context"
	"maps"
	"math"
	"slices"

	"parley/db"
)

// moment is a message at a time: the text that it had right after an entry of the log.
type moment struct{ message, at uint64 }

// changeLoader loads those changes of messages that decide what somebody sees of them, and no others: a
// message may have a hundred texts, and a page shows one.
type changeLoader struct {
	*entryLoader
	base    uint64          // the changes up to here are read here, and those above are in the batch
	changed map[uint64]bool // messages that are shown with their reactions and alt texts
	texts   map[moment]bool // texts that are shown
	shown   map[uint64]bool // messages that are shown and not only quoted
	returns []uint64        // entries with which readers left the room, before they came back
	found   map[uint64]db.Message
}

func (l *entryLoader) loadChanges(ctx context.Context, rows []db.Message) error {
	c := changeLoader{entryLoader: l, base: l.at, changed: map[uint64]bool{}, texts: map[moment]bool{}, shown: map[uint64]bool{}, found: map[uint64]db.Message{}}
	if l.at == atItsTime {
		c.base = rows[0].Seq - 1
	}
	for _, m := range rows {
		c.addRow(m)
	}
	for _, load := range []func(context.Context) error{c.loadReturns, c.loadPhotos, c.loadTexts, c.loadReactions} {
		if err := load(ctx); err != nil {
			return err
		}
	}
	l.changes = map[uint64][]db.Message{}
	for _, seq := range slices.Sorted(maps.Keys(c.found)) {
		m := c.found[seq]
		l.changes[m.TargetSeq] = append(l.changes[m.TargetSeq], m)
	}
	return nil
}

// addRow notes what a row of the batch shows.
func (c *changeLoader) addRow(m db.Message) {
	if m.Kind == db.KindPinned { // quotes its target
		c.texts[moment{m.TargetSeq, m.Seq}] = true
	}
	message := m
	if !m.IsListed() {
		c.found[m.Seq] = m
		message = c.rows[m.TargetSeq]
	}
	if message.Kind != db.KindText || message.DeleteSeq != 0 {
		return
	}
	c.shown[message.Seq] = true
	at := c.at
	if c.at == atItsTime {
		at = m.Seq
	}
	if message.Seq <= c.base {
		c.changed[message.Seq] = true
	}
	c.texts[moment{message.Seq, at}] = true
	if message.TargetSeq != 0 {
		c.texts[moment{message.TargetSeq, message.Seq}] = true
	}
}

// loadReturns finds the ends of the spans that readers may have. What decides for them is the newest change
// before an end, and not only the newest of all.
func (c *changeLoader) loadReturns(ctx context.Context) error {
	first := uint64(math.MaxUint64)
	for seq := range c.changed {
		first = min(first, seq)
	}
	for text := range c.texts {
		if c.mayBeEdited(text) {
			first = min(first, text.message)
		}
	}
	if first == math.MaxUint64 {
		return nil
	}
	if c.at == atItsTime {
		var err error
		c.returns, err = c.tx.Returns(ctx, c.room, first)
		return err
	}
	for _, span := range c.spans {
		if span.To != 0 && span.To >= first {
			c.returns = append(c.returns, span.To)
		}
	}
	return nil
}

// returnsWithin lists the returns from one seq on and before another.
func (c *changeLoader) returnsWithin(from, before uint64) (list []uint64) {
	for _, seq := range c.returns {
		if from <= seq && seq < before {
			list = append(list, seq)
		}
	}
	return list
}

func (c *changeLoader) loadPhotos(ctx context.Context) (err error) {
	var messages []uint64
	for seq := range c.shown {
		if c.rows[seq].PhotoCount > 0 {
			messages = append(messages, seq)
		}
	}
	c.photos, err = c.tx.PhotosOf(ctx, c.room, messages)
	return err
}

// loadTexts finds the edits and the alt texts that decide, and reads them together with their messages. One
// of those may have been deleted between two of our queries: what it says counts then.
func (c *changeLoader) loadTexts(ctx context.Context) error {
	wanted, err := c.decidingEdits(ctx)
	if err != nil {
		return err
	}
	alts, err := c.decidingAlts(ctx)
	if err != nil {
		return err
	}
	wanted = append(wanted, alts...)
	for text := range c.texts {
		if c.mayBeEdited(text) || len(c.photos[text.message]) > 0 {
			wanted = append(wanted, text.message)
		}
	}
	slices.Sort(wanted)
	found, err := c.tx.MessagesAt(ctx, c.room, slices.Compact(wanted))
	for seq, m := range found {
		if m.IsListed() {
			c.rows[seq] = m
		} else {
			c.found[seq] = m
		}
	}
	return err
}

// decidingEdits lists the edits whose text somebody sees.
func (c *changeLoader) decidingEdits(ctx context.Context) (wanted []uint64, err error) {
	bounds := map[uint64][]uint64{} // of messages whose newest edit is not the one, or not for everybody
	for text := range c.texts {
		m := c.rows[text.message]
		switch {
		case !c.mayBeEdited(text):
			continue
		case m.EditSeq <= text.at:
			wanted = append(wanted, m.EditSeq)
		case !c.isInBatch(text):
			bounds[m.Seq] = append(bounds[m.Seq], text.at)
		}
		if ends := c.returnsWithin(m.Seq, min(text.at, m.EditSeq)); len(ends) > 0 {
			bounds[m.Seq] = append(bounds[m.Seq], ends...)
		}
	}
	edits, err := c.tx.ChangeSeqs(ctx, c.room, slices.Sorted(maps.Keys(bounds)), db.KindEdit)
	return append(wanted, newest(edits, bounds)...), err
}

// mayBeEdited reports whether a message may have had another text than its first at a time.
func (c *changeLoader) mayBeEdited(text moment) bool {
	m := c.rows[text.message]
	return m.EditSeq != 0 && m.DeleteSeq == 0 && text.at > m.Seq
}

// isInBatch reports whether the text of a message at a time is that of an edit in the batch.
func (c *changeLoader) isInBatch(text moment) bool {
	for seq := text.at; seq > c.base && c.at == atItsTime; seq-- {
		if m, in := c.found[seq]; in && m.Kind == db.KindEdit && m.TargetSeq == text.message {
			return true
		}
	}
	return false
}

// newest lists the newest change up to each of the bounds of its target. The changes are the oldest first.
func newest(changes []db.ChangeSeq, bounds map[uint64][]uint64) (wanted []uint64) {
	of := map[uint64][]uint64{}
	for _, change := range changes {
		of[change.TargetSeq] = append(of[change.TargetSeq], change.Seq)
	}
	for target, list := range bounds {
		for _, bound := range list {
			if i, exact := slices.BinarySearch(of[target], bound); exact {
				wanted = append(wanted, bound)
			} else if i > 0 {
				wanted = append(wanted, of[target][i-1])
			}
		}
	}
	return wanted
}

// decidingAlts lists the entries whose alt text somebody sees at one of the photos.
func (c *changeLoader) decidingAlts(ctx context.Context) (wanted []uint64, err error) {
	var messages []uint64
	for seq := range c.changed {
		if len(c.photos[seq]) > 0 {
			messages = append(messages, seq)
		}
	}
	alts, err := c.tx.ChangeSeqs(ctx, c.room, messages, db.KindAltText)
	ofPhoto := map[uint64][]db.ChangeSeq{}
	for _, alt := range alts {
		ofPhoto[alt.PhotoID] = append(ofPhoto[alt.PhotoID], alt)
	}
	for _, list := range ofPhoto {
		target := list[0].TargetSeq
		bounds := append(c.returnsWithin(target, c.base), c.base)
		wanted = append(wanted, newest(list, map[uint64][]uint64{target: bounds})...)
	}
	return wanted, err
}

// loadReactions sums up who has given what, in the database. Where people came back to the room after a
// reaction, it takes each reaction to know what they see.
func (c *changeLoader) loadReactions(ctx context.Context) error {
	messages := slices.DeleteFunc(slices.Sorted(maps.Keys(c.changed)), func(seq uint64) bool { return c.rows[seq].DeleteSeq != 0 })
	counts, err := c.tx.ReactionCounts(ctx, c.room, messages, c.base)
	if err != nil {
		return err
	}
	apart := map[uint64]bool{}
	counts = slices.DeleteFunc(counts, func(n db.ReactionCount) bool {
		if len(c.returnsWithin(n.TargetSeq, n.LastSeq)) > 0 {
			apart[n.TargetSeq] = true
		}
		return apart[n.TargetSeq]
	})
	rows, err := c.tx.Reactions(ctx, c.room, slices.Sorted(maps.Keys(apart)), c.base)
	for _, m := range append(rows, summed(counts)...) {
		c.found[m.Seq] = m
	}
	return err
}
