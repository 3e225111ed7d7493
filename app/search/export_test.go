package search

import (
	"context"

	"parley/app/text"
)

// What the tests that need a chat look at. They are a package of their own, because chat imports
// this one.
var (
	IndexTerms  = indexTerms
	AuthorTerm  = authorTerm
	NewestFirst = newestFirst
)

// Matches reports whether a text has all that the query asks of it.
func (q Query) Matches(body string) bool {
	return q.phrases.matches(tokenize(text.Normalize(body))) != nil
}

// IndexSome is indexSome.
func (e *Engine) IndexSome(ctx context.Context, rooms []uint64) ([]uint64, error) {
	return e.indexSome(ctx, rooms)
}

// IndexAll indexes everything that is behind, without leaving time to others.
func (e *Engine) IndexAll(ctx context.Context) error {
	var queue roomQueue
	if err := e.addBehind(ctx, &queue); err != nil {
		return err
	}
	for len(queue.rooms) > 0 {
		if err := e.work(ctx, &queue); err != nil {
			return err
		}
	}
	return nil
}

// OnSlice calls a function at the end of each transaction of the index, with the number of terms that
// it added or removed.
func (e *Engine) OnSlice(f func(terms int)) { e.onSlice = f }

// Numbers of the index.
const (
	FirstPostings = firstPostings
	MaxCompletion = maxCompletion

	SliceTerms   = sliceTerms
	StepTerms    = stepTerms
	MaxTextTerms = maxTextTerms

	CatchUpSlices = catchUpSlices
)
