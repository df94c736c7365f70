// Package casefolder reads the case folder — incident.yaml, practices.csv and
// findings.csv — as a stream, and says everything that is wrong with it: file,
// line, column, rule and what to do. A case with any error is refused whole.
//
// The files hold patient data. No problem, error or report of this package
// repeats the content of a patient's cell, or of any cell except practice_key
// (when it has the form of a key), npi (when it is ten digits) and the two States
// of a ZIP and a State that contradict each other; names of unknown columns and
// YAML keys are repeated only when they look like names.
// Files are opened for reading only.
//
// A person of the list is normalised on the way in: surrounding space is cut,
// text is brought into Unicode NFC, State and country are in upper case, data
// classes and the other fixed words in lower case, the language is a canonical
// BCP 47 tag with "en" when the cell is empty. A territory as the country is the
// State where none is given, a second address line that says only that there is
// none is empty, and four zeros behind a ZIP are dropped.
package casefolder
