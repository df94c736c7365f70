// Package states holds the breach-notification law of the States and
// territories as reviewed data: one YAML file for each, strictly read.
//
// README.md explains every key to the person who writes or reviews a row. The
// package knows what may stand in a row and refuses the rest with file and
// line; what a row asks for in a case is worked out by package rules. It
// reads no files at run time: the rows are part of the program.
package states
