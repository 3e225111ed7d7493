package web

import (
	"net/http"
	"strings"

	"parley/assets"
	"parley/views"
)

// Design serves the style guide at /design, and what it loads. It needs neither a session nor a database,
// and belongs on an address that is not public.
func Design() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /design", func(w http.ResponseWriter, _ *http.Request) {
		page, err := renderHTML(views.DesignPage(views.Design{Tokens: assets.Tokens(), Pairs: assets.Pairs(), Tints: assets.Tints()}))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Security-Policy", contentPolicy)
		write(w, "text/html; charset=utf-8", page)
	})
	mux.HandleFunc("GET /design.css", func(w http.ResponseWriter, _ *http.Request) {
		write(w, "text/css; charset=utf-8", []byte(assets.DesignSheet()+views.DesignStyle(assets.Tokens())))
	})
	mux.HandleFunc("GET /me.css", func(w http.ResponseWriter, _ *http.Request) {
		write(w, "text/css; charset=utf-8", []byte(views.OwnStyle(views.DesignViewer)))
	})
	mux.HandleFunc("GET /assets/{name}", func(w http.ResponseWriter, r *http.Request) {
		sendSample(w, r, r.PathValue("name"))
	})
	mux.HandleFunc("GET /photos/{id}/{size}", func(w http.ResponseWriter, r *http.Request) {
		sendSample(w, r, strings.TrimPrefix(assets.Path("icon-512.png"), "/assets/"))
	})
	return mux
}

func sendSample(w http.ResponseWriter, r *http.Request, name string) {
	file, ok := assets.Open(name)
	if !ok {
		http.NotFound(w, r)
		return
	}
	write(w, file.Type, file.Plain)
}

func write(w http.ResponseWriter, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", noStore)
	_, _ = w.Write(body)
}
