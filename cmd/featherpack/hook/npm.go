package hook

import (
	"embed"
	"io/fs"
	"strings"
	"text/template"
)

//go:embed npm
var npmFiles embed.FS

// Package returns the files of the npm package featherpack that do not change between
// releases, with the values filled in: its program, its API and the API's types.
func Package(v Values) ([]Text, error) {
	parsed, err := template.New("npm").Delims("<%", "%>").ParseFS(files, "*")
	if err != nil {
		return nil, err
	}
	names, err := fs.ReadDir(npmFiles, "npm")
	if err != nil {
		return nil, err
	}
	var texts []Text
	for _, name := range names {
		source, err := npmFiles.ReadFile("npm/" + name.Name())
		if err != nil {
			return nil, err
		}
		one, err := parsed.New("npm/" + name.Name()).Parse(string(source))
		if err != nil {
			return nil, err
		}
		var b strings.Builder
		if err := one.Execute(&b, v); err != nil {
			return nil, err
		}
		texts = append(texts, Text{name.Name(), b.String()})
	}
	return texts, nil
}
