package web

import (
	"parley/views/words"
	"sync"
	"time"
)

// manner is how pages put things for a viewer: in a time zone and a language.
type manner struct {
	zone  *time.Location
	words *words.Catalog
}

func (s *Server) manner(c *call) manner {
	return manner{zone: s.zones.named(c.me.TimeZone), words: c.words()}
}

// zones remembers the time zones that were asked for; there are only as many as have names.
type zones struct {
	mu    sync.Mutex
	known map[string]*time.Location
}

// named answers UTC for a name that this program does not know.
func (z *zones) named(name string) *time.Location {
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
