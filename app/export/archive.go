package export

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Archive is a zip that is written as it comes, to somebody who may be slow. It keeps the names of its files, and
// nothing of what is in them. All names are made of numbers and of words of ours, so that none leads out of the
// folder that it is unpacked to.
type Archive struct {
	zip *zip.Writer
	at  time.Time
}

// NewArchive begins an archive. Its files are of this time.
func NewArchive(to io.Writer, at time.Time) *Archive {
	return &Archive{zip: zip.NewWriter(to), at: at.UTC()}
}

// Text begins a file that is worth compressing. It ends where the next one begins.
func (a *Archive) Text(name string) (io.Writer, error) { return a.create(name, zip.Deflate) }

// Stored writes a file as it is, such as a photo.
func (a *Archive) Stored(name string, data []byte) error {
	w, err := a.create(name, zip.Store)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// JSON writes a value.
func (a *Archive) JSON(name string, value any) error {
	w, err := a.Text(name)
	if err != nil {
		return err
	}
	in := json.NewEncoder(w)
	in.SetIndent("", " ")
	in.SetEscapeHTML(false)
	return in.Encode(value)
}

func (a *Archive) create(name string, method uint16) (io.Writer, error) {
	return a.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: a.at})
}

// Flush sends what is in the archive's own buffer.
func (a *Archive) Flush() error { return a.zip.Flush() }

// Close writes the list of files, without which nobody mistakes the archive for a complete one.
func (a *Archive) Close() error { return a.zip.Close() }

// PagePath is the n-th page of a room, from 1, and DataPath is the same as JSON.
func PagePath(room uint64, n int) string { return fmt.Sprintf("rooms/%d/%s", room, PageName(n)) }

// DataPath is the n-th part of a room as JSON.
func DataPath(room uint64, n int) string { return fmt.Sprintf("rooms/%d/%04d.json", room, n) }

// PageName is the name of a room's n-th page in its folder.
func PageName(n int) string { return fmt.Sprintf("%04d.html", n) }

// PhotoPath is one size of a photo. The type is one that we encode.
func PhotoPath(id uint64, size, mime string) string {
	ending, known := map[string]string{"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}[mime]
	if !known {
		ending = "bin"
	}
	return fmt.Sprintf("photos/%d-%s.%s", id, size, ending)
}
