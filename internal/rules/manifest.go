package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"duenotice/internal/rules/states"
)

// Manifest says exactly what a rulebook is: which logic, and which data, each
// file by the hash of its bytes. It is all that is kept of an earlier rulebook
// besides the files that are no longer what they were.
type Manifest struct {
	// Version names it for people, for example "2026.11".
	Version string `json:"version"`
	// Logic names what of it is Go.
	Logic string `json:"logic"`
	// Files has the SHA-256 of each file by name: DescriptionsFile, and
	// "states/tx.yaml" for the row of Texas.
	Files map[string]string `json:"files"`
}

// DescriptionsFile names the descriptions of the rules that stand in code: what
// Rule says of each, in order. It is made from the code.
const DescriptionsFile = "rules.json"

// statesFolder is what stands before a row's name.
const statesFolder = "states/"

// SHA256 identifies the rulebook: the hash over its logic's name and its files'
// hashes. What it is called is no part of it.
func (m Manifest) SHA256() string {
	canonical, err := json.Marshal([]any{m.Logic, m.Files}) // a map is written by key
	if err != nil {
		panic(fmt.Sprintf("a manifest cannot be written as JSON: %v", err)) // strings always can
	}
	return hashOf(canonical)
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// files are the data of this program's rulebook, by name.
func files(inCode []*rule) (map[string][]byte, error) {
	rows, err := states.Texts()
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	for name, text := range rows {
		all[statesFolder+name] = text
	}
	all[DescriptionsFile], err = describe(inCode)
	return all, err
}

func manifestOf(version, logic string, files map[string][]byte) Manifest {
	m := Manifest{Version: version, Logic: logic, Files: map[string]string{}}
	for name, content := range files {
		m.Files[name] = hashOf(content)
	}
	return m
}

// codeOf is the State whose row a file is: "states/tx.yaml" is that of TX.
func codeOf(file string) (code string, ok bool) {
	name, inStates := strings.CutPrefix(file, statesFolder)
	name, isRow := strings.CutSuffix(name, ".yaml")
	return strings.ToUpper(name), inStates && isRow
}
