package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
)

// place is what a command works on: a folder, and functions in it. Every command accepts
// both in the same way: FUNCTION... and DIR as operands, or DIR as --dir.
type place struct {
	dir       string
	functions []string
}

func declareDir(set *pflag.FlagSet, dir *string) {
	set.StringVar(dir, "dir", "", "`DIR`: folder of the functions (default: the current folder)")
}

// isPath reports whether a word can only mean a path: ./x, ../x, or an absolute path.
func isPath(word string) bool {
	word = filepath.ToSlash(word)
	return word == "." || word == ".." || strings.HasPrefix(word, "./") || strings.HasPrefix(word, "../") || filepath.IsAbs(word)
}

func isFolder(word string) bool {
	info, err := os.Stat(word)
	return err == nil && info.IsDir()
}

// folderFirst reads the operands of a command that works on a folder. A word that is not a
// folder names a function of the folder; --only names a function that is called as a
// folder.
func folderFirst(args []string, dir string, o manifest.Options) (place, error) {
	p := place{dir: dir}
	for _, word := range args {
		if !isPath(word) && !isFolder(word) {
			p.functions = append(p.functions, word)
			continue
		}
		if p.dir != "" {
			return p, twoFolders(p.dir, word)
		}
		p.dir = word
	}
	if err := p.check(); err != nil || len(p.functions) == 0 {
		return p, err
	}
	functions := manifest.Discover(p.dir, o).Functions
	for _, word := range p.functions {
		if found, err := analyzer.Lookup(slices.Values(functions), word); err != nil {
			return p, err
		} else if found < 0 {
			return p, noSuchPlace(word, functions)
		}
	}
	return p, nil
}

// functionsFirst reads the operands of a command that works on functions. A word that is
// not a function names their folder, if that exists.
func (t *terminal) functionsFirst(args []string, dir string, o manifest.Options) (place, analyzer.Project, error) {
	p := place{dir: dir}
	for _, word := range args {
		switch {
		case !isPath(word) || strings.HasSuffix(word, ".zip"):
			p.functions = append(p.functions, word)
		case p.dir != "":
			return p, analyzer.Project{}, twoFolders(p.dir, word)
		default:
			p.dir = word
		}
	}
	given := p.dir != ""
	if err := p.check(); err != nil {
		return p, analyzer.Project{}, err
	}
	project := manifest.Discover(p.dir, o)
	for i, word := range p.functions {
		found, err := analyzer.Lookup(slices.Values(project.Functions), word)
		switch {
		case err != nil:
			return p, project, err
		case found >= 0 && isFolder(word):
			t.print(analyzer.Diagnostic{Severity: analyzer.Warning, Message: fmt.Sprintf("%s is both a function and a folder; the function is used", word),
				Hint: "./" + filepath.ToSlash(word) + " names the folder"})
		case found < 0 && isFolder(word) && given:
			return p, project, twoFolders(p.dir, word)
		case found < 0 && isFolder(word):
			others := slices.Delete(slices.Clone(p.functions), i, i+1)
			return t.functionsFirst(others, word, o)
		}
	}
	return p, project, nil
}

// check checks the folder. The default is the current one.
func (p *place) check() error {
	if p.dir == "" {
		p.dir = "."
	}
	info, err := os.Stat(p.dir)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return analyzer.Usage(fmt.Sprintf("there is no folder %s", p.dir), "give the folder that holds the manifest, or run featherpack inside it")
	case err != nil:
		return analyzer.Usage(fmt.Sprintf("cannot read %s", p.dir), "check its permissions")
	case !info.IsDir():
		return notAFolder(p.dir)
	}
	return nil
}

func twoFolders(a, b string) error {
	return analyzer.Usage(fmt.Sprintf("expected one folder, got %s and %s", a, b), "run it once for each folder, or once for their parent folder")
}

func notAFolder(name string) error {
	return analyzer.Usage(fmt.Sprintf("%s is a file", name), "give its folder; name a manifest with --config, or a source file with --entry")
}

// noSuchPlace is the error for a word that is neither a folder nor a function.
func noSuchPlace(word string, functions []analyzer.Function) error {
	if _, err := os.Stat(word); err == nil {
		return notAFolder(word)
	}
	hint := "featherpack discover lists the functions"
	if near := analyzer.NearestFunction(slices.Values(functions), word); near != "" {
		hint = fmt.Sprintf("did you mean %q? %s", near, hint)
	}
	return analyzer.Usage(fmt.Sprintf("there is no folder or function %s", word), hint)
}

// folderOnly reads the operand of a command that works on a folder and knows no functions.
func folderOnly(args []string, dir string) (string, error) {
	p := place{dir: dir}
	for _, word := range args {
		if p.dir != "" {
			return "", twoFolders(p.dir, word)
		}
		p.dir = word
	}
	return p.dir, p.check()
}
