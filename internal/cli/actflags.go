package cli

import (
	"github.com/spf13/cobra"

	"duenotice/internal/breach"
)

const byHelp = "name of the person who decided; it is kept as evidence"

// byFlag adds --by, without which there is no act.
func byFlag(cmd *cobra.Command, who *string) {
	cmd.Flags().StringVar(who, "by", "", byHelp)
	required(cmd, "by")
}

// practiceFlag adds --practice.
func practiceFlag(cmd *cobra.Command, key *string, help string) {
	cmd.Flags().StringVar(key, "practice", "", help)
}

func required(cmd *cobra.Command, names ...string) {
	for _, name := range names {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // a flag of that name was not made: a mistake in this program
		}
	}
}

// practiceArgument checks a practice's key before it becomes part of a workflow's ID.
func practiceArgument(key string) error {
	if key != "" && !breach.IsKey(key) {
		return usage("%q is not a practice's key", key)
	}
	return nil
}
