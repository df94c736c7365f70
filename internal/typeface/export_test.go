package typeface

// Systems are the fonts of further writing systems by their files.
func Systems() map[string]*Font {
	all := map[string]*Font{}
	for _, f := range systems {
		all[f.file] = f
	}
	return all
}
