package db

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// models are the tables, but for the index of words, which is created by itself.
var models = []any{
	&User{}, &Session{}, &Friendship{}, &Room{}, &Member{}, &Message{}, &Mention{}, &Photo{}, &PhotoSize{}, &Counter{}, &Process{}, &IndexMark{}, &IndexRemoval{},
	&Setting{}, &AuditEntry{}, &Invitation{}, &InvitationRoom{}, &InvitationUse{}, &Export{},
	&RecoveryCode{}, &AccountLink{}, &MailAddress{}, &DeviceLink{},
	&Report{}, &ReportEntry{}, &ReportPhoto{}, &RoomRemoval{}, &Ban{}, &Pin{}, &LastPost{},
	&Challenge{}, &SecondFactor{}, &Passkey{}, &Identity{}, &Migration{},
}

// Migration is a step of Migrate that was done.
type Migration struct {
	Number int       `gorm:"primaryKey;autoIncrement:false"`
	DoneAt time.Time `gorm:"precision:6;not null"`
}

// A migrationStep does what GORM's AutoMigrate cannot: it changes rows, or removes something. The release before has to work on
// what a step leaves, because it may run beside this one or come back. Doing it twice must be as good as once: a crash
// can come between the step and the note that it was done.
type migrationStep struct {
	number int // forever; a new one gets the next number
	what   string
	always bool // at each start, because the release before may have written rows that need it
	do     func(d *DB, ctx context.Context) error
}

var migrationSteps = []migrationStep{
	{1, "remove the index that of_change replaced", false, (*DB).dropOfTarget},
	{2, "note who created the groups", true, (*DB).setMakers},
	{3, "count the members of rooms", false, (*DB).RecountMembers},
	{4, "note for whom something waits", true, (*DB).RecountWaiting},
}

// Migrate brings the tables up to date: first their columns and indexes, and then the steps that were not done yet.
// Processes that start together take turns, because concurrent AutoMigrates race. A MySQL that does not keep transactions
// apart is refused, and so are tables of another program (ErrForeign).
func (d *DB) Migrate(ctx context.Context) error {
	if err := d.CheckTables(ctx); err != nil {
		return err
	}
	if d.sqlite { // the lock file admits one process
		return d.migrate(ctx)
	}
	if err := d.migrateServer(ctx); err != nil {
		return err
	}
	return d.checkLocks(ctx)
}

func (d *DB) migrateServer(ctx context.Context) error {
	d, err := d.openUnbounded()
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	err = d.withNamedLock(ctx, "migrate", 60, func(bool) error { return d.migrate(ctx) }) // without a lock it copes with others who do the same
	if errors.Is(err, errNamedLock) {
		return fmt.Errorf("%w: another process has been migrating the tables for a minute", ErrUnavailable)
	}
	return err
}

// migrateTries is how often a migration starts over because another process was quicker with something.
const migrateTries = 20

// migrate does what is missing. The lock of a cluster is often one of each node, so another process may do the same
// at this moment.
func (d *DB) migrate(ctx context.Context) error {
	for try := 1; ; try++ {
		err := d.createTables(ctx)
		if err == nil {
			err = d.doSteps(ctx)
		}
		if err == nil {
			return nil
		}
		if try == migrateTries || !isMigratedByOthers(err) && !isContention(err) {
			return fmt.Errorf("migrate the tables: %w", translate(err))
		}
		select {
		case <-time.After(retryPause(try)):
		case <-ctx.Done():
			return fmt.Errorf("migrate the tables: %w: %w", ErrUnavailable, ctx.Err())
		}
	}
}

// createTables creates tables, columns and indexes that are missing.
func (d *DB) createTables(ctx context.Context) error {
	g := d.in(ctx)
	if !d.sqlite {
		collation, err := d.collation(ctx)
		if err != nil {
			return err
		}
		g = g.Set("gorm:table_options", "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE "+collation)
	}
	if err := g.AutoMigrate(models...); err != nil {
		return err
	}
	if d.sqlite { // otherwise SQLite stores every posting twice, in the table and in the key's index
		g = g.Set("gorm:table_options", "WITHOUT ROWID")
	}
	return g.AutoMigrate(&Posting{})
}

// doSteps does the steps that were not done yet, and those that are always done.
func (d *DB) doSteps(ctx context.Context) error {
	var done []int
	if err := d.in(ctx).Model(&Migration{}).Pluck("number", &done).Error; err != nil {
		return err
	}
	was := make(map[int]bool, len(done))
	for _, number := range done {
		was[number] = true
	}
	for _, s := range migrationSteps {
		if was[s.number] && !s.always {
			continue
		}
		if err := s.do(d, ctx); err != nil {
			return fmt.Errorf("step %d, %s: %w", s.number, s.what, err)
		}
		if was[s.number] {
			continue
		}
		if err := d.createIfNone(ctx, &Migration{Number: s.number, DoneAt: time.Now().UTC()}); err != nil {
			return err
		}
	}
	return nil
}

func (d *DB) dropOfTarget(ctx context.Context) error {
	g := d.in(ctx)
	if !g.Migrator().HasIndex(&Message{}, "of_target") {
		return nil
	}
	return g.Migrator().DropIndex(&Message{}, "of_target")
}
