// Package workflows tells the story of an incident in order, and waits. It
// decides nothing about the law and touches nothing: every step is an activity
// whose result says where things stand, so a replay years later takes the same
// path without asking again.
//
//	Incident ── admit ── Launch ── watch: acts of people, mail runs ── close
//	              │         └── one Practice each (they live for months)
//	              │                plan ── papers ── notice to the practice ── approval
//	              │                  └── a deadline timer for each obligation
//	              └── MailRun ── plan ── render batches ── tell the practices
//	YearEndLog (a Schedule) ── gather breaches under 500 ── wait for the last day
//
// A Practice is driven by where it stands (activities.PracticeState), not by
// where it was: after every step, message or timer it looks at the state and
// does the next thing. Facts that arrive late, such as a hold or a new list,
// therefore need no path of their own.
package workflows
