package activities

// PhaseTable is phaseTable.
var PhaseTable = phaseTable
