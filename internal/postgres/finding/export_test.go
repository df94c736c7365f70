package finding

// Columns are those of a finding that a list brings.
var Columns = columns
