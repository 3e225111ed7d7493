package db

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// ErrInUse means that another process holds the SQLite file.
var ErrInUse = errors.New("another Parley process is using this SQLite file; run only one, or use MySQL for all of them")

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
	d := &DB{gorm: g, id: "check/" + rand.Text(), priority: Normal, counts: &txCounters{}, health: &health{}}
	return d, g.Use(d.health)
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
	counted := g.Migrator().HasColumn(&Room{}, "member_count")
	err := g.AutoMigrate(&User{}, &Session{}, &Friendship{}, &Room{}, &Member{}, &Message{}, &Mention{}, &Photo{}, &PhotoSize{}, &Counter{}, &Process{}, &IndexMark{}, &IndexRemoval{},
		&Setting{}, &AuditEntry{}, &Invitation{}, &InvitationRoom{}, &InvitationUse{}, &Export{},
		&RecoveryCode{}, &AccountLink{}, &MailAddress{}, &DeviceLink{},
		&Report{}, &ReportEntry{}, &ReportPhoto{}, &RoomRemoval{}, &Ban{}, &Pin{}, &LastPost{},
		&Challenge{}, &SecondFactor{}, &Passkey{})
	if err == nil {
		if d.sqlite { // otherwise SQLite stores every posting twice, in the table and in the key's index
			g = g.Set("gorm:table_options", "WITHOUT ROWID")
		}
		err = g.AutoMigrate(&Posting{})
	}
	if err == nil && g.Migrator().HasIndex(&Message{}, "of_target") { // of_change took its place
		err = g.Migrator().DropIndex(&Message{}, "of_target")
	}
	if err == nil {
		err = d.setMakers(ctx)
	}
	if err == nil && !counted {
		err = d.RecountMembers(ctx)
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
	limit, err := d.maxPacket(ctx)
	if err != nil || limit >= enoughPacket {
		return nil, err
	}
	return []string{fmt.Sprintf("larger photos will be refused: max_allowed_packet=%d should be %d or more", limit, enoughPacket)}, nil
}

// maxPacket returns how many bytes the server accepts in one value.
func (d *DB) maxPacket(ctx context.Context) (limit int, err error) {
	return limit, translate(d.in(ctx).Raw("SELECT @@max_allowed_packet").Scan(&limit).Error)
}
