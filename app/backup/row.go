package backup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"parley/db"
)

// timeLayout has the microseconds that databases store.
const timeLayout = "2006-01-02T15:04:05.999999Z"

var errNoText = errors.New("backup: a text that is not UTF-8, which JSON would change")

// encode returns a row as a line of JSON.
func encode(row []any) ([]byte, error) {
	values := make([]any, len(row))
	for i, v := range row {
		switch v := v.(type) {
		case time.Time:
			values[i] = v.Format(timeLayout)
		case string:
			if !utf8.ValidString(v) {
				return nil, errNoText
			}
			values[i] = v
		default: // bytes become base64
			values[i] = v
		}
	}
	var line bytes.Buffer
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(values)
	return line.Bytes(), err
}

// decode reads a line that encode has made, of these columns.
func decode(line []byte, columns []Column) ([]any, error) {
	cells, err := split(line, len(columns))
	if err != nil {
		return nil, err
	}
	row := make([]any, len(cells))
	for i, cell := range cells {
		if bytes.Equal(cell, []byte("null")) {
			continue
		}
		v, err := decodeValue(cell, columns[i].Kind)
		if err != nil {
			return nil, fmt.Errorf("the column %s: %w", columns[i].Name, err)
		}
		row[i] = v
	}
	return row, nil
}

var errWidth = errors.New("backup: a row does not have as many values as its table has columns")

// split returns the n values in a line. It reads no more than those: millions fit into a line, and would take gigabytes.
func split(line []byte, n int) ([]json.RawMessage, error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	if begin, err := decoder.Token(); err != nil || begin != json.Delim('[') {
		return nil, errors.Join(errWidth, err)
	}
	cells := make([]json.RawMessage, n)
	for i := range cells {
		if !decoder.More() {
			return nil, errWidth
		}
		if err := decoder.Decode(&cells[i]); err != nil {
			return nil, err
		}
	}
	if end, err := decoder.Token(); err != nil || end != json.Delim(']') {
		return nil, errors.Join(errWidth, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.Join(errWidth, err)
	}
	return cells, nil
}

func decodeValue(cell json.RawMessage, kind db.Kind) (any, error) {
	switch kind {
	case db.KindBool:
		return as[bool](cell)
	case db.KindInt:
		return as[int64](cell)
	case db.KindUint:
		return as[uint64](cell)
	case db.KindString:
		return as[string](cell)
	case db.KindBytes:
		return as[[]byte](cell)
	case db.KindTime:
		text, err := as[string](cell)
		if err != nil {
			return nil, err
		}
		return time.Parse(timeLayout, text)
	}
	return nil, fmt.Errorf("backup: values of the unknown kind %q", kind)
}

func as[T any](cell json.RawMessage) (v T, err error) {
	err = json.Unmarshal(cell, &v)
	return v, err
}
