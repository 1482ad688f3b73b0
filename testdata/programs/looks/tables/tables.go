// Package tables has variables that take time at start, and some that only seem to.
package tables

import (
	"regexp"
	"strings"
	"sync"
)

var codes = map[string]int{ // advice: init-work
	"c00": 0,
	"c01": 1,
	"c02": 2,
	"c03": 3,
	"c04": 4,
	"c05": 5,
	"c06": 6,
	"c07": 7,
	"c08": 8,
	"c09": 9,
	"c10": 10,
	"c11": 11,
	"c12": 12,
	"c13": 13,
	"c14": 14,
	"c15": 15,
	"c16": 16,
	"c17": 17,
	"c18": 18,
	"c19": 19,
	"c20": 20,
	"c21": 21,
	"c22": 22,
	"c23": 23,
	"c24": 24,
	"c25": 25,
	"c26": 26,
	"c27": 27,
	"c28": 28,
	"c29": 29,
	"c30": 30,
	"c31": 31,
	"c32": 32,
	"c33": 33,
	"c34": 34,
	"c35": 35,
	"c36": 36,
	"c37": 37,
	"c38": 38,
	"c39": 39,
	"c40": 40,
	"c41": 41,
	"c42": 42,
	"c43": 43,
	"c44": 44,
	"c45": 45,
	"c46": 46,
	"c47": 47,
	"c48": 48,
	"c49": 49,
	"c50": 50,
	"c51": 51,
	"c52": 52,
	"c53": 53,
	"c54": 54,
	"c55": 55,
	"c56": 56,
	"c57": 57,
	"c58": 58,
	"c59": 59,
	"c60": 60,
	"c61": 61,
	"c62": 62,
	"c63": 63,
}

var few = map[string]int{"a": 1, "b": 2} // silent: init-work

var list = []string{ // silent: init-work
	"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32", "33", "34", "35", "36", "37", "38", "39", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "50", "51", "52", "53", "54", "55", "56", "57", "58", "59", "60", "61", "62", "63", "64", "65", "66", "67", "68", "69",
}

var once = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^[a-z]+$") }) // silent: init-work

var upper = strings.NewReplacer("a", "A") // silent: init-work

// Find looks a name up.
func Find(name string) int {
	if once().MatchString(name) {
		return codes[name] + few[name]
	}
	return len(list[0]) + len(upper.Replace(name))
}
