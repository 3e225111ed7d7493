package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"slices"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// The number of queries that a connection to MySQL remembers, and the length of the longest, in bytes. A server has
// 16,382 prepared statements for all connections together, unless somebody allows it more, and each takes 30 to 300 kB
// there.
const (
	maxPrepared      = 32
	longestToPrepare = 8 << 10
)

// preparedQueries are those that a connection has seen lately. What it sees again is prepared: the server parses it
// once, and on MariaDB describes its columns once, which saves about a fifth of its work. What comes once would take
// one more round trip.
type preparedQueries struct {
	conn driver.ConnPrepareContext
	seen *simplelru.LRU[string, *preparedQuery]
}

type preparedQuery struct {
	statement driver.Stmt // nil until it is seen again
	refused   bool        // by the server, which has too many or cannot prepare it
}

func newPreparedQueries(conn driver.ConnPrepareContext) (*preparedQueries, error) {
	seen, err := simplelru.NewLRU(maxPrepared, func(_ string, q *preparedQuery) {
		if q.statement != nil {
			_ = q.statement.Close()
		}
	})
	return &preparedQueries{conn, seen}, err
}

// prepared returns a query's statement, or nil if it is not prepared.
func (p *preparedQueries) prepared(ctx context.Context, query string) (driver.StmtQueryContext, error) {
	if len(query) > longestToPrepare {
		return nil, nil
	}
	q, again := p.seen.Get(query)
	if !again {
		p.seen.Add(query, &preparedQuery{})
		return nil, nil
	}
	if q.statement == nil && !q.refused {
		statement, err := p.conn.PrepareContext(ctx, query)
		if q.refused = isRefusal(err); err != nil && !q.refused {
			return nil, err
		}
		q.statement = statement
	}
	statement, _ := q.statement.(driver.StmtQueryContext)
	return statement, nil
}

// isRefusal reports whether an error means that this statement cannot be prepared, and nothing else. Any other may have
// ended the transaction: Galera answers whatever comes next with a deadlock when it has undone one for another node's, and
// what came after an ignored error would be committed by itself.
func isRefusal(err error) bool {
	const (
		notSupportedYet = 1235
		unsupported     = 1295
		tooMany         = 1461
	)
	var my *mysqldriver.MySQLError
	return errors.As(err, &my) && slices.Contains([]uint16{notSupportedYet, unsupported, tooMany}, my.Number)
}
