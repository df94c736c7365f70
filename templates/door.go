package templates

import (
	"embed"
	"io/fs"
)

//go:embed door/*.html door/door.css
var door embed.FS

// Door has the pages of the sign-in, as html/template, and their style.
func Door() fs.FS {
	sub, err := fs.Sub(door, "door")
	if err != nil {
		panic(err) // the name stands three lines above
	}
	return sub
}
