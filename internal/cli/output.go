package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"duenotice/internal/app"
	"duenotice/internal/bucket"
	"duenotice/internal/outfolder"
	"duenotice/internal/stack"
)

// keptOut is where the stack in a state folder puts what it writes, as it was told
// when it was first started; "" where there is none (ADR 0138).
func keptOut(dir string) string { return kept(dir)("DUENOTICE_OUT") }

// keptBucket is how the bucket of the stack in a state folder is reached.
func keptBucket(dir string) bucket.Settings { return app.BucketSettings(kept(dir)) }

// kept is what the worker of the stack in a state folder is told.
func kept(dir string) func(variable string) string {
	return func(variable string) string {
		info, _ := stack.Read(dir)
		if info == nil {
			return ""
		}
		for _, setting := range info.WorkerEnv {
			if value, found := strings.CutPrefix(setting, variable+"="); found {
				return value
			}
		}
		return ""
	}
}

// ofStack reports whether a configuration is that of the stack in the state folder,
// and not of servers elsewhere.
func (p *program) ofStack(config app.Config) bool {
	info, _ := stack.Read(p.dir)
	return info != nil && config.Environment == "" && (config.DatabaseURL == "" || config.DatabaseURL == info.DatabaseURL)
}

// placeOut says where the stack that is started puts what it writes: where it did
// before, from whichever folder the command is given. Another folder is taken when it
// is named and the one before is empty or gone: then somebody has moved it.
func (p *program) placeOut() (string, error) {
	config, err := app.LoadConfig(p.surroundings(), p.dir)
	if err != nil {
		return "", configProblem(err)
	}
	named, kept := absolute(config.Out), keptOut(p.dir)
	if kept == "" || named == kept {
		return named, nil
	}
	if !config.OutNamed {
		return kept, nil
	}
	if outfolder.InBucket(kept) {
		return "", p.otherPlace(kept, named)
	}
	entries, err := os.ReadDir(kept)
	if errors.Is(err, os.ErrNotExist) || (err == nil && len(entries) == 0) {
		return named, nil
	}
	return "", p.otherPlace(kept, named)
}

func (p *program) otherPlace(kept, named string) error {
	return systemError(fmt.Errorf("the papers of the stack in %s are in %s, and DUENOTICE_OUT or %s names %s: there is one place for them. Leave that away; or to move them, give %s, move the folder, and give %s with the new name",
		p.dir, kept, app.ConfigFile, named, p.command("down"), p.command("up")))
}

// sayKept says what has to be kept of the stack, and where it is.
func (p *program) sayKept(info *stack.Info, out string) error {
	database, err := stack.DatabaseFolder(info.Dir)
	if err != nil {
		return systemError(err)
	}
	p.say("  papers        %s", shortPath(out))
	if relative, err := filepath.Rel(info.Dir, database); err != nil || !filepath.IsLocal(relative) {
		p.say("  database      %s", database)
		p.say("                not in the state folder: PostgreSQL runs as another account. Keep it too")
	}
	return nil
}
