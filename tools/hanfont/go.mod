module duenotice/tools/hanfont

go 1.26.0

require (
	github.com/go-text/typesetting v0.3.5
	github.com/go-text/typesetting-utils v0.0.0-20260419141703-4ffe8874dabc
	github.com/klauspost/compress v1.20.4
)

require golang.org/x/image v0.23.0 // indirect
