package web

import (
	"path"
	"sync"
	"time"

	"parley/views/words"
)

// locale is a viewer's time zone and language.
type locale struct {
	zone  *time.Location
	words *words.Catalog
}

func (s *Server) locale(c *call) locale {
	return locale{zone: s.zones.named(c.me.TimeZone), words: c.words()}
}

// zones caches time zones by name. It stays small: only names in the zone database are kept.
type zones struct {
	mu    sync.Mutex
	known map[string]*time.Location
}

// named returns the zone of that name, or UTC if there is none.
func (z *zones) named(name string) *time.Location {
	name = path.Clean(name) // from before names had to be clean
	z.mu.Lock()
	defer z.mu.Unlock()
	if zone := z.known[name]; zone != nil {
		return zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	if z.known == nil {
		z.known = map[string]*time.Location{}
	}
	z.known[name] = zone
	return zone
}
