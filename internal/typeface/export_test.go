package typeface

import "strings"

// Systems are the fonts of templates/fonts/scripts by their files.
func Systems() map[string]*Font {
	all := map[string]*Font{}
	for _, f := range systems {
		if strings.HasSuffix(f.file, ".ttf") {
			all[f.file] = f
		}
	}
	return all
}
