package workflows

import "strings"

// markdown writes text so that Temporal's UI shows it as it is: names keep their
// asterisks, and the "(c)" of 45 CFR 164.408(c) does not become a copyright sign.
func markdown(text string) string { return markdownEscapes.Replace(text) }

var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "(", `\(`, "#", `\#`, "~", `\~`, "|", `\|`,
	"\n", " ",
)
