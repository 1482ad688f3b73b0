package coldstart

import (
	"strings"

	"golang.org/x/tools/txtar"
)

// textOf is one of the texts of a file in testdata, without its last line break.
func textOf(file, name string) string {
	archive, err := txtar.ParseFile("testdata/" + file)
	if err != nil {
		panic(err)
	}
	for _, f := range archive.Files {
		if f.Name == name {
			return strings.TrimSuffix(string(f.Data), "\n")
		}
	}
	panic(file + " has no " + name)
}
