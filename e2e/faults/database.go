package faults

import (
	"context"
	"database/sql"
	"time"

	"github.com/go-sql-driver/mysql"
)

// openDatabase connects to MariaDB directly, without a link.
func openDatabase(addr, name string) (*sql.DB, error) {
	c := mysql.NewConfig()
	c.User, c.Net, c.Addr, c.DBName = "root", "tcp", addr, name
	c.Timeout, c.ReadTimeout, c.Collation = 3*time.Second, 20*time.Second, "utf8mb4_bin"
	c.Logger = &mysql.NopLogger{} // it is killed on purpose
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// readStored reads what check compares with a history.
func readStored(database *sql.DB) (*stored, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tx, err := database.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	s := &stored{Rooms: map[uint64]cursor{}, Entries: map[uint64][]row{}}
	err = eachRow(ctx, tx, "SELECT id, epoch, last_seq FROM rooms", func(scan func(...any) error) error {
		var room uint64
		var end cursor
		err := scan(&room, &end.Epoch, &end.Seq)
		s.Rooms[room] = end
		return err
	})
	if err != nil {
		return nil, err
	}
	err = eachRow(ctx, tx, "SELECT m.room_id, m.seq, m.kind, COALESCE(u.username, ''), COALESCE(m.client_key, ''), m.body "+
		"FROM messages m LEFT JOIN users u ON u.id = m.author_id ORDER BY m.room_id, m.seq", func(scan func(...any) error) error {
		var room uint64
		var r row
		err := scan(&room, &r.Seq, &r.Kind, &r.Author, &r.Key, &r.Body)
		s.Entries[room] = append(s.Entries[room], r)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = eachRow(ctx, tx, "SELECT m.room_id, u.username, CASE WHEN m.sees_all THEN 1 ELSE m.joined_seq END, m.left_seq FROM members m JOIN users u ON u.id = m.user_id", func(scan func(...any) error) error {
		var w membership
		err := scan(&w.Room, &w.User, &w.Joined, &w.Left)
		s.Memberships = append(s.Memberships, w)
		return err
	})
	return s, err
}

func eachRow(ctx context.Context, tx *sql.Tx, query string, take func(scan func(...any) error) error) error {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := take(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// directRoom returns the room of two friends.
func directRoom(database *sql.DB, a, b string) (room uint64, err error) {
	err = database.QueryRow("SELECT f.room_id FROM friendships f JOIN users x ON x.id = f.low_id JOIN users y ON y.id = f.high_id "+
		"WHERE f.room_id > 0 AND (x.username = ? AND y.username = ? OR y.username = ? AND x.username = ?)", a, b, a, b).Scan(&room)
	return room, err
}

// roomEnds returns the end of each room's log.
func roomEnds(database *sql.DB) (map[uint64]cursor, error) {
	rows, err := database.Query("SELECT id, epoch, last_seq FROM rooms")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	ends := map[uint64]cursor{}
	for rows.Next() {
		var room uint64
		var end cursor
		if err := rows.Scan(&room, &end.Epoch, &end.Seq); err != nil {
			return nil, err
		}
		ends[room] = end
	}
	return ends, rows.Err()
}
