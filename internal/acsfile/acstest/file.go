// Package acstest writes fulfillment files of the Address Change Service for tests.
package acstest

import (
	"fmt"
	"strings"
)

// Record is what a test wants to be said of a piece. What is empty stays spaces.
type Record struct {
	Keyline, Barcode string
	// On is CCYYMMDD.
	On string
	// Nixie, or else a change of address.
	Nixie bool
	// Code, Move and Action are one letter each.
	Code, Move, Action  string
	LastName, FirstName string
	// Label is the line of the new address.
	Label, City, State, ZIP, Plus4 string
	// Other are further fields by the column they begin in.
	Other map[int]string
}

// File is a file with the records, made on a day (CCYYMMDD). Its header counts them.
func File(on string, records ...Record) []byte {
	var b strings.Builder
	nixies := 0
	for _, r := range records {
		if r.Nixie {
			nixies++
		}
	}
	b.WriteString(line(map[int]string{
		1: "H02", 4: "123456", 10: on, 18: "0000000042", 28: count(len(records)), 37: count(len(records) - nixies), 46: count(nixies),
	}))
	for i, r := range records {
		flag := "C"
		if r.Nixie {
			flag = "N"
		}
		fields := map[int]string{
			1: "D02", 4: fmt.Sprintf("%08d", i+1), 12: "900000001", 21: r.Keyline, 45: r.Move, 46: r.Code, 47: "001", 50: r.LastName, 70: r.FirstName,
			318: r.City, 346: r.State, 348: r.ZIP, 354: r.Plus4, 373: r.Label, 440: "B", 441: r.Barcode, 523: "N", 524: "F", 525: r.On, 533: "P", 535: r.On, 543: "L", 544: r.Action, 545: flag,
		}
		for column, text := range r.Other {
			fields[column] = text
		}
		b.WriteString(line(fields))
	}
	return []byte(b.String())
}

func count(n int) string { return fmt.Sprintf("%09d", n) }

func line(fields map[int]string) string {
	record := []byte(strings.Repeat(" ", 699) + "*")
	for column, text := range fields {
		copy(record[column-1:], text)
	}
	return string(record) + "\r\n"
}
