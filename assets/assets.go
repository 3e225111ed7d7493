// Package assets holds the files that browsers load: the script, the style sheet, the icons.
//
// They are built by assets/build.mjs into dist and embedded, so the binary needs no folder beside
// it. A file's name carries a hash of its bytes, so it may be cached for ever, and its compressed
// copies are made at build time. A program compiled before the first build works without them:
// pages are then plain HTML.
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

// Path returns the address of the asset with that logical name ("parley.js" is at
// "/assets/parley-<hash>.js"), or "" for one that was not built.
func Path(name string) string {
	if file := loaded().manifest[name]; file != "" {
		return "/assets/" + file
	}
	return ""
}

// Built reports whether the script and the style sheet are part of this program.
func Built() bool {
	return Path("parley.js") != "" && Path("parley.css") != ""
}

// Open returns the file at that address without its leading "/assets/".
func Open(path string) (File, bool) {
	file, ok := loaded().files[path]
	return file, ok
}

// A build that broke off in the middle counts as none: the pages still work, and Built tells.
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
