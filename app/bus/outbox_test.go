package bus

import (
	"slices"
	"testing"
)

func TestOnlyTheNewestEntryOfARoomWaits(t *testing.T) {
	o := newOutbox()
	for _, seq := range []uint64{3, 9, 4} {
		o.add(Signal{Kind: EntryAdded, Room: 1, Epoch: 1, Seq: seq})
	}
	o.add(Signal{Kind: EntryAdded, Room: 1, Epoch: 2, Seq: 1}) // after a restore, so it is not older
	o.add(Signal{Kind: UserChanged, User: 5})
	o.add(Signal{Kind: UserChanged, User: 5})
	o.addBeat(6)
	if n := o.length(); n != 3 {
		t.Errorf("%d wait", n)
	}
	m := o.take()
	if m.lost || m.beat != 6 || len(m.signals) != 3 {
		t.Fatalf("%+v", m)
	}
	for _, s := range []Signal{
		{Kind: EntryAdded, Room: 1, Epoch: 1, Seq: 9},
		{Kind: EntryAdded, Room: 1, Epoch: 2, Seq: 1},
		{Kind: UserChanged, User: 5},
	} {
		if !slices.Contains(m.signals, s) {
			t.Errorf("no %+v in %+v", s, m.signals)
		}
	}
	if m := o.take(); m.lost || m.beat != 0 || len(m.signals) != 0 || o.length() != 0 {
		t.Errorf("taken twice: %+v", m)
	}
}

func TestLossIsReportedOnce(t *testing.T) {
	o := newOutbox()
	for user := range uint64(2 * maxPending) {
		o.add(Signal{Kind: UserChanged, User: user})
	}
	m := o.take()
	if !m.lost || len(m.signals) != maxPending {
		t.Errorf("%d wait, lost: %v", len(m.signals), m.lost)
	}
	if o.take().lost {
		t.Error("reported twice")
	}
	o.markLost(m)
	if !o.take().lost {
		t.Error("a batch that could not be sent is not reported")
	}
	o.markLost(batch{beat: 1})
	if o.take().lost {
		t.Error("a lost heartbeat is reported")
	}
}

func TestFullOutboxStillTakesTheNewestEntryAndABeat(t *testing.T) {
	o := newOutbox()
	for room := range uint64(maxPending) {
		o.add(Signal{Kind: EntryAdded, Room: room, Seq: 1})
	}
	o.add(Signal{Kind: EntryAdded, Room: 7, Seq: 2})
	o.addBeat(1)
	m := o.take()
	if m.lost || m.beat != 1 || !slices.Contains(m.signals, Signal{Kind: EntryAdded, Room: 7, Seq: 2}) {
		t.Errorf("lost: %v, beat %d", m.lost, m.beat)
	}
}

// TestWhatWaitsInAllBuckets checks that the total is the sum of what waits in each.
func TestWhatWaitsInAllBuckets(t *testing.T) {
	c := &Cluster{}
	for range bucketCount {
		c.buckets = append(c.buckets, &Redis{outbox: newOutbox()})
	}
	for room := range uint64(2 * bucketCount) {
		c.Publish(Signal{Kind: EntryAdded, Room: room + 1, Epoch: 1, Seq: 1})
	}
	if n := c.Waiting(); n != 2*bucketCount {
		t.Errorf("%d wait", n)
	}
}
