package cli

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duenotice/internal/access"
	"duenotice/internal/breach"
	"duenotice/internal/casebook"
	"duenotice/internal/outfolder"
)

const completionHelp = `Prints what a shell needs to complete commands, flags, incidents and practices
with the Tab key. Incidents and practices are those whose papers lie in the
output folder: no server is asked.

  bash   put into ~/.bashrc:                    source <(duenotice completion bash)
  zsh    put into ~/.zshrc, after compinit:     source <(duenotice completion zsh)
  fish   put into ~/.config/fish/config.fish:   duenotice completion fish | source`

func (p *program) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use: "completion SHELL", Short: "Let the shell complete what you type", Long: completionHelp,
		Example: "  duenotice completion bash", ValidArgs: []string{"bash", "zsh", "fish"},
		Args: exactly("bash, zsh or fish"),
		RunE: func(cmd *cobra.Command, args []string) error {
			switch root := cmd.Root(); args[0] {
			case "bash":
				return root.GenBashCompletionV2(p.Out, true)
			case "zsh":
				return root.GenZshCompletion(p.Out)
			case "fish":
				return root.GenFishCompletion(p.Out, true)
			}
			return usage("%q is none of the shells bash, zsh and fish", args[0])
		},
	}
}

// completing reports whether a shell asks for words. The library then reads the same
// flags more than once.
func completing(args []string) bool {
	return len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// words are the flags whose values are known beforehand.
var words = map[string][]string{
	"fact": breach.FactKinds, "covers": breach.HoldScopes, "kind": {breach.OralHold, breach.WrittenHold},
	"conclusion": {breach.Presumed, breach.LowProbability}, "phase": phaseWords(), "why": breach.RecallReasons, "disclosure": {casebook.DisclosureYes, casebook.DisclosureNo},
}

func phaseWords() []string {
	list := make([]string, len(casebook.Phases))
	for i, phase := range casebook.Phases {
		list[i] = string(phase)
	}
	return list
}

// complete tells the shell what may stand where in a command and those below it.
func (p *program) complete(cmd *cobra.Command) {
	usage := strings.Fields(cmd.Use)[1:]
	if len(usage) > 0 && cmd.ValidArgsFunction == nil && len(cmd.ValidArgs) == 0 {
		cmd.ValidArgsFunction = func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return p.argument(cmd, usage, len(args))
		}
	}
	for name, values := range words {
		completeFlag(cmd, name, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return values, cobra.ShellCompDirectiveNoFileComp
		})
	}
	completeFlag(cmd, "incident", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return p.knownIncidents(), cobra.ShellCompDirectiveNoFileComp
	})
	completeFlag(cmd, "practice", func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) == 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		keys := p.knownPractices(args[0])
		if _, several := cmd.Flag("practice").Value.(*practiceKeys); several {
			keys = afterComma(typed, keys)
		}
		return keys, cobra.ShellCompDirectiveNoFileComp
	})
	for _, sub := range cmd.Commands() {
		p.complete(sub)
	}
}

// afterComma are the words that may follow what was typed of a list separated by
// commas: each with the list before it, and none that it has already.
func afterComma(typed string, words []string) []string {
	end := strings.LastIndexByte(typed, ',') + 1
	before, has := typed[:end], strings.Split(typed[:end], ",")
	var list []string
	for _, word := range words {
		if !slices.Contains(has, word) {
			list = append(list, before+word)
		}
	}
	return list
}

func completeFlag(cmd *cobra.Command, name string, with cobra.CompletionFunc) {
	if cmd.LocalNonPersistentFlags().Lookup(name) == nil {
		return
	}
	if err := cmd.RegisterFlagCompletionFunc(name, with); err != nil {
		panic(err) // completed twice: a mistake in this program
	}
}

// argument completes the argument at a place, by the name that a command's usage has there.
func (p *program) argument(cmd *cobra.Command, usage []string, place int) ([]string, cobra.ShellCompDirective) {
	var names []string
	for _, word := range usage {
		if name := strings.Trim(word, "[]"); !strings.HasPrefix(name, "-") && name != "KEY" && name != "DATE" {
			names = append(names, name)
		}
	}
	if place >= len(names) {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	switch name := names[place]; {
	case name == "INCIDENT":
		return p.knownIncidents(), cobra.ShellCompDirectiveNoFileComp
	case name == "CASE":
		return nil, cobra.ShellCompDirectiveFilterDirs
	case name == "ROLE":
		list := make([]string, len(access.Roles))
		for i, role := range access.Roles {
			list[i] = string(role)
		}
		return list, cobra.ShellCompDirectiveNoFileComp
	case cmd.Name() == "delegate":
		return breach.Delegations, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault // a file
}

// knownIncidents are those with papers in the output folder.
func (p *program) knownIncidents() []string {
	config, err := p.config()
	if err != nil {
		return nil
	}
	if outfolder.InBucket(config.Out) {
		return nil // asking a store at every press of a key is slow, and may cost
	}
	return slices.DeleteFunc(foldersIn(config.Out), func(name string) bool {
		return !breach.IsIncidentID(name) || len(foldersIn(outfolder.New(config.Out).Incident(name).Practices())) == 0
	})
}

// knownPractices are those of an incident with papers in the output folder.
func (p *program) knownPractices(incident string) []string {
	config, err := p.config()
	if err != nil || !breach.IsIncidentID(incident) {
		return nil
	}
	return foldersIn(outfolder.New(config.Out).Incident(incident).Practices())
}

func foldersIn(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // nothing to offer
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() {
			names = append(names, entry.Name())
		}
	}
	return names
}
