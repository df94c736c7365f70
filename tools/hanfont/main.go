// Command hanfont makes the font for Han, Kana, Hangul and Bopomofo that the papers'
// names are set in. It takes Noto Sans CJK from the Go module that carries it, whose
// checksum is in go.sum, and keeps of it one weight and the characters that names are
// written in: a font that all programs of the product can embed. It is not committed,
// being large and made of what is fetched.
//
//	hanfont FILE
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/klauspost/compress/zstd"
)

// carrier is the module that has the font, and where in it.
const (
	carrier = "github.com/go-text/typesetting-utils"
	place   = "opentype/common/NotoSansCJKjp-VF.otf"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: hanfont FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "hanfont:", err)
		os.Exit(1)
	}
}

func run(target string) error {
	folder, err := fetched()
	if err != nil {
		return err
	}
	whole, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(place)))
	if err != nil {
		return fmt.Errorf("reading the font: %w", err)
	}
	font, err := cut(whole)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	// One goroutine: the same font gives the same bytes.
	w, err := zstd.NewWriter(&packed, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	if _, err := w.Write(font); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	// Beside it and then in its place: a build that runs meanwhile finds a whole one.
	next := target + ".next"
	if err := os.WriteFile(next, packed.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(next, target)
}

// fetched is the folder of the module, which the go command fetches and checks.
func fetched() (string, error) {
	command := exec.Command("go", "mod", "download", "-json", carrier)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, os.Stderr
	err := command.Run()
	var module struct{ Dir, Error string }
	if failed := json.Unmarshal(out.Bytes(), &module); failed != nil || module.Error != "" || err != nil {
		return "", fmt.Errorf("fetching %s: %v %s", carrier, err, module.Error)
	}
	return module.Dir, nil
}
