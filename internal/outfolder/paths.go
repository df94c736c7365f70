package outfolder

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Outbox is the folder of .eml files, shared by all incidents.
func (f Folder) Outbox() string { return f.place.Address("outbox") }

// Mail is an e-mail in the outbox. The sender has checked the file's name.
func (f Folder) Mail(file string) string {
	return f.place.Address("outbox/" + element("e-mail", file) + ".eml")
}

// HandedOver says that an e-mail was handed over to a provider, by its id: a database that
// is restored from a backup does not know it.
func (f Folder) HandedOver(id string) string {
	return f.place.Address("outbox/handed-over/" + element("e-mail", id) + ".json")
}

// AnnualLog is the year's log of breaches of fewer than 500 people, over all
// incidents (45 CFR 164.408(c)).
func (f Folder) AnnualLog(year int) string {
	return f.place.Address(fmt.Sprintf("annual-log/%04d.csv", year))
}

// Incident returns the folder of one incident.
//
// The id, like every key and batch name given to Incident's methods, was
// checked when the case folder was read (breach.IsKey). One that could leave
// its folder all the same is a mistake in this program, and panics rather than
// put one practice's people into another's folder.
func (f Folder) Incident(id string) Incident {
	return Incident{folder: f, id: element("incident", id)}
}

// Incident is the folder of one incident.
type Incident struct {
	folder Folder
	id     string
}

// Dir is the incident's folder.
func (i Incident) Dir() string { return i.at() }

// at is the address of what lies at these names below the incident's folder.
func (i Incident) at(names ...string) string {
	return i.folder.place.Address(strings.Join(append([]string{i.id}, names...), "/"))
}

// Relative writes an address as seen from the incident's folder, as records name it.
func (i Incident) Relative(address string) string {
	return strings.TrimPrefix(filepath.ToSlash(address), filepath.ToSlash(i.Dir())+"/")
}

// Named is the address of a file that a record names as seen from the incident's folder.
func (i Incident) Named(relative string) string {
	return i.at(strings.Split(filepath.ToSlash(relative), "/")...)
}

// Summary is the counts and times of the incident.
func (i Incident) Summary() string { return i.at("summary.json") }

// Lists of patients, which go when an incident's key does (patientNames).
const (
	peopleName     = "people.csv"
	emailListName  = "email-list.csv"
	accountingName = "accounting-of-disclosures.csv"
	addressesName  = "address-check.csv"
	callersName    = "callcentre.csv"
	recalledName   = "recalled.csv"
)

// Practices is the folder with one for each practice.
func (i Incident) Practices() string { return i.at("practices") }

// Practice is the folder of everything made for one practice.
func (i Incident) Practice(practice string) string {
	return i.inPractice(practice)
}

func (i Incident) inPractice(practice string, names ...string) string {
	return i.at(append([]string{"practices", element("practice", practice)}, names...)...)
}

// Notice is the business associate's notice to the practice.
func (i Incident) Notice(practice string) string {
	return i.inPractice(practice, "notice.pdf")
}

// People is the list of the practice's own people.
func (i Incident) People(practice string) string {
	return i.inPractice(practice, peopleName)
}

// WorksheetJSON is the answers to the HHS portal's questions, for programs.
func (i Incident) WorksheetJSON(practice string) string {
	return i.inPractice(practice, "hhs-worksheet.json")
}

// WorksheetPDF is the answers to the HHS portal's questions, for a person.
func (i Incident) WorksheetPDF(practice string) string {
	return i.inPractice(practice, "hhs-worksheet.pdf")
}

// Deadlines is the practice's deadlines as a calendar.
func (i Incident) Deadlines(practice string) string {
	return i.inPractice(practice, "deadlines.ics")
}

// Calendar is the deadlines of every practice as one calendar, for the officer.
func (i Incident) Calendar() string { return i.at("deadlines.ics") }

// Order is the order sheet for a mail house.
func (i Incident) Order() string { return i.at("mail-order.pdf") }

// Board is the whole of the officers' board as one page.
func (i Incident) Board() string { return i.at("board.html") }

// Accounting is the practice's entries for accountings of disclosures (45 CFR 164.528).
func (i Incident) Accounting(practice string) string {
	return i.inPractice(practice, accountingName)
}

// EmailList is the list of people who are told by agreed e-mail: one practice's,
// or the incident's when practice is empty.
func (i Incident) EmailList(practice string) string {
	if practice == "" {
		return i.at("mail", emailListName)
	}
	return i.inPractice(practice, emailListName)
}

// AddressCheck is the list of addresses that go out to be checked.
func (i Incident) AddressCheck() string { return i.at("mail", addressesName) }

// Callers is the list by which a call centre finds what it says of a letter.
func (i Incident) Callers() string { return i.at("mail", callersName) }

// CallersScript is what a call centre says.
func (i Incident) CallersScript() string { return i.at("callcentre-script.pdf") }

// LetterProof is a proof of the letter the practice's patients get, addressed
// to an invented recipient, for the people who approve it.
func (i Incident) LetterProof(practice string) string {
	return i.inPractice(practice, "letter-proof.pdf")
}

// PostingPage is the notice for the practice's home page, as HTML.
func (i Incident) PostingPage(practice string) string {
	return i.inPractice(practice, "posting.html")
}

// PostingText is the same as text.
func (i Incident) PostingText(practice string) string {
	return i.inPractice(practice, "posting.txt")
}

// Batch is the folder of one batch of letters, such as run-001-batch-0001.
func (i Incident) Batch(batch string) string {
	return i.inBatch(batch)
}

func (i Incident) inBatch(batch string, names ...string) string {
	return i.at(append([]string{"mail", element("batch", batch)}, names...)...)
}

// Recalled is the list of the letters that a recall took back.
func (i Incident) Recalled(recall int) string {
	return i.at("mail", fmt.Sprintf("recall-%03d", recall), recalledName)
}

// Letters is the print-ready letters of a batch, in the order of Pieces.
func (i Incident) Letters(batch string) string {
	return i.inBatch(batch, "letters.pdf")
}

// Pieces is the list of a batch's letters.
func (i Incident) Pieces(batch string) string {
	return i.inBatch(batch, "pieces.csv")
}

// Held is the list of a batch's letters that were held back, where there are any.
func (i Incident) Held(batch string) string {
	return i.inBatch(batch, "held.csv")
}

// Manifest is the counts and hashes of a batch.
func (i Incident) Manifest(batch string) string {
	return i.inBatch(batch, manifestName)
}

const manifestName = "manifest.json"

// Record is the sealed record of whose letters are in a batch. It lies beside the folders
// of letters and not in them: those go to the mail house.
func (i Incident) Record(batch string) string {
	return i.at("records", element("batch", batch)+".sealed")
}

// Media is the press release for one State and practice (45 CFR 164.406).
func (i Incident) Media(state, practice string) string {
	name := element("State", state) + "-" + element("practice", practice) + ".pdf"
	return i.at("media", name)
}

// Evidence is the folder of what proves what was done.
func (i Incident) Evidence() string { return i.at("evidence") }

// Pack is the evidence pack of a practice, or of the whole incident when
// practice is "".
func (i Incident) Pack(practice string) string {
	name := i.id
	if practice != "" {
		name += "-" + element("practice", practice)
	}
	return i.at("evidence", name+".zip")
}

// Binder is one practice's whole case as a PDF.
func (i Incident) Binder(practice string) string {
	return i.at("evidence", element("practice", practice)+"-binder.pdf")
}

// PublicKey is the key that the incident's evidence is signed with, to be given
// to those who will verify it.
func (i Incident) PublicKey() string { return i.at("evidence", "public-key.pem") }

// Proofs is the folder of the proofs that people recorded, each named by its
// SHA-256 sum and the ending of the file it came as.
func (i Incident) Proofs() string { return i.at("evidence", "proofs") }

// Proof is the file of a proof with this sum and ending, such as .pdf or none.
func (i Incident) Proof(sha256, ending string) string {
	return i.at("evidence", "proofs", element("proof", sha256+ending))
}

// element returns name as one element of a path, or panics where it would leave its
// folder. Which names no system reads as something else is decided when a case is
// taken in (breach.IsKey). What an earlier program took in must not stop here: every
// element names a folder, or stands within a file's name, and CleanTemps removes files
// by the beginning of their names only.
func element(what, name string) string {
	if name == "" || name == "." || name == ".." || strings.ContainsAny(name, "/\\\x00") {
		panic(fmt.Sprintf("outfolder: %s %q cannot be a file name", what, name))
	}
	return name
}
