package breach_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWhereEachDecisionLives: every file, package and name in that section of
// docs/architecture.md is there.
func TestWhereEachDecisionLives(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..")
	text, err := os.ReadFile(filepath.Join(root, "docs", "architecture.md"))
	require.NoError(t, err)
	_, section, found := strings.Cut(string(text), "\n## Where each decision lives\n")
	require.True(t, found, "the section is gone")
	section, _, _ = strings.Cut(section, "\n## ")
	packages, places := map[string]map[string]bool{}, 0
	for _, span := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(section, -1) {
		place := span[1]
		if place == "package.Name" {
			continue
		}
		places++
		if strings.Contains(place, "/") {
			_, err := os.Stat(filepath.Join(root, filepath.FromSlash(place)))
			require.NoError(t, err, "docs/architecture.md names %s", place)
			continue
		}
		name, rest, dotted := strings.Cut(place, ".")
		require.True(t, dotted, "docs/architecture.md: %s is neither a path nor a package's name", place)
		if packages[name] == nil {
			packages[name] = declaredIn(t, root, name)
		}
		require.True(t, packages[name][rest], "docs/architecture.md: there is no %s in package %s", rest, name)
	}
	require.Greater(t, places, 40)
}

// declaredIn returns what a package declares: Name, Type.Method and Type.Field.
func declaredIn(t *testing.T, root, name string) map[string]bool {
	t.Helper()
	var files []string
	for _, folder := range []string{name, filepath.Join("internal", name)} {
		found, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
		require.NoError(t, err)
		files = append(files, found...)
	}
	require.NotEmpty(t, files, "there is no package %s", name)
	declared := map[string]bool{}
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, d := range file.Decls {
			declare(declared, d)
		}
	}
	return declared
}

func declare(declared map[string]bool, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		name := d.Name.Name
		if d.Recv != nil {
			of := d.Recv.List[0].Type
			if pointer, is := of.(*ast.StarExpr); is {
				of = pointer.X
			}
			if receiver, is := of.(*ast.Ident); is {
				name = receiver.Name + "." + name
			}
		}
		declared[name] = true
	case *ast.GenDecl:
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.ValueSpec:
				for _, name := range s.Names {
					declared[name.Name] = true
				}
			case *ast.TypeSpec:
				declared[s.Name.Name] = true
				structure, is := s.Type.(*ast.StructType)
				if !is {
					continue
				}
				for _, field := range structure.Fields.List {
					for _, name := range field.Names {
						declared[s.Name.Name+"."+name.Name] = true
					}
				}
			}
		}
	}
}
