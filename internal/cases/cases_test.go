package cases_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEveryCaseIsATest: no folder below testdata is there without a test that takes it.
func TestEveryCaseIsATest(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{}
	for _, files := range testFiles(t, filepath.Join("..", "..")) {
		for _, name := range taking(files) {
			taken[name] = true
		}
	}
	folders, err := os.ReadDir("testdata")
	require.NoError(t, err)
	require.NotEmpty(t, folders)
	for _, folder := range folders {
		require.True(t, taken[folder.Name()], "no test takes the case %s by cases.Folder", folder.Name())
	}
}

// TestACaseCountsOnlyWhereItIsTaken: a name that stands in a file for another reason
// is no test of it.
func TestACaseCountsOnlyWhereItIsTaken(t *testing.T) {
	t.Parallel()
	const source = `package x
func TestA(t *testing.T) {
	// cases.Folder(t, "in-a-comment")
	use(cases.Folder(t, "direct"), "beside")
	for name, want := range map[string]string{"key": "value"} { use(cases.Folder(t, name), want) }
	for _, name := range []string{"element"} { use(cases.Folder(t, name)) }
	for i, name := range []string{"another"} { use(i, name) }
	for _, c := range []struct{ folder, want string }{{"field", "wanted"}, {want: "wanted too", folder: "named-field"}} { use(cases.Folder(t, c.folder), c.want) }
	helper(t, "through-a-helper")
	other(t, "to-another")
}
func helper(t *testing.T, name string) { use(cases.Folder(t, name)) }
func other(t *testing.T, name string) { use(name) }
`
	file, err := parser.ParseFile(token.NewFileSet(), "x_test.go", source, parser.SkipObjectResolution)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"direct", "key", "element", "field", "named-field", "through-a-helper"}, taking([]*ast.File{file}))
}

// testFiles are the parsed test files below a folder, by the folder they are in.
func testFiles(t *testing.T, root string) map[string][]*ast.File {
	t.Helper()
	files := map[string][]*ast.File{}
	set := token.NewFileSet()
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || len(d.Name()) > 2 && strings.HasPrefix(d.Name(), ".")) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		files[filepath.Dir(path)] = append(files[filepath.Dir(path)], file)
		return err
	}))
	return files
}

// taking returns the names that the files of one package give to cases.Folder: as
// they stand, from the table whose loop calls it, or through a function whose
// parameter it is.
func taking(files []*ast.File) []string {
	var names []string
	helpers := map[string]int{} // the position of the parameter, by the function's name
	for _, file := range files {
		for _, d := range file.Decls {
			function, is := d.(*ast.FuncDecl)
			if !is {
				continue
			}
			ast.Inspect(function, func(n ast.Node) bool {
				call, is := n.(*ast.CallExpr)
				if !is || !isFolder(call.Fun) || len(call.Args) != 2 {
					return true
				}
				switch name := call.Args[1].(type) {
				case *ast.BasicLit:
					names = append(names, text(name))
				case *ast.Ident:
					if at := parameter(function, name.Name); at >= 0 {
						helpers[function.Name.Name] = at
						return true
					}
					names = append(names, fromTable(function, call, name.Name, "")...)
				case *ast.SelectorExpr:
					if of, is := name.X.(*ast.Ident); is {
						names = append(names, fromTable(function, call, of.Name, name.Sel.Name)...)
					}
				}
				return true
			})
		}
	}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, is := n.(*ast.CallExpr)
			if !is {
				return true
			}
			if function, is := call.Fun.(*ast.Ident); is {
				if at, is := helpers[function.Name]; is && at < len(call.Args) {
					names = append(names, literal(call.Args[at])...)
				}
			}
			return true
		})
	}
	return names
}

// fromTable returns the texts of the table that the innermost loop around a call
// goes through with this variable: its keys, its elements, or one field of them.
func fromTable(in ast.Node, call *ast.CallExpr, variable, field string) []string {
	var names []string
	ast.Inspect(in, func(n ast.Node) bool {
		loop, is := n.(*ast.RangeStmt)
		if !is || call.Pos() < loop.Body.Pos() || call.End() > loop.Body.End() {
			return true
		}
		table, is := loop.X.(*ast.CompositeLit)
		if !is {
			return true
		}
		for _, element := range table.Elts {
			value := element
			if pair, is := element.(*ast.KeyValueExpr); is {
				if isIdent(loop.Key, variable) {
					names = append(names, literal(pair.Key)...)
				}
				value = pair.Value
			}
			if !isIdent(loop.Value, variable) {
				continue
			}
			if field == "" {
				names = append(names, literal(value)...)
				continue
			}
			names = append(names, fieldOf(table, value, field)...)
		}
		return true
	})
	return names
}

// fieldOf returns the text of one field of a table's row.
func fieldOf(table *ast.CompositeLit, row ast.Expr, field string) []string {
	values, is := row.(*ast.CompositeLit)
	if !is {
		return nil
	}
	for i, v := range values.Elts {
		if pair, is := v.(*ast.KeyValueExpr); is {
			if isIdent(pair.Key, field) {
				return literal(pair.Value)
			}
			continue
		}
		if slices.Index(fields(table.Type), field) == i {
			return literal(v)
		}
	}
	return nil
}

// fields are the names of the fields of a table's rows, where they are written with it.
func fields(table ast.Expr) []string {
	array, is := table.(*ast.ArrayType)
	if !is {
		return nil
	}
	row, is := array.Elt.(*ast.StructType)
	if !is {
		return nil
	}
	var names []string
	for _, f := range row.Fields.List {
		for _, name := range f.Names {
			names = append(names, name.Name)
		}
	}
	return names
}

// parameter is the position of a function's parameter, or -1.
func parameter(function *ast.FuncDecl, name string) int {
	at := 0
	for _, f := range function.Type.Params.List {
		for _, n := range f.Names {
			if n.Name == name {
				return at
			}
			at++
		}
	}
	return -1
}

func isFolder(function ast.Expr) bool {
	s, is := function.(*ast.SelectorExpr)
	return is && isIdent(s.X, "cases") && s.Sel.Name == "Folder"
}

func isIdent(e ast.Expr, name string) bool {
	i, is := e.(*ast.Ident)
	return is && i.Name == name
}

func literal(e ast.Expr) []string {
	if l, is := e.(*ast.BasicLit); is && l.Kind == token.STRING {
		return []string{text(l)}
	}
	return nil
}

func text(l *ast.BasicLit) string {
	s, err := strconv.Unquote(l.Value)
	if err != nil {
		return ""
	}
	return s
}
