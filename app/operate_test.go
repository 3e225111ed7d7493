package main

import (
	"go/ast"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestTheLogIsDocumented checks that docs/operate.md explains every line of the log from the level info on, and nothing
// that that does not exist.
func TestTheLogIsDocumented(t *testing.T) {
	text, err := os.ReadFile("../docs/operate.md")
	must(t, err)
	_, logs, _ := strings.Cut(string(text), "\n## Logs\n")
	logs, _, _ = strings.Cut(logs, "\n## ")
	var documented []string
	for row := range strings.Lines(logs) {
		if cells := strings.Split(row, "|"); len(cells) > 2 {
			for _, found := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[1], -1) {
				documented = append(documented, found[1])
			}
		}
	}
	messages := logMessages(t)
	if len(messages) < 50 {
		t.Errorf("found only %d lines of the log: %q", len(messages), messages)
	}
	for _, message := range messages {
		if !slices.ContainsFunc(documented, func(d string) bool { return stands(d, message) }) {
			t.Errorf("docs/operate.md does not explain %q", message)
		}
	}
	for _, d := range documented {
		if !slices.ContainsFunc(messages, func(message string) bool { return stands(d, message) }) {
			t.Errorf("docs/operate.md explains %q, which is never logged", d)
		}
	}
}

// stands reports whether a text of the documentation matches a message: an ellipsis matches the rest.
func stands(documented, message string) bool {
	start, short := strings.CutSuffix(documented, "…")
	return documented == message || short && strings.HasPrefix(message, start)
}

// logMessages returns the messages of all calls of a logger, or their beginnings where the rest is not constant.
func logMessages(t *testing.T) (list []string) {
	files := sources(t)
	constants := map[string]string{} // by package and name
	for _, s := range files {
		ast.Inspect(s.file, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
				for i, name := range v.Names {
					constants[s.pkg+"."+name.Name] = beginning(v.Values[i])
				}
			}
			return true
		})
	}
	for _, s := range files {
		if s.pkg == "bench" || s.pkg == "app/notice" { // which passes on what it gets
			continue
		}
		ast.Inspect(s.file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !isLogged(call) {
				return true
			}
			text := beginning(call.Args[0])
			if name, ok := call.Args[0].(*ast.Ident); ok {
				text = constants[s.pkg+"."+name.Name]
			}
			if text == "" {
				t.Errorf("%s logs a message that is not constant", s.path)
			}
			list = append(list, text)
			return true
		})
	}
	return list
}

// isLogged reports whether a call writes a line of the level info or above.
func isLogged(call *ast.CallExpr) bool {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 || !slices.Contains([]string{"Info", "Warn", "Error"}, method.Sel.Name) {
		return false
	}
	receiver := method.X
	if made, ok := receiver.(*ast.CallExpr); ok {
		receiver = made.Fun
	}
	name := calleeName(&ast.CallExpr{Fun: receiver})
	return strings.Contains(strings.ToLower(name), "log") || strings.HasSuffix(name, "notices")
}

// beginning returns the text that an expression begins with.
func beginning(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		return beginning(e.X)
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, _ := strconv.Unquote(e.Value)
			return text
		}
	}
	return ""
}
