package assets

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

func TestMissingBuildIsEmptyAndNoError(t *testing.T) {
	built, err := load(fstest.MapFS{".keep": {}})
	if err != nil {
		t.Fatal(err)
	}
	if len(built.manifest) != 0 || len(built.files) != 0 {
		t.Errorf("got %v from an empty folder", built)
	}
}

func TestBuildIsLoadedWithCompressedCopies(t *testing.T) {
	built, err := load(fstest.MapFS{
		"manifest.json":   {Data: []byte(`{"parley.js":"parley-1a.js","icon.png":"icon-2b.png"}`)},
		"parley-1a.js":    {Data: []byte("plain")},
		"parley-1a.js.gz": {Data: []byte("gzip")},
		"parley-1a.js.br": {Data: []byte("brotli")},
		"icon-2b.png":     {Data: []byte("picture")},
		"forgotten.js":    {Data: []byte("of an older build")},
	})
	if err != nil {
		t.Fatal(err)
	}
	script := built.files[built.manifest["parley.js"]]
	if script.Type != "text/javascript; charset=utf-8" || string(script.Plain) != "plain" ||
		string(script.Gzip) != "gzip" || string(script.Brotli) != "brotli" {
		t.Errorf("script: %q", script)
	}
	icon := built.files["icon-2b.png"]
	if icon.Type != "image/png" || icon.Gzip != nil || icon.Brotli != nil {
		t.Errorf("icon: %q", icon)
	}
	for _, name := range []string{"forgotten.js", "manifest.json", "parley-1a.js.br", "parley.js", ""} {
		if _, ok := built.files[name]; ok {
			t.Errorf("%q is not an asset, but was loaded", name)
		}
	}
}

func TestBrokenBuildIsAnErrorThatNamesTheFile(t *testing.T) {
	for want, dist := range map[string]fstest.MapFS{
		"manifest":     {"manifest.json": {Data: []byte("{")}},
		"gone-1a.js":   {"manifest.json": {Data: []byte(`{"gone.js":"gone-1a.js"}`)}},
		"odd-1a.plain": {"manifest.json": {Data: []byte(`{"odd":"odd-1a.plain"}`)}, "odd-1a.plain": {}},
	} {
		if _, err := load(dist); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error about %s, got %v", want, err)
		}
	}
}

// A whole build is embedded or none, never half of one.
func TestEmbeddedBuildIsComplete(t *testing.T) {
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		t.Fatal(err)
	}
	built, err := load(dist)
	if err != nil {
		t.Fatal(err)
	}
	if Built() != (len(built.manifest) > 0) {
		t.Errorf("Built() is %v with the manifest %v", Built(), built.manifest)
	}
	if !Built() && Path("parley.js") != "" {
		t.Error("a script that was not built has a path")
	}
	for name := range built.manifest {
		file, ok := Open(strings.TrimPrefix(Path(name), "/assets/"))
		if !ok || len(file.Plain) == 0 {
			t.Errorf("%s is in the manifest and cannot be opened", name)
		}
	}
}
