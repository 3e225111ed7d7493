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
	"strings"
	"time"

	"github.com/glebarez/sqlite"
	mysqldriver "github.com/go-sql-driver/mysql"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ErrInUse means that another process holds the SQLite file.
var ErrInUse = errors.New("another Parley is using this SQLite file; run one process on it, or give all of them a MySQL database")

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

func openSQLite(path string) (*DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("the folder of the SQLite file: %w", err)
	}
	release, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	// secure_delete: what was deleted is overwritten, and not only forgotten where it lay.
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
	// A COMMIT ends with no context, and a server that froze would hold it for ever. Longer than a lock wait.
	c.ReadTimeout = 5 * time.Second
	c.InterpolateParams = true // one round trip a statement; safe with utf8mb4, whose quotes are single bytes
	c.ClientFoundRows = true   // "0 rows" then means that no row matched, as on SQLite
	c.Params = map[string]string{"time_zone": "'+00:00'", "innodb_lock_wait_timeout": "3",
		"sql_mode": "'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'"}
	d, err := openServer(c, 16)
	if err != nil {
		return nil, err
	}
	d.openUnbounded = func() (*DB, error) {
		patient := c.Clone()
		patient.ReadTimeout = 0
		return openServer(patient, 2)
	}
	return d, nil
}

func openServer(c *mysqldriver.Config, connections int) (*DB, error) {
	c.Logger = &mysqldriver.NopLogger{} // what goes wrong is returned, and logged once at the edge
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
		// Every method that needs a transaction opens one; GORM's own would double the round trips.
		SkipDefaultTransaction: true,
		// Errors are returned and logged once at the edge; parameters never reach a log.
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

// Migrate brings the tables up to date. Processes that start at once wait for each other:
// two AutoMigrates at a time race.
func (d *DB) Migrate(ctx context.Context) error {
	if d.sqlite { // the lock file has let in only one of us
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
		if d.sqlite { // or else it keeps every posting twice: in the table and in the key
			g = g.Set("gorm:table_options", "WITHOUT ROWID")
		}
		err = g.AutoMigrate(&Posting{})
	}
	if err != nil {
		return fmt.Errorf("migrate the tables: %w", translate(err))
	}
	return nil
}

// collation is the server's binary collation that counts spaces at the end: to utf8mb4_bin, on
// both servers, "bob " is "bob". MariaDB has the first name since 10.2, MySQL the other since 8.0.17.
func (d *DB) collation(ctx context.Context) (name string, err error) {
	err = d.in(ctx).Raw("SELECT COLLATION_NAME FROM information_schema.COLLATIONS " +
		"WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin') LIMIT 1").Scan(&name).Error
	if err == nil && name == "" {
		err = errors.New("this database server is too old: it needs MySQL 8.0.17 or MariaDB 10.2")
	}
	return name, translate(err)
}

// risks names the settings under which a committed transaction can be lost.
func (d *DB) risks(ctx context.Context) (risks []string) {
	if d.sqlite {
		return nil // set by ourselves, in openSQLite
	}
	var flush string
	d.in(ctx).Raw("SELECT @@innodb_flush_log_at_trx_commit").Scan(&flush)
	if flush != "1" {
		risks = append(risks, "innodb_flush_log_at_trx_commit="+flush)
	}
	var binlog, sync string
	d.in(ctx).Raw("SELECT @@log_bin").Scan(&binlog)
	d.in(ctx).Raw("SELECT @@sync_binlog").Scan(&sync)
	if binlog == "1" && sync != "1" {
		risks = append(risks, "sync_binlog="+sync)
	}
	return risks
}
