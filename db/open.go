package db

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/schema"
)

// ErrInUse means that another process holds the SQLite file.
var ErrInUse = errors.New("another Parley process is using this SQLite file; run only one, or use MySQL for all of them")

// ErrNoFile means that there is no such SQLite file.
var ErrNoFile = errors.New("there is no SQLite file")

// Open connects to "sqlite:<path>" or "mysql://user:password@host:port/name". CheckAddress has all the
// forms that an address may have.
func Open(text string) (*DB, error) {
	a, err := parseAddress(text)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the database address %w", err)
	case a.mysql == nil:
		return openSQLite(a.file, false)
	}
	return openMySQL(a)
}

// open opens a database whose table names begin with prefix, which is empty except while a backup is restored.
func open(dialect gorm.Dialector, connections int, prefix string) (*DB, error) {
	g, err := gorm.Open(dialect, &gorm.Config{
		NamingStrategy: schema.NamingStrategy{TablePrefix: prefix},
		TranslateError: true,
		// Methods that need a transaction open one; GORM's own around each write would double the round trips.
		SkipDefaultTransaction: true,
		// Errors are returned and logged once at the edge, and parameters must never reach a log.
		Logger:  logger.Discard,
		NowFunc: func() time.Time { return time.Now().UTC().Truncate(time.Microsecond) },
	})
	if err != nil {
		return nil, err
	}
	pool, err := g.DB()
	if err != nil {
		return nil, err
	}
	setLimits(pool, connections)
	d := &DB{gorm: g, id: "check/" + rand.Text(), priority: Normal, counts: &txCounters{}, health: &health{}, skipsLocked: &atomic.Bool{}}
	return d, g.Use(d.health)
}

func openPool(servers driver.Connector, connections int) *sql.DB {
	pool := sql.OpenDB(servers)
	setLimits(pool, connections)
	return pool
}

// setLimits sets how many connections a pool has, and for how long.
func setLimits(pool *sql.DB, connections int) {
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxLifetime(30 * time.Minute)
}

// collation returns the name of the server's binary collation that does not ignore trailing spaces;
// to utf8mb4_bin, "bob " equals "bob". MariaDB has had utf8mb4_nopad_bin since 10.2, MySQL
// utf8mb4_0900_bin since 8.0.17.
func (d *DB) collation(ctx context.Context) (name string, err error) {
	err = d.in(ctx).Raw("SELECT COLLATION_NAME FROM information_schema.COLLATIONS " +
		"WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin') LIMIT 1").Scan(&name).Error
	if err == nil && name == "" {
		err = errors.New("this database server is too old: it needs MySQL 8.0.17 or MariaDB 10.2")
	}
	return name, translate(err)
}

// DurabilityRisks lists the server settings under which a power cut can lose committed
// transactions, and with them messages that were acknowledged.
func (d *DB) DurabilityRisks(ctx context.Context) ([]string, error) {
	if d.sqlite {
		return nil, nil // openSQLite sets what matters
	}
	var s durability
	err := d.in(ctx).Raw("SELECT @@innodb_flush_log_at_trx_commit AS flush_log, @@log_bin AS log_bin, @@sync_binlog AS sync_binlog").Take(&s).Error
	if err != nil {
		return nil, translate(err)
	}
	if s.FlushLog == nil || s.SyncBinlog == nil {
		err = errors.New("the server does not say what innodb_flush_log_at_trx_commit and sync_binlog are")
	}
	return s.risks(), err
}

// durability is the server settings that decide when a commit reaches the disk; nil is unknown.
type durability struct {
	FlushLog   *int
	LogBin     bool
	SyncBinlog *int
}

func (s durability) risks() (risks []string) {
	if s.FlushLog != nil && *s.FlushLog != 1 {
		risks = append(risks, "innodb_flush_log_at_trx_commit="+strconv.Itoa(*s.FlushLog))
	}
	if s.LogBin && s.SyncBinlog != nil && *s.SyncBinlog != 1 {
		risks = append(risks, "sync_binlog="+strconv.Itoa(*s.SyncBinlog))
	}
	return risks
}

// enoughPacket is a max_allowed_packet that takes every photo: MariaDB's default, and a quarter of MySQL's.
const enoughPacket = 16 << 20

// Warnings lists what is wrong with how the database is set up or stored, though it works: a sentence each.
func (d *DB) Warnings(ctx context.Context) ([]string, error) {
	if d.sqlite {
		return d.warnings, nil
	}
	var list []string
	if d.quick != nil && d.quick.fails.Load() {
		list = append(list, "posts are slower than they could be: the database, or a proxy in front of it, does not take several statements at once")
	}
	limit, err := d.maxPacket(ctx)
	if err == nil && limit < enoughPacket {
		list = append(list, fmt.Sprintf("larger photos will be refused: max_allowed_packet=%d should be %d or more", limit, enoughPacket))
	}
	return list, err
}

// maxPacket returns the most bytes that the server accepts in one value.
func (d *DB) maxPacket(ctx context.Context) (limit int, err error) {
	err = d.in(ctx).Raw("SELECT @@max_allowed_packet").Scan(&limit).Error
	return limit, translate(err)
}
