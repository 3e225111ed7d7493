package assets

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// set is the output of one build. It does not change after load.
type set struct {
	manifest map[string]string // logical name -> file name
	files    map[string]File   // by file name
}

// load reads the output of a build. A folder without a manifest was never built, which is not an error.
func load(dist fs.FS) (set, error) {
	text, err := fs.ReadFile(dist, "manifest.json")
	if errors.Is(err, fs.ErrNotExist) {
		return set{}, nil
	}
	if err != nil {
		return set{}, fmt.Errorf("read the manifest: %w", err)
	}
	built := set{files: make(map[string]File)}
	if err := json.Unmarshal(text, &built.manifest); err != nil {
		return set{}, fmt.Errorf("parse the manifest: %w", err)
	}
	for _, name := range built.manifest {
		file, err := read(dist, name)
		if err != nil {
			return set{}, fmt.Errorf("read %s: %w", name, err)
		}
		built.files[name] = file
	}
	return built, nil
}

func read(dist fs.FS, name string) (File, error) {
	file := File{Type: contentType(name)}
	if file.Type == "" {
		return File{}, errors.New("no content type is known for it")
	}
	var err error
	if file.Plain, err = fs.ReadFile(dist, name); err != nil {
		return File{}, err
	}
	if file.Gzip, err = readOptional(dist, name+".gz"); err != nil {
		return File{}, err
	}
	if file.Brotli, err = readOptional(dist, name+".br"); err != nil {
		return File{}, err
	}
	return file, nil
}

func readOptional(dist fs.FS, name string) ([]byte, error) {
	bytes, err := fs.ReadFile(dist, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return bytes, err
}

// contentType does not use mime.TypeByExtension, whose answers differ between machines.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".png":
		return "image/png"
	case ".ico":
		return "image/x-icon"
	case ".json":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".woff2":
		return "font/woff2"
	}
	return ""
}
