package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/glebarez/sqlite"
	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ErrInUse means that another process holds the SQLite file.
var ErrInUse = errors.New("another Parley process is using this SQLite file; run only one, or use MySQL for all of them")

// Open connects to "sqlite:<path>" or "mysql://user:password@host:port/name".
func Open(address string) (*DB, error) {
	kind, rest, _ := strings.Cut(address, ":")
	switch {
	case kind == "sqlite" && rest != "":
		return openSQLite(rest)
	case kind == "mysql" && strings.HasPrefix(rest, "//"):
		return openMySQL(address)
	}
	return nil, errors.New("the database address must look like sqlite:<path> or mysql://user:password@host:3306/name")
}

// openSQLite uses glebarez/sqlite, which is pure Go on top of modernc.org/sqlite. Measured beside
// ncruces/go-sqlite3 v0.37.0 with gormlite v0.24.0 and the same pragmas, on two busy cores (medians of
// five): 927 transactions of an update and an insert per second against 938, at 315 µs of CPU against
// 302; 268 µs of CPU for a read of 50 rows against 206; 23 MB resident both. Writes limit SQLite here
// and are equal, so faster reads do not justify other error codes and another way to interrupt queries.
func openSQLite(path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the folder of the SQLite file: %w", err)
	}
	release, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	// secure_delete overwrites deleted rows with zeros; otherwise their bytes stay in the file.
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_txlock=immediate"
	d, err := open(sqlite.Open(dsn), max(4, runtime.NumCPU()))
	if err != nil {
		return nil, errors.Join(err, release())
	}
	d.sqlite, d.writeSlot, d.release = true, make(chan struct{}, 1), release
	return d, nil
}

func openMySQL(address string) (*DB, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || len(u.Path) < 2 {
		return nil, errors.New("the database address must look like mysql://user:password@host:3306/name")
	}
	port := u.Port()
	if port == "" {
		port = "3306"
	}
	c := mysqldriver.NewConfig()
	c.Net, c.Addr, c.DBName = "tcp", u.Hostname()+":"+port, u.Path[1:]
	c.User = u.User.Username()
	c.Passwd, _ = u.User.Password()
	c.ParseTime, c.Loc = true, time.UTC
	c.Collation = "utf8mb4_bin"
	c.Timeout = 3 * time.Second
	// A COMMIT takes no context, so a frozen server would block it forever. Must exceed innodb_lock_wait_timeout.
	c.ReadTimeout = 5 * time.Second
	c.InterpolateParams = true // one round trip per statement; safe with utf8mb4, where a quote is always one byte
	c.ClientFoundRows = true   // 0 rows affected then means that no row matched, as on SQLite
	c.Params = map[string]string{"time_zone": "'+00:00'", "innodb_lock_wait_timeout": "3",
		"sql_mode": "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"}
	d, err := openServer(c, 16)
	if err != nil {
		return nil, err
	}
	d.openUnbounded = func() (*DB, error) {
		unbounded := c.Clone()
		unbounded.ReadTimeout = 0
		return openServer(unbounded, 2)
	}
	return d, nil
}

func openServer(c *mysqldriver.Config, connections int) (*DB, error) {
	c.Logger = &mysqldriver.NopLogger{} // errors are returned, and logged once at the edge
	connector, err := mysqldriver.NewConnector(c)
	if err != nil {
		return nil, err
	}
	d, err := open(mysql.New(mysql.Config{DSNConfig: c, Conn: sql.OpenDB(connector)}), connections)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	d.release = func() error { return nil }
	return d, nil
}

func open(dialect gorm.Dialector, connections int) (*DB, error) {
	g, err := gorm.Open(dialect, &gorm.Config{
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
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxLifetime(30 * time.Minute)
	return &DB{gorm: g, counts: &txCounters{}}, nil
}

// Migrate brings the tables up to date. Processes that start together take turns, because
// concurrent AutoMigrates race.
func (d *DB) Migrate(ctx context.Context) error {
	if d.sqlite { // the lock file admits one process
		return d.migrate(ctx)
	}
	d, err := d.openUnbounded()
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	return translate(d.gorm.WithContext(ctx).Connection(func(conn *gorm.DB) error {
		var got int
		if err := conn.Raw("SELECT GET_LOCK(CONCAT('parley-migrate-', MD5(DATABASE())), 60)").Scan(&got).Error; err != nil {
			return err
		}
		if got != 1 {
			return fmt.Errorf("%w: another process has been migrating the tables for a minute", ErrUnavailable)
		}
		defer conn.Exec("SELECT RELEASE_LOCK(CONCAT('parley-migrate-', MD5(DATABASE())))")
		return d.migrate(ctx)
	}))
}

func (d *DB) migrate(ctx context.Context) error {
	g := d.in(ctx)
	if !d.sqlite {
		collation, err := d.collation(ctx)
		if err != nil {
			return err
		}
		g = g.Set("gorm:table_options", "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE "+collation)
	}
	err := g.AutoMigrate(&User{}, &Session{}, &Friendship{}, &Room{}, &Member{}, &Message{}, &Mention{}, &Photo{}, &PhotoSize{}, &Counter{}, &Process{}, &IndexMark{})
	if err == nil {
		if d.sqlite { // otherwise SQLite stores every posting twice, in the table and in the key's index
			g = g.Set("gorm:table_options", "WITHOUT ROWID")
		}
		err = g.AutoMigrate(&Posting{})
	}
	if err == nil {
		err = d.setMakers(ctx)
	}
	if err != nil {
		return fmt.Errorf("migrate the tables: %w", translate(err))
	}
	return nil
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
	return s.risks(), nil
}

// durability is the server settings that decide when a commit reaches the disk.
type durability struct {
	FlushLog   int
	LogBin     bool
	SyncBinlog int
}

func (s durability) risks() (risks []string) {
	if s.FlushLog != 1 {
		risks = append(risks, "innodb_flush_log_at_trx_commit="+strconv.Itoa(s.FlushLog))
	}
	if s.LogBin && s.SyncBinlog != 1 {
		risks = append(risks, "sync_binlog="+strconv.Itoa(s.SyncBinlog))
	}
	return risks
}
