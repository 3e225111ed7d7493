package db

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestConditionsAreText is T15 and T16 where the queries are written. GORM drops the empty fields of
// a condition that is a struct, so an empty token would find the first session; and it takes a text
// beside First or Delete for SQL.
func TestConditionsAreText(t *testing.T) {
	conditions := []string{"Where", "Not", "Or", "Having"}
	finders := []string{"First", "Last", "Take", "Find", "Delete", "FirstOrInit", "FirstOrCreate"}
	files, err := os.ReadDir(".")
	must(t, err)
	seen := 0
	for _, entry := range files {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, entry.Name(), nil, 0)
		must(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) == 0 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := method.X.(*ast.Ident); ok && x.Name == "slices" {
				return true
			}
			at := set.Position(call.Pos())
			switch name := method.Sel.Name; {
			case slices.Contains(conditions, name):
				seen++
				switch call.Args[0].(type) {
				case *ast.CompositeLit, *ast.UnaryExpr:
					t.Errorf("%s: %s takes a struct or a map; write the condition as text with ? in it", at, name)
				}
			case slices.Contains(finders, name) && len(call.Args) > 1:
				t.Errorf("%s: %s has a condition of its own; put it into Where", at, name)
			}
			return true
		})
	}
	if seen < 20 {
		t.Errorf("saw %d conditions only", seen)
	}
}
