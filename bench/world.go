package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/db"
)

// person is somebody who is signed in: an account with a session.
type person struct {
	db.User
	cookie string
}

// builder writes a world straight into a database, before the server starts. What it writes is what the server would
// have written, only many rows in a transaction.
type builder struct {
	ctx   context.Context
	kind  string // of the database
	store *db.DB
	now   time.Time
	err   error // the first one; everything after it does nothing
}

const rowsAtOnce = 400

func (b *builder) tx(run func(tx *db.DB) error) {
	if b.err == nil {
		b.err = b.store.Tx(b.ctx, run)
	}
}

// people makes n accounts, each with a session.
func (b *builder) people(prefix string, n int) []person {
	list := make([]person, n)
	for from := 0; from < n; from += rowsAtOnce {
		b.tx(func(tx *db.DB) error {
			for i := from; i < min(n, from+rowsAtOnce); i++ {
				token := make([]byte, 32)
				if _, err := rand.Read(token); err != nil {
					return err
				}
				text := base64.RawURLEncoding.EncodeToString(token)
				sum := sha256.Sum256([]byte(text))
				name := strings.ToLower(strings.ReplaceAll(prefix, " ", ".")) + strconv.Itoa(i)
				p := person{db.User{Username: name, DisplayName: strings.ToUpper(name[:1]) + name[1:], PasswordHash: "-", TimeZone: "UTC", Language: "en", SeenAt: &b.now, CreatedAt: b.now}, "parley=" + text}
				if err := tx.CreateUser(b.ctx, &p.User); err != nil {
					return err
				}
				if err := tx.CreateSession(b.ctx, &db.Session{TokenHash: hex.EncodeToString(sum[:]), UserID: p.ID, UserAgent: "bench", CreatedAt: b.now, SeenAt: b.now, ExpiresAt: b.now.Add(14 * 24 * time.Hour)}); err != nil {
					return err
				}
				list[i] = p
			}
			return nil
		})
	}
	return list
}

// group makes a room of these people, the first of whom owns it.
func (b *builder) group(name string, members []person) uint64 {
	r := db.Room{Kind: db.RoomGroup, Name: name, IsOpen: true, CreatedAt: b.now, Epoch: 1}
	b.tx(func(tx *db.DB) error {
		r.OwnerID, r.MakerID = members[0].ID, members[0].ID
		if err := tx.CreateRoom(b.ctx, &r); err != nil {
			return err
		}
		if _, err := tx.NextSeq(b.ctx, r.ID); err != nil {
			return err
		}
		begun := db.Message{RoomID: r.ID, Seq: 1, Kind: db.KindGroupCreated, AuthorID: r.OwnerID, Body: name, CreatedAt: b.now, Members: len(members)}
		if err := tx.InsertMessage(b.ctx, &begun); err != nil {
			return err
		}
		for _, p := range members {
			if err := tx.AddMember(b.ctx, r.ID, p.ID, 1); err != nil {
				return err
			}
		}
		return nil
	})
	return r.ID
}

// befriend makes two people friends who have a room.
func (b *builder) befriend(one, other person) (room uint64) {
	b.tx(func(tx *db.DB) error {
		pair, err := tx.LockPair(b.ctx, one.ID, other.ID, b.now)
		if err != nil {
			return err
		}
		r := db.Room{Kind: db.RoomDirect, IsOpen: true, CreatedAt: b.now, Epoch: 1}
		if err := tx.CreateRoom(b.ctx, &r); err != nil {
			return err
		}
		if _, err := tx.NextSeq(b.ctx, r.ID); err != nil {
			return err
		}
		if err := tx.InsertMessage(b.ctx, &db.Message{RoomID: r.ID, Seq: 1, Kind: db.KindOpened, AuthorID: one.ID, CreatedAt: b.now}); err != nil {
			return err
		}
		for _, p := range []person{one, other} {
			if err := tx.AddMember(b.ctx, r.ID, p.ID, 1); err != nil {
				return err
			}
		}
		pair.State, pair.RoomID, pair.RequestedBy, pair.ChangedAt = db.PairFriends, r.ID, one.ID, b.now
		room = r.ID
		return tx.SavePair(b.ctx, pair)
	})
	return room
}

// words are what is said; every message has a hundredth of them, so that a search finds some and not all.
var words = strings.Fields(`the meeting moved to thursday because nobody found a room in time and lunch comes later
 than planned so bring something small to eat while we look at numbers from last week together with everybody`)

// say writes n messages into a room, by its members in turn.
func (b *builder) say(room uint64, by []person, n int) {
	for from := 0; from < n; from += rowsAtOnce {
		b.tx(func(tx *db.DB) error {
			count := min(n-from, rowsAtOnce)
			r, err := tx.NextSaidSeqs(b.ctx, room, count)
			if err != nil {
				return err
			}
			list := make([]db.Message, count)
			for i := range list {
				seq := r.LastSeq - uint64(count) + 1 + uint64(i)
				key := fmt.Sprintf("seed-%d", seq)
				at := b.now.Add(-time.Hour + time.Duration(seq)*time.Microsecond)
				list[i] = db.Message{RoomID: room, Seq: seq, Kind: db.KindText, AuthorID: by[int(seq)%len(by)].ID, ClientKey: &key, Body: sentence(int(seq)), CreatedAt: at}
			}
			return tx.InsertMessages(b.ctx, list)
		})
	}
}

// hasRead notes that somebody has seen a room up to a seq.
func (b *builder) hasRead(room uint64, who person, seq uint64) {
	b.tx(func(tx *db.DB) error {
		_, err := tx.MarkRead(b.ctx, who.ID, db.Room{ID: room, LastSeq: seq}, seq)
		return err
	})
}

// bury is say for very many messages, which are marked as indexed: a search does not find them, and the server that
// starts then is not busy for minutes.
func (b *builder) bury(room uint64, by []person, n int) {
	b.say(room, by, n)
	b.tx(func(tx *db.DB) error {
		marks, err := tx.LockIndexMarks(b.ctx, []uint64{room})
		if err != nil {
			return err
		}
		heads, err := tx.Heads(b.ctx, []uint64{room})
		if err != nil {
			return err
		}
		mark := marks[room]
		mark.Indexed = db.Cursor{Seq: heads[0].LastSeq}
		return tx.SetIndexMark(b.ctx, mark)
	})
}

// sentence is some 80 letters, and one word in fifty messages that a search looks for.
func sentence(n int) string {
	parts := make([]string, 0, 16)
	for i := range 14 {
		parts = append(parts, words[(n*7+i*3)%len(words)])
	}
	if n%50 == 0 {
		parts = append(parts, "lighthouse")
	}
	return strings.Join(parts, " ") + "."
}
