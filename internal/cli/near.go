package cli

import (
	"slices"
	"strings"
)

// didYouMean asks whether one of the known words was meant; "" when none is near.
// before stands before each of them: the dashes of a flag.
func didYouMean(before, word string, known []string) string {
	near := nearest(word, known)
	if len(near) == 0 {
		return ""
	}
	for i := range near {
		near[i] = before + near[i]
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// nearest are the known words that are as near as any to what was typed, and near
// enough to have been meant: one slip for every three letters, at most two. Where
// no word is, those that begin with what was typed are.
func nearest(word string, known []string) []string {
	var near, begin []string
	least := min(2, max(1, len([]rune(word))/3))
	word = strings.ToLower(word)
	for _, k := range known {
		if len(word) > 1 && strings.HasPrefix(k, word) {
			begin = append(begin, k)
		}
		switch n := slips(word, strings.ToLower(k)); {
		case n < least:
			near, least = []string{k}, n
		case n == least:
			near = append(near, k)
		}
	}
	if len(near) == 0 {
		near = begin
	}
	slices.Sort(near)
	return near
}

// slips counts the slips of the finger between two words: a letter too many, one
// too few, another one, or two that changed places (the optimal string alignment
// distance). Cobra's own count takes the last kind for two, and so finds "start"
// as near to "stauts" as "status" is.
func slips(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			other := 1
			if x[i-1] == y[j-1] {
				other = 0
			}
			n := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+other)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				n = min(n, rows[i-2][j-2]+1)
			}
			rows[i][j] = n
		}
	}
	return rows[len(x)][len(y)]
}
