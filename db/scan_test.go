package db

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"gorm.io/gorm"
)

// TestScannedColumns compares what a model's own columns scan with what GORM does, for all columns of the model: with a value
// in each, and with nothing.
func TestScannedColumns(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, d *DB) {
		compareScans[User](t, d)
		compareScans[Session](t, d)
		compareScans[Room](t, d)
		compareScans[Member](t, d)
		compareScans[Message](t, d)
		compareScans[Friendship](t, d)
		compareScans[Photo](t, d)
		compareScans[IndexMark](t, d)
	})
}

func compareScans[T any](t *testing.T, d *DB) {
	t.Helper()
	ctx := t.Context()
	statement := gorm.Statement{DB: d.gorm}
	must(t, statement.Parse(new(T)))
	model, names := statement.Schema, []string{}
	for _, c := range any(new(T)).(typed[T]).columns() {
		names = append(names, c.name)
	}
	slices.Sort(names)
	equalLists(t, "columns of "+model.Name, names, slices.Sorted(slices.Values(model.DBNames)))

	rows := make([]T, 2) // the other is empty but for its key
	for i, name := range model.DBNames {
		field := model.FieldsByDBName[name]
		must(t, field.Set(ctx, reflect.ValueOf(&rows[0]).Elem(), sample(field.IndirectFieldType, i)))
		if field.PrimaryKey {
			must(t, field.Set(ctx, reflect.ValueOf(&rows[1]).Elem(), sample(field.IndirectFieldType, i+100)))
		}
	}
	for i := range rows {
		must(t, d.create(ctx, &rows[i]))
	}
	var want []T
	must(t, d.in(ctx).Order(model.PrimaryFields[0].DBName).Find(&want).Error)
	got, err := all[T](d.in(ctx).Order(model.PrimaryFields[0].DBName))
	must(t, err)
	equal(t, "rows of "+model.Name, len(got), 2)
	for i := range got {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("%s: got\n%+v\ninstead of\n%+v", model.Name, got[i], want[i])
		}
	}
	first, err := one[T](d.in(ctx).Where(model.PrimaryFields[0].DBName+" = ?", sample(model.PrimaryFields[0].FieldType, 0)))
	must(t, err)
	if !reflect.DeepEqual(first, want[0]) {
		t.Errorf("one %s: got\n%+v\ninstead of\n%+v", model.Name, first, want[0])
	}
}

// sample returns a value that a column could have, not zero.
func sample(of reflect.Type, n int) any {
	switch of.Kind() {
	case reflect.Bool:
		return true
	case reflect.String:
		return "ü" + string(rune('a'+n%26))
	case reflect.Struct:
		return time.Date(2026, 1, 2, 3, 4, 5, n*1000, time.UTC)
	}
	return reflect.ValueOf(n + 1).Convert(of).Interface()
}
