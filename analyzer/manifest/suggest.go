package manifest

import (
	"fmt"
	"strings"
)

// nearest returns the candidate closest to word, empty when none is close. One
// that begins the word, or that the word begins, is close. On a tie the earlier
// candidate wins.
func nearest(word string, candidates []string) string {
	best, least := "", max(1, len(word)/3)+1
	for _, c := range candidates {
		if c == word {
			continue
		}
		if strings.EqualFold(c, word) {
			return c
		}
		d := distance(word, c, least)
		if d > 1 && min(len(word), len(c)) >= 3 && (strings.HasPrefix(word, c) || strings.HasPrefix(c, word)) {
			d = 1
		}
		if d < least {
			best, least = c, d
		}
	}
	return best
}

// didYouMean is a hint that names the nearest candidate, or else all of them.
func didYouMean(word string, candidates []string) string {
	if near := nearest(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "use one of " + strings.Join(candidates, ", ")
}

// distance is the Damerau-Levenshtein distance (optimal string alignment) in
// bytes, or bound if it is not below that.
func distance(a, b string, bound int) int {
	if len(a) > 512 || len(b) > 512 || max(len(a)-len(b), len(b)-len(a)) >= bound {
		return bound
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
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
	return min(last[len(b)], bound)
}
