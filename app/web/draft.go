package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"parley/app/chat"
	"parley/app/photo"
	"parley/app/text"
	"parley/db"
	"parley/views"
)

// sentDraft is a message as a form brought it.
type sentDraft struct {
	chat.Draft
	kept  []db.Photo // those of its photos that an earlier answer to the form kept
	files []sentFile // and those that came with it
}

// draftOf reads a message from a form: what was typed, and photos with what is said of each.
func (s *Server) draftOf(c *call) (d sentDraft, err error) {
	d.Draft = chat.Draft{Key: c.field("key"), Body: c.field("body"), ReplyTo: seqOf(c.field("reply_to"))}
	if err := s.readKept(c, &d); err != nil {
		return d, err
	}
	if d.files, err = c.files("photo"); err != nil {
		return d, err
	}
	alts, uploads := c.fields("alt"), make([][]byte, len(d.files))
	for i, f := range d.files {
		sum := sha256.Sum256(f.data)
		one := chat.Upload{Sum: hex.EncodeToString(sum[:])}
		if i < len(alts) {
			one.Alt = alts[i]
		}
		d.Photos, uploads[i] = append(d.Photos, one), f.data
	}
	d.Keep = func(ctx context.Context) ([]uint64, error) {
		ids, err := s.album.SaveAll(ctx, c.me.ID, uploads, photo.PurposeMessage)
		var refused *photo.UploadError
		if errors.As(err, &refused) && len(uploads) > 1 {
			err = &fileError{text.Truncate(d.files[refused.Index].name, 60), err}
		}
		return ids, err
	}
	return d, nil
}

// readKept reads the photos that are kept for a form. One that is not there any more, or that never
// was this person's, has no sum, and the draft is refused for it.
func (s *Server) readKept(c *call, d *sentDraft) error {
	ids, alts := c.fields("kept"), c.fields("kept_alt")
	leftOut := map[string]bool{}
	for _, id := range c.fields("leave_out") {
		leftOut[id] = true
	}
	for i, id := range ids[:min(len(ids), chat.MaxPhotos+1)] {
		if leftOut[id] || i >= len(alts) {
			continue
		}
		p, err := s.album.Photo(c.ctx, seqOf(id))
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		one := chat.Upload{ID: max(1, seqOf(id)), Alt: alts[i]} // 0 would be one that comes with the form
		if err == nil && p.OwnerID == c.me.ID {
			one.Sum = p.Sum
		}
		d.Photos = append(d.Photos, one)
		if one.Sum != "" && p.RoomID == 0 {
			p.Alt = one.Alt
			d.kept = append(d.kept, p)
		}
	}
	return nil
}

// attached keeps the photos of a message that was not sent, for the form that gives it back: nobody
// has to choose them again. What cannot be kept is lost, and why says so of the first; its description
// is given back alone.
func (s *Server) attached(c *call, d sentDraft) (a views.Attached, lost int, why error) {
	a.Kept = d.kept
	for i, f := range d.files {
		alt := d.Photos[len(d.Photos)-len(d.files)+i].Alt
		p, err := db.Photo{}, chat.ErrTooManyPhotos
		if len(a.Kept) < chat.MaxPhotos {
			p, err = s.album.Save(c.ctx, c.me.ID, f.data, photo.PurposeMessage)
		}
		if err != nil {
			if lost++; lost == 1 {
				a.Alt, why = alt, &fileError{text.Truncate(f.name, 60), err}
			}
			continue
		}
		p.Alt = alt
		a.Kept = append(a.Kept, p)
	}
	return a, lost, why
}

// refusedPhotos is how many photos a refusal is about.
func refusedPhotos(err error) int {
	var one *photo.UploadError
	if errors.As(err, &one) {
		return 1
	}
	return 0
}
