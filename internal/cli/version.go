package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"duenotice/internal/rules"
)

// version is what a release was built from, as git describes it. The linker sets
// it (tools/release.sh); a program that somebody built for themselves asks Go.
var version string

// versionFunc is the name by which a template calls versionText.
const versionFunc = "duenoticeVersion"

// hasVersion says that a command has --version; what that prints is versionText.
const hasVersion = "told when it is asked for"

func init() { cobra.AddTemplateFunc(versionFunc, versionText) }

// versionText says which program this is, by which law it decides, and which
// compiler made it: what whoever checks or reports something needs.
func versionText() string {
	book := rules.Current()
	return fmt.Sprintf("%s\nrulebook %s, SHA-256 %s\n%s %s/%s", buildText(), book.Version(), book.SHA256(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// buildText says what this program was built from.
func buildText() string {
	if version != "" {
		return version
	}
	return revision()
}

func revision() string {
	revision, changed := "built from no known commit", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				revision = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = "-dirty"
			}
		}
	}
	return revision + changed
}
