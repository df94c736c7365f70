package intake

import "duenotice/internal/casefolder"

// Kind is of what pairs are.
type Kind int

// People is pairs of people; Practices pairs of rows of the list of practices.
const (
	People Kind = iota
	Practices
)

// The files about practices, as those of people (PairsFile and others).
const (
	PracticePairsFile     = casefolder.PracticePairsFile
	PracticeDecisionsFile = "practices-decisions.csv"
	PracticeApartFile     = "practices-apart.csv"
)

// files are where a kind's pairs, decisions and rows as they were stand in the case
// folder.
type files struct{ pairs, decisions, apart string }

func (k Kind) files() files {
	if k == Practices {
		return files{PracticePairsFile, PracticeDecisionsFile, PracticeApartFile}
	}
	return files{PairsFile, DecisionsFile, ApartFile}
}

// PairsFile is the file of the case folder that lists the pairs.
func (k Kind) PairsFile() string { return k.files().pairs }

// Command is the word of the command that lists the pairs.
func (k Kind) Command() string {
	if k == Practices {
		return "practices"
	}
	return "pairs"
}

// One is what two of a pair may be.
func (k Kind) One() string {
	if k == Practices {
		return "covered entity"
	}
	return "person"
}

// Many is what they are of.
func (k Kind) Many() string {
	if k == Practices {
		return "practices"
	}
	return "people"
}
