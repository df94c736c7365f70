package acsfile

import "strings"

// width is the length of a record without what ends its line.
const width = 700

// version is the layout that is known.
const version = "02"

// field is a place in a record: the column it begins in, from 1, and how many it has.
type field struct{ from, width int }

// of is what stands in the field, without the spaces that fill it.
func (f field) of(record string) string {
	return strings.TrimSpace(record[f.from-1 : f.from-1+f.width])
}

// Fields of every record.
var (
	recordType  = field{1, 1}
	fileVersion = field{2, 2}
	endMarker   = field{700, 1}
)

// Fields of the header.
var (
	createDate  = field{10, 8}
	totalCount  = field{28, 9}
	coaCount    = field{37, 9}
	nixieCount  = field{46, 9}
	headerType  = "H"
	detailType  = "D"
	endOfRecord = "*"
)

// Fields of a record about a piece of mail.
var (
	keyline            = field{21, 16}
	moveType           = field{45, 1}
	deliverabilityCode = field{46, 1}
	lastName           = field{50, 20}
	firstName          = field{70, 15}
	newType            = field{221, 1}
	newMailbox         = field{222, 8}
	newUrbanization    = field{230, 28}
	newPrimary         = field{258, 10}
	newPreDirection    = field{268, 2}
	newStreet          = field{270, 28}
	newSuffix          = field{298, 4}
	newPostDirection   = field{302, 2}
	newUnit            = field{304, 4}
	newSecondary       = field{308, 10}
	newCity            = field{318, 28}
	newState           = field{346, 2}
	newZIP             = field{348, 5}
	newPlus4           = field{354, 4}
	newLabel           = field{373, 66}
	barcode            = field{441, 31}
	fulfillmentDate    = field{525, 8}
	mailAction         = field{544, 1}
	coaOrNixie         = field{545, 1}
)
