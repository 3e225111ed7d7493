package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"parley/db"
)

// rawPosts returns the posts per second that the database accepts from one writer that puts what n senders wait for
// into one transaction: the room's number raised, the rows inserted, and no rule, session or viewer.
func (s *stage) rawPosts(ctx context.Context, room uint64, n int, lasts time.Duration) (perSecond float64, err error) {
	store, err := db.OpenBeside(ctx, s.address)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	body, posted, start := strings.Repeat("lorem ipsum ", bodySize/12), 0, time.Now()
	for time.Since(start) < lasts {
		err := store.Tx(ctx, func(tx *db.DB) error {
			r, err := tx.NextSaidSeqs(ctx, room, n)
			if err != nil {
				return err
			}
			list := make([]db.Message, n)
			for i := range list {
				seq := r.LastSeq - uint64(n-1-i)
				key := fmt.Sprintf("raw-%d", seq)
				list[i] = db.Message{RoomID: room, Seq: seq, Kind: db.KindText, AuthorID: 1, ClientKey: &key, Body: body, CreatedAt: time.Now().UTC()}
			}
			return tx.InsertMessages(ctx, list)
		})
		if err != nil {
			return 0, err
		}
		posted += n
	}
	return float64(posted) / time.Since(start).Seconds(), nil
}
