// Package assets holds the files that browsers load: script, stylesheets and icons.
//
// assets/build.mjs builds them into dist, and they are embedded, so the binary needs no other files.
// Names contain a hash of the content, so files can be cached forever, and compressed copies are made at
// build time. A program compiled before the first build works without them: its pages are plain HTML.
package assets

import (
	"embed"
	"io/fs"
	"sync"
)

//go:embed all:dist
var embedded embed.FS

// File is one built file and its compressed copies, which are nil where compression does not pay.
// The slices are shared by all callers and must not be written to.
type File struct {
	Type                string // the value of Content-Type
	Plain, Gzip, Brotli []byte
}

// Path returns the address of an asset by its logical name ("parley.js" is at
// "/assets/parley-<hash>.js"), or "" if it was not built.
func Path(name string) string {
	if file := loaded().manifest[name]; file != "" {
		return "/assets/" + file
	}
	return ""
}

// Built reports whether the script and the stylesheet are part of this program.
func Built() bool {
	return Path("parley.js") != "" && Path("parley.css") != ""
}

// Open returns the file at an address, given without its leading "/assets/".
func Open(path string) (File, bool) {
	file, ok := loaded().files[path]
	return file, ok
}

// loaded treats a broken build as none: pages still work, and Built reports false.
var loaded = sync.OnceValue(func() set {
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		return set{}
	}
	built, err := load(dist)
	if err != nil {
		return set{}
	}
	return built
})
