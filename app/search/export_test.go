package search

import (
	"context"

	"parley/app/text"
)

// What the tests that need a chat look at. They are a package of their own, because chat imports
// this one.
var (
	TermsOf     = termsOf
	AuthorTerm  = authorTerm
	NewestFirst = newestFirst
)

// Matches reports whether a text has all that the query asks of it.
func (q Query) Matches(body string) bool {
	return q.phrases.matches(tokenize(text.Normalize(body))) != nil
}

// IndexAll is indexAll.
func (e *Engine) IndexAll(ctx context.Context) error { return e.indexAll(ctx) }

// IndexSome is indexSome.
func (e *Engine) IndexSome(ctx context.Context, rooms []uint64) ([]uint64, error) {
	return e.indexSome(ctx, rooms)
}
