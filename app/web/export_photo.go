package web

import (
	"context"
	"errors"
	"time"

	"parley/app/chat"
	"parley/app/export"
	"parley/app/photo"
	"parley/db"
)

// setAvatars notes the avatar of an entry's author, and removes it from the entry if it may not be seen.
func (r *exportedRoom) setAvatars(ctx context.Context, e *chat.Entry) error {
	id := e.Author.PhotoID
	if id == 0 {
		return nil
	}
	file, known := r.files[id]
	if !known {
		var err error
		if file, err = r.avatar(ctx, id); err != nil {
			return err
		}
	}
	if file == "" {
		e.Author.PhotoID = 0
	}
	return nil
}

// avatar notes a photo that has to be written with the page.
func (x *exporter) avatar(ctx context.Context, id uint64) (string, error) {
	p, may, err := x.seen(ctx, id)
	if err != nil {
		return "", err
	}
	if may {
		x.files[id] = export.PhotoPath(id, photo.Small, p.Type)
		x.avatars = append(x.avatars, id)
	} else {
		x.files[id] = ""
	}
	return x.files[id], nil
}

// seen reports whether the caller may see a photo now.
func (x *exporter) seen(ctx context.Context, id uint64) (db.Photo, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, exportQuery)
	defer cancel()
	p, err := x.server.photos.Photo(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return p, false, nil
	}
	if err != nil {
		return p, false, err
	}
	may, err := x.server.chat.MaySeePhoto(ctx, x.me, p)
	return p, may, err
}

// writePhotos writes the photos of a page one by one, those that have not been deleted meanwhile.
func (r *exportedRoom) writePhotos(ctx context.Context) error {
	for _, p := range r.photos {
		if err := r.writePhoto(ctx, p.ID, photo.Large); err != nil {
			return err
		}
	}
	r.photos = r.photos[:0]
	return r.writeAvatars(ctx)
}

func (x *exporter) writeAvatars(ctx context.Context) error {
	for _, id := range x.avatars {
		if err := x.writePhoto(ctx, id, photo.Small); err != nil {
			return err
		}
	}
	x.avatars = x.avatars[:0]
	return nil
}

func (x *exporter) writePhoto(ctx context.Context, id uint64, size string) error {
	if err := x.lease.Renew(ctx); err != nil {
		return err
	}
	start := time.Now()
	p, may, err := x.seen(ctx, id)
	if err != nil || !may {
		return err
	}
	reading, cancel := context.WithTimeout(ctx, exportQuery)
	_, bytes, err := x.server.photos.Bytes(reading, id, size)
	cancel()
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	spent := time.Since(start)
	if err := x.archive.Stored(export.PhotoPath(id, size, p.Type), bytes.Data); err != nil {
		return err
	}
	return x.server.pause(ctx, spent)
}

// pause leaves others as much time as an archive has just taken, so that the archives of two people do not take the
// machine away from everybody.
func (s *Server) pause(ctx context.Context, spent time.Duration) error {
	if !s.options.Limits {
		return ctx.Err()
	}
	return chat.Sleep(ctx, spent)
}
