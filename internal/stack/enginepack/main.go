// Enginepack writes engine.json in the package stack: the files of the module
// engine, which a released program builds the engine from.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// module is the engine's folder, from the package's.
const module = "../../engine"

func main() {
	if err := pack(); err != nil {
		fmt.Fprintln(os.Stderr, "enginepack:", err)
		os.Exit(1)
	}
}

func pack() error {
	entries, err := os.ReadDir(module)
	if err != nil {
		return err
	}
	files := map[string]string{}
	for _, e := range entries {
		name := e.Name()
		source := strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
		if !source && name != "go.mod" && name != "go.sum" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(module, name))
		if err != nil {
			return err
		}
		files[name] = string(content)
	}
	packed, err := json.MarshalIndent(files, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile("engine.json", append(packed, '\n'), 0o644)
}
