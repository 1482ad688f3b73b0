package install

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
	"github.com/featherpack/featherpack/analyzer/projectfs"
)

// configs are the files from which package managers read settings, in the folder of
// the lockfile and those above it, with what reads the settings of each that run
// code.
var configs = map[string]func(file string, text []byte) []finding{
	".npmrc":              npmrc,
	".yarnrc":             yarnrc,
	".yarnrc.yml":         inYAML(yarnSettings),
	"pnpm-workspace.yaml": inYAML(npmSettings),
	"package.json":        packageJSON,
	"yarn.lock":           yarnLock,
}

// maxConfig and maxLock limit what is read of a configuration file and of a lockfile.
const (
	maxConfig = 4 << 20
	maxLock   = 256 << 20
)

// finding is a setting of the repository that makes a package manager run code of
// the repository, or write outside it.
type finding struct {
	at   analyzer.Position
	what string // a clause that begins with the setting's name
}

// judgeConfigs refuses an install if the repository has settings that make the
// package manager run its code. Lifecycle scripts are off anyway, and so is what
// [environment] turns off; this finds the rest.
func judgeConfigs(root, dir string) error {
	files := projectfs.New(root, projectfs.Allowances{})
	defer files.Close()
	for at := dir; ; at = filepath.Dir(at) {
		for _, name := range slices.Sorted(maps.Keys(configs)) {
			where, err := filepath.Rel(root, filepath.Join(at, name))
			if err != nil {
				return err
			}
			where = filepath.ToSlash(where)
			text, err := files.Read(where, limitOf(name))
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err != nil {
				return refused(finding{analyzer.Position{File: where}, "the file " + analyzer.WithoutPath(err).Error()})
			}
			if found := configs[name](where, text); len(found) > 0 {
				return refused(found[0])
			}
		}
		if at == root || filepath.Dir(at) == at {
			return nil
		}
	}
}

func refused(f finding) error {
	return analyzer.Diagnostic{
		Code: "install-code", Severity: analyzer.Refused, Position: f.at, Message: fmt.Sprintf("the repository names code that --install would run: %s", f.what),
		Hint: "if you trust it, add --allow-install-code, or install the packages yourself and build without --install",
	}
}

// limitOf limits what is read of a file. A lockfile may be large.
func limitOf(name string) int64 {
	if _, known := configs[name]; known && name != "yarn.lock" {
		return maxConfig
	}
	return maxLock
}

// readConfig reads a file that determines an install's result.
func readConfig(root, name string) ([]byte, error) {
	files, err := projectfs.Of(root)
	if err != nil {
		return nil, err
	}
	defer files.Close()
	return files.Read(name, limitOf(filepath.Base(name)))
}

// plain reduces the spellings of a setting to one: node-options, node_options and
// nodeOptions.
func plain(key string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(key))
}

// The settings that name a program, code, or a file with further settings, and what
// they do. Sources: docs.npmjs.com/cli/using-npm/config, pnpm.io/settings,
// classic.yarnpkg.com/docs/yarnrc, yarnpkg.com/configuration/yarnrc
const (
	names = "names a program to run"
	loads = "loads code into Node"
	reads = "names another file of settings"
	moves = "installs to another folder"
)

var npmSettings = map[string]string{
	"git": names, "scriptshell": names, "shell": names, "editor": names, "viewer": names, "browser": names,
	"nodegyp": names, "npmpath": names, "initmodule": names, "init.module": names,
	"nodeoptions": loads, "pnpmfile": loads, "globalpnpmfile": loads, "configdependencies": loads,
	"usenodeversion": "downloads another Node", "executionenv": "downloads another Node",
	"globalconfig": reads, "userconfig": reads,
	"prefix": moves, "global": moves, "location": moves, "globaldir": moves, "globalbindir": moves,
}

// placeSettings are folders that a package manager fills or empties. They may lie
// inside the project.
var placeSettings = []string{"modulesdir", "virtualstoredir", "lockfiledir", "dir"}

var yarnSettings = map[string]string{
	"yarnpath": names, "plugins": loads, "enableconstraintschecks": "runs yarn.config.cjs",
	"installstatepath": moves, "pnpunpluggedfolder": moves, "virtualfolder": moves, "patchfolder": moves,
}

// judge returns what a setting does, or "" if it is harmless.
func judge(settings map[string]string, key, value string) string {
	key = plain(key)
	what := settings[key]
	switch {
	case strings.HasSuffix(key, ":tokenhelper"):
		return names
	case slices.Contains(placeSettings, key):
		if what = moves; local(value) {
			return ""
		}
	case what == moves && key != "prefix" && key != "global" && key != "location" && local(value),
		(key == "enableconstraintschecks" || key == "global") && value == "false",
		key == "location" && value == "project":
		return ""
	}
	return what
}

// local reports whether a path stays in the folder that it is relative to.
func local(value string) bool {
	return filepath.IsLocal(filepath.FromSlash(value)) && !strings.HasPrefix(value, "~") && !strings.Contains(value, "${")
}

// npmrc reads the INI format of .npmrc. Keys may be quoted and may hold variables.
// Source: npm's packages ini and @npmcli/config
func npmrc(file string, text []byte) (found []finding) {
	for i, line := range lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == ';' || line[0] == '#' {
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		key = strings.TrimSuffix(unquoted(key), "[]")
		at := analyzer.Position{File: file, Line: i + 1, Column: 1}
		if strings.Contains(key, "${") && !strings.HasPrefix(key, "//") {
			found = append(found, finding{at, "a setting has a variable in its name"})
		} else if what := judge(npmSettings, key, unquoted(value)); what != "" {
			found = append(found, finding{at, key + " " + what})
		}
	}
	return found
}

// unquoted trims a key or value and removes its quotes.
func unquoted(text string) string {
	text = strings.TrimSpace(text)
	if n := len(text); n >= 2 && text[0] == '\'' && text[n-1] == '\'' {
		text = text[1 : n-1]
	}
	var plain string
	if json.Unmarshal([]byte(text), &plain) == nil {
		return plain
	}
	return text
}

var (
	yarnWord  = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|[^\s,:"]+`)
	yarnFirst = []string{"yarnpath", "scriptshell", "nodegyp"}
	yarnFlags = []string{"modulesfolder", "cwd", "useyarnrc", "globalfolder", "prefix", "scriptshell"}
)

// yarnrc reads the .yarnrc of Yarn 1. A line has one or more keys and a value. A key
// that begins with -- is a flag of the command line.
func yarnrc(file string, text []byte) (found []finding) {
	for i, line := range lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, word := range yarnWord.FindAllStringIndex(line, -1) {
			key := unquoted(line[word[0]:word[1]])
			at := analyzer.Position{File: file, Line: i + 1, Column: word[0] + 1}
			flag, isFlag := strings.CutPrefix(key, "--")
			flag = plain(flag[strings.LastIndexByte(flag, '.')+1:])
			switch {
			case slices.Contains(yarnFirst, plain(key)):
				found = append(found, finding{at, key + " " + names})
			case isFlag && slices.Contains(yarnFlags, flag):
				found = append(found, finding{at, key + " changes where Yarn works"})
			}
		}
	}
	return found
}

// inYAML reads the top level of a YAML or JSON file.
func inYAML(settings map[string]string) func(string, []byte) []finding {
	return func(file string, text []byte) []finding {
		v, problem := yamltree.Parse(file, text)
		if problem != nil {
			return []finding{{problem.Position, "the file cannot be read"}}
		}
		return inMapping(settings, v)
	}
}

func inMapping(settings map[string]string, v *yamltree.Value) (found []finding) {
	if v == nil || v.Kind != yamltree.Mapping {
		return nil
	}
	for i, key := range v.Keys {
		if what := judge(settings, key.Name, v.Items[i].Text); what != "" && v.Items[i].Has() {
			found = append(found, finding{key.At, key.Name + " " + what})
		}
	}
	return found
}

// packageJSON reads pnpm's settings in package.json, and the package manager that
// corepack would run.
func packageJSON(file string, text []byte) []finding {
	var manifest, pnpm map[string]json.RawMessage
	if json.Unmarshal(text, &manifest) != nil {
		return nil // no package manager can read it either
	}
	_ = json.Unmarshal(manifest["pnpm"], &pnpm) // pnpm ignores another type
	at := func(key string) analyzer.Position {
		before, _, _ := strings.Cut(string(text), `"`+key+`"`)
		return analyzer.Position{File: file, Line: 1 + strings.Count(before, "\n")}
	}
	for _, key := range slices.Sorted(maps.Keys(pnpm)) {
		if what := judge(npmSettings, key, unquoted(string(pnpm[key]))); what != "" {
			return []finding{{at(key), "pnpm." + key + " " + what}} // finding places takes long, and one is enough
		}
	}
	var found []finding
	if manager := unquoted(string(manifest["packageManager"])); strings.Contains(manager, "://") {
		found = append(found, finding{at("packageManager"), "packageManager names a program to download"})
	}
	return found
}

// Packages whose code Yarn runs when it fetches them: it builds packages from git
// repositories, and runs the script that an exec: package names.
// Sources: yarnpkg.com/protocol/git, yarnpkg.com/protocol/exec
var yarnRuns = regexp.MustCompile(`(?m)^\s+resolution: "[^"]*(?:#commit=|@exec:)|^\s+resolved "?(?:git[+:]|ssh:|[^"\n]*\.git#)`)

func yarnLock(file string, text []byte) (found []finding) {
	for _, match := range yarnRuns.FindAllIndex(text, 1) {
		line := 1 + strings.Count(string(text[:match[1]]), "\n")
		found = append(found, finding{analyzer.Position{File: file, Line: line}, "Yarn runs code of this package when it fetches it"})
	}
	return found
}

func lines(text []byte) []string {
	return strings.Split(strings.ReplaceAll(strings.TrimPrefix(string(text), "\ufeff"), "\r", "\n"), "\n")
}
