package slim

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Manifest returns a package.json without what only tools of developers read, in the
// order in which it is written, or false where it must stay as it is.
//
// What Node reads stays ("name", "type", "main", "exports", "imports"), and so does every
// field that is not listed below: code may look for a package.json above itself and read
// a field of its own, the version above all.
func Manifest(text []byte) (slim []byte, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, false
	}
	var out bytes.Buffer
	out.WriteByte('{')
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, false
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, false
		}
		key, _ := name.(string)
		if ofTools[key] || strings.HasPrefix(key, "_") {
			continue
		}
		if out.Len() > 1 {
			out.WriteByte(',')
		}
		quoted, err := json.Marshal(key)
		if err != nil {
			return nil, false
		}
		out.Write(quoted)
		out.WriteByte(':')
		if json.Compact(&out, value) != nil {
			return nil, false
		}
	}
	if _, err := decoder.Token(); err != nil || decoder.More() {
		return nil, false
	}
	out.WriteString("}")
	return out.Bytes(), out.Len() < len(text)
}

// ofTools are the fields that registries, package managers, editors, compilers, test
// runners and linters read where a package is published, installed or developed, and that
// nothing reads when it runs. npm writes those that begin with "_".
// Source: docs.npmjs.com/cli/configuring-npm/package-json, and the documentation of each.
var ofTools = func() map[string]bool {
	all := map[string]bool{}
	for field := range strings.FieldsSeq(`
		author authors contributors maintainers funding repository bugs homepage keywords description licenses readme
		readmeFilename gitHead dist man files directories publishConfig private packageManager
		scripts devDependencies peerDependenciesMeta overrides resolutions workspaces pnpm volta husky lint-staged simple-git-hooks
		pre-commit commitlint config-commitizen release release-it semantic-release changeset standard-version np greenkeeper renovate
		types typings typesVersions tsd typesPublisherContentHash typeScriptVersion typedocMain
		eslintConfig eslintIgnore prettier standard xo jshintConfig jscs stylelint
		jest mocha ava tap nyc c8 karma testling vitest size-limit bundlesize browserslist babel
		runkitExampleFilename sideEffects unpkg jsdelivr collective tonicExampleFilename`) {
		all[field] = true
	}
	return all
}()
