package web

import (
	"errors"

	"parley/app/chat"
	"parley/app/photo"
	"parley/app/text"
	"parley/db"
	"parley/views"
)

// readKept reads the photos that an earlier response kept for the form. One that is gone, or that never
// was this person's, gets no checksum, and the draft is refused for it.
func (s *Server) readKept(c *call, d *formDraft) error {
	ids, alts := c.fields("kept"), c.fields("kept_alt")
	leftOut := map[string]bool{}
	for _, id := range c.fields("leave_out") {
		leftOut[id] = true
	}
	for i, id := range ids[:min(len(ids), chat.MaxPhotos+1)] {
		if leftOut[id] || i >= len(alts) {
			continue
		}
		p, err := s.photos.Photo(c.ctx, parseSeq(id))
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return err
		}
		kept := chat.Upload{ID: max(1, parseSeq(id)), Alt: alts[i]} // 0 would be one that comes with the form
		if err == nil && p.OwnerID == c.me.ID {
			kept.Sum = p.Sum
		}
		d.Photos = append(d.Photos, kept)
		if kept.Sum != "" && p.RoomID == 0 {
			p.Alt = kept.Alt
			d.kept = append(d.kept, p)
		}
	}
	return nil
}

// keepPhotos stores the photos of a message that was not sent, for the form that gives it back: nobody
// has to choose them again. Those that cannot be stored are lost; why is the reason for the first of
// them, whose description is given back alone.
func (s *Server) keepPhotos(c *call, d formDraft) (a views.Attachments, lost int, why error) {
	a.Uploads = d.kept
	for i, f := range d.files {
		alt := d.Photos[len(d.Photos)-len(d.files)+i].Alt
		p, err := db.Photo{}, chat.ErrTooManyPhotos
		if len(a.Uploads) < chat.MaxPhotos {
			if p, err = s.photos.Save(c.ctx, c.me.ID, f.data, photo.PurposeMessage); err != nil {
				err = &fileError{text.Truncate(f.name, 60), err}
			}
		}
		if err != nil {
			if lost++; lost == 1 {
				a.Alt, why = alt, err
			}
			continue
		}
		p.Alt = alt
		a.Uploads = append(a.Uploads, p)
	}
	return a, lost, why
}

// refusedPhotos returns the number of photos that a refusal is about.
func refusedPhotos(err error) int {
	var upload *photo.UploadError
	if errors.As(err, &upload) {
		return 1
	}
	return 0
}
