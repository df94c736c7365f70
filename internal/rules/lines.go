package rules

// HHSAtOnceFrom is the number of people of one covered entity from which HHS is told
// with the letters; of fewer it is told by the log after the year's end (45 CFR
// 164.408(b) and (c)).
const HHSAtOnceFrom = secretaryFrom
