//go:build source

package main

// The module whose font is cut. It is not linked: it has 150 MB of fonts.
import _ "github.com/go-text/typesetting-utils/opentype"
