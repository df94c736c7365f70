// Command makeaccesslog writes the invented access log of docs/access-logs.md, with its
// patients and practices, into a folder.
package main

import (
	"fmt"
	"os"

	"duenotice/internal/synthetic"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "makeaccesslog FOLDER")
		os.Exit(2)
	}
	if _, err := synthetic.DefaultAccessLog().WriteFiles(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
