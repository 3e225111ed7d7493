package views

import (
	"bytes"
	"context"
)

// Item is an entry without the day above it, rendered once for all pages that show it. Only RenderItems makes one, so
// its HTML is a component's and nobody else's.
type Item struct{ html string }

// RenderItems renders entries, and returns how many bytes that takes. An entry that has its item needs nothing else
// but what the list around it goes by: its place in the log, its author, its time and its day.
func RenderItems(list []Entry) (items []Item, size int, err error) {
	var b bytes.Buffer
	ends := make([]int, len(list))
	for i, e := range list {
		if err := entryItem(e).Render(context.Background(), &b); err != nil {
			return nil, 0, err
		}
		ends[i] = b.Len()
	}
	all, from := b.String(), 0
	items = make([]Item, len(list))
	for i, to := range ends {
		items[i].html = all[from:to]
		from = to
	}
	return items, len(all), nil
}
