package analyzer

import (
	"fmt"
	"strings"
)

// DidYouMean is a hint that suggests the candidate most similar to word, or lists all
// candidates.
func DidYouMean(word string, candidates []string) string {
	if near := Nearest(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "use one of " + strings.Join(candidates, ", ")
}

// Nearest returns the candidate most similar to word, "" if none is similar: the one with
// the fewest edits, at most a third of word's length and at least one. A candidate that
// differs only in case is returned at once. If one of word and candidate is a prefix of
// the other, that counts as one edit. Of equal candidates the first is returned.
func Nearest(word string, candidates []string) string {
	best, least := "", max(1, len(word)/3)+1
	for _, c := range candidates {
		if c == word {
			continue
		}
		if strings.EqualFold(c, word) {
			return c
		}
		d := EditDistance(word, c, least)
		if d > 1 && min(len(word), len(c)) >= 3 && (strings.HasPrefix(word, c) || strings.HasPrefix(c, word)) {
			d = 1
		}
		if d < least {
			best, least = c, d
		}
	}
	return best
}

// EditDistance is the Damerau-Levenshtein distance (optimal string alignment) in bytes,
// or limit if the distance is not less than limit.
func EditDistance(a, b string, limit int) int {
	if len(a) > 512 || len(b) > 512 || len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for i := range last {
		last[i] = i
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit)
}
