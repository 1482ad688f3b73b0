package advise

import (
	"fmt"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/lint"
)

// Images is the advice about functions that are container images, which are not built. source
// reads a file of the project.
func Images(p analyzer.Project, source func(string) ([]byte, error)) (all []Advised) {
	for _, f := range p.Skipped {
		if f.Image == nil {
			continue
		}
		a := Advised{Function: f.Name, Advice: []Advice{{
			Code: "image-for-zip", Kind: string(lint.Load), Severity: analyzer.Note, Position: f.Position,
			What:    fmt.Sprintf("is a container image of which %s only copies files onto AWS's image for Node and installs packages: a zip of up to 250 MB holds the same", f.Image.Dockerfile),
			Do:      "package it as a zip, which featherpack can bundle, and whose runtime Lambda keeps patched",
			Change:  f.Image.Instead,
			Changes: "files that only the image has are missing; a function cannot change its package type, so it is made anew",
			Source:  "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-package.html",
		}}}
		for _, file := range manifestsOf(a.Advice) {
			if text, err := source(file); err == nil {
				a.comments = append(a.comments, commentsIn(file, text)...)
			}
		}
		all = append(all, a)
	}
	return all
}
