package intake

// Kind is of what pairs are.
type Kind int

// People is pairs of people.
const People Kind = 0

// files are where a kind's pairs, decisions and rows as they were stand in the case
// folder.
type files struct{ pairs, decisions, apart string }

func (k Kind) files() files { return files{PairsFile, DecisionsFile, ApartFile} }

// PairsFile is the file of the case folder that lists the pairs.
func (k Kind) PairsFile() string { return k.files().pairs }

// Command is the word of the command that lists the pairs.
func (k Kind) Command() string { return "pairs" }

// One is what two of a pair may be.
func (k Kind) One() string { return "person" }

// Many is what they are of.
func (k Kind) Many() string { return "people" }
