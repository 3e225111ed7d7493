package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mayQuery are the packages that may query the database. All others know db for its rows and errors
// only, and ask one of these.
var mayQuery = []string{"app", "app/auth", "app/chat", "app/invite", "app/photo", "app/search", "app/settings", "app/export", "app/backup"}

// mayCall are methods of db.DB that other packages may call: web reports whether the database works, and what it is asked.
var mayCall = map[string][]string{
	"app/web": {"Check", "ErrorClasses", "Errors", "FreeSpace", "IsSQLite", "Measure", "Pool", "Retries", "Statements", "Unknowns", "WaitingWriters"},
}

// TestRowsOnly checks that no other package queries the database. It goes by types, so that a query
// is found whatever the variable is called.
func TestRowsOnly(t *testing.T) {
	program := loadProgram(t)
	rows, err := program.importer.Import("parley/db")
	if err != nil {
		t.Fatal(err)
	}
	database := rows.Scope().Lookup("DB").Type()
	if n := types.NewMethodSet(types.NewPointer(database)).Len(); n < 60 {
		t.Fatalf("found only %d methods of db.DB", n)
	}
	checked := 0
	for path := range arrows {
		if path == "db" || slices.Contains(mayQuery, path) {
			continue
		}
		checked++
		pkg, info := program.check(t, path)
		for _, q := range queries(pkg, info, database) {
			if q.name == "embedding" || !slices.Contains(mayCall[path], q.name) {
				t.Errorf("%s: %s queries the database with %s; packages that may: %v", program.files.Position(q.pos), path, q.name, mayQuery)
			}
		}
	}
	if checked < 3 {
		t.Errorf("checked only %d packages", checked)
	}
}

type query struct {
	name string
	pos  token.Pos
}

// queries returns the uses of db.DB's methods and of db's functions, and the uses of a method of an
// interface that the package declares and that db.DB implements.
func queries(pkg *types.Package, info *types.Info, database types.Type) (found []query) {
	for ident, object := range info.Defs {
		// Through a type that embeds the database, an interface could reach all of it.
		if field, ok := object.(*types.Var); ok && field.Embedded() && types.Identical(field.Type(), types.NewPointer(database)) {
			found = append(found, query{"embedding", ident.Pos()})
		}
	}
	for ident, object := range info.Uses {
		f, ok := object.(*types.Func)
		if !ok {
			continue
		}
		receiver := f.Signature().Recv()
		switch {
		case receiver == nil:
			ok = f.Pkg() != nil && f.Pkg().Path() == "parley/db"
		case types.IsInterface(receiver.Type()):
			ok = f.Pkg() == pkg && types.Implements(types.NewPointer(database), receiver.Type().Underlying().(*types.Interface))
		default:
			of := receiver.Type()
			if pointer, isPointer := of.(*types.Pointer); isPointer {
				of = pointer.Elem()
			}
			ok = types.Identical(of, database)
		}
		if ok {
			found = append(found, query{f.Name(), ident.Pos()})
		}
	}
	return found
}

// program type-checks the program's packages against the compiler's export data of what they import.
type program struct {
	files    *token.FileSet
	sources  map[string][]string // the files of a package
	importer types.Importer
}

func loadProgram(t *testing.T) *program {
	t.Helper()
	command := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,GoFiles,Export", "./app/...", "./views/...", "./assets")
	command.Dir = ".."
	out, err := command.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("%v: %s", err, exit.Stderr)
		}
		t.Fatal(err)
	}
	p := &program{files: token.NewFileSet(), sources: map[string][]string{}}
	exports := map[string]string{}
	for list := json.NewDecoder(bytes.NewReader(out)); ; {
		var listed struct {
			ImportPath, Export string
			GoFiles            []string
		}
		if err := list.Decode(&listed); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		exports[listed.ImportPath] = listed.Export
		if pkg, ours := strings.CutPrefix(listed.ImportPath, "parley/"); ours {
			for _, name := range listed.GoFiles {
				p.sources[pkg] = append(p.sources[pkg], filepath.Join("..", pkg, name))
			}
		}
	}
	p.importer = importer.ForCompiler(p.files, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	return p
}

// check returns the types of one package.
func (p *program) check(t *testing.T, pkg string) (*types.Package, *types.Info) {
	t.Helper()
	var files []*ast.File
	for _, path := range p.sources[pkg] {
		file, err := parser.ParseFile(p.files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	info := &types.Info{Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: p.importer}
	checked, err := config.Check("parley/"+pkg, p.files, files, info)
	if err != nil {
		t.Fatal(err)
	}
	return checked, info
}
