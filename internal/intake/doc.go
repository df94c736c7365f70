// Package intake makes the lists of a case folder out of what is handed over: exports of
// review platforms, spreadsheets, EHR extracts, FHIR resources, claims files.
//
// The sources are read twice. The survey hashes them, finds each table's header and the
// profile that fits it, what its dates look like, and the practices; the second reading
// turns rows into people. In between everything is known that a row's reading depends
// on, so that the order of the sources makes no difference to what a row means. Rows go
// through a sort on the disk by person, are settled person by person, and are written in
// that order: memory does not grow with the lists, and the same sources give the same
// bytes. Behind the settling, people under several keys who are one are put together by
// rules (package match) and by what people decided.
//
// Nothing is written unless all of it can be: a value that needs a repair which was not
// asked for, or that cannot be repaired, refuses the import. What is left out on
// somebody's word is in the report, row by row. The report and every error repeat no
// cell of a person's row but those that name the practice.
package intake
