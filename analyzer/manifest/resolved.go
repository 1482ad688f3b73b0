package manifest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// MaxResolved bounds a resolved service in bytes: five hundred functions, the
// most that a stack can hold, come to well below one MiB.
const MaxResolved = 8 << 20

// readResolved takes a service that its framework has resolved: no variable is
// left in it, and what looks like one is text. It comes as
//
//	{"format": "serverless", "manifest": "serverless.yml", "document": {...}}
//
// where the manifest is the file that the framework read, relative to the folder
// asked for. It is read too, but only to say where things stand.
func (d *discovery) readResolved() {
	fail := func(hint, format string, args ...any) {
		d.report(problem(analyzer.Error, "bad-resolved", analyzer.Position{File: "standard input"}, hint, format, args...))
	}
	if len(d.Resolved) > MaxResolved {
		fail("split the service", "is larger than %d MiB", MaxResolved>>20)
		return
	}
	root, err := parseJSON(d.Resolved)
	if err != nil {
		fail("featherpack hook NAME prints a hook that writes it", "is no resolved service: %v", err)
		return
	}
	c := &checker{}
	if !c.object(root, "the resolved service", []string{"format", "manifest", "document"}) || len(c.problems) > 0 {
		fail("write {\"format\", \"manifest\", \"document\"}", "is no resolved service")
		return
	}
	name, document := root.get("format"), root.get("document")
	f := &serverlessFormat
	if !name.scalar() || name.text != f.name || document == nil || document.kind != mapping {
		fail("the format is serverless, and the document a mapping", "is no resolved service of a known format")
		return
	}
	file := path.Join(d.dir, "serverless.yml")
	if manifest := root.get("manifest"); manifest.scalar() {
		if file = path.Join(d.dir, manifest.text); path.IsAbs(manifest.text) || !inside(file) {
			fail("name it relative to the folder", "names a manifest outside the project's root")
			return
		}
	}
	document.place(d.written(file), analyzer.Position{File: file})
	d.services = append(d.services, &service{format: f.name, file: file, dir: d.dir, root: document, resolved: true})
}

// written is a manifest as it stands, nil where it is a program or cannot be read.
func (d *discovery) written(rel string) *value {
	content, err := d.read(rel, maxManifestBytes)
	if err != nil || isCode(path.Base(rel)) {
		return nil
	}
	root, p := parse(rel, content)
	if p != nil {
		return nil
	}
	return root
}

// place gives a resolved value the positions of what was written for it. What
// came out of a variable stands where the variable does.
func (v *value) place(written *value, at analyzer.Position) {
	if written != nil && written.at.Line > 0 {
		at = written.at
	}
	v.at = at
	for i, item := range v.items {
		switch {
		case v.kind == mapping:
			keyAt, from := written.entry(v.keys[i].name)
			if keyAt.Line == 0 {
				keyAt = at
			}
			v.keys[i].at = keyAt
			item.place(from, keyAt)
		case written != nil && written.kind == sequence && len(written.items) == len(v.items):
			item.place(written.items[i], at)
		default:
			item.place(nil, at)
		}
	}
}

// entry finds a key in a mapping, or in a list of mappings, which the framework
// joins.
func (v *value) entry(name string) (analyzer.Position, *value) {
	switch {
	case v == nil:
	case v.kind == mapping:
		if i := v.index(name); i >= 0 {
			return v.keys[i].at, v.items[i]
		}
	case v.kind == sequence:
		for _, item := range v.items {
			if item.kind == mapping {
				if at, found := item.entry(name); found != nil {
					return at, found
				}
			}
		}
	}
	return analyzer.Position{}, nil
}

// parseJSON reads JSON alone, without positions. A program wrote it, on one
// line, which is what a YAML parser is slowest at.
func parseJSON(source []byte) (*value, error) {
	decoder := json.NewDecoder(bytes.NewReader(source))
	decoder.UseNumber()
	v, err := jsonValue(decoder, 0)
	if err != nil {
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errors.New("it ends too early")
		}
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			// The message may quote what stands there, one character at most.
			return nil, fmt.Errorf("byte %d: %w", syntax.Offset, err)
		}
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows its end")
	}
	return v, nil
}

func jsonValue(decoder *json.Decoder, depth int) (*value, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("it is nested deeper than %d levels", maxNesting)
	}
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token := token.(type) {
	case string:
		return &value{kind: text, text: token}, nil
	case json.Number:
		return &value{kind: number, text: token.String()}, nil
	case bool:
		return &value{kind: boolean, text: fmt.Sprint(token)}, nil
	case json.Delim:
		v := &value{kind: mapping}
		if token == '[' {
			v.kind = sequence
		}
		for decoder.More() {
			if v.kind == mapping {
				name, err := decoder.Token()
				if err != nil {
					return nil, err
				}
				if len(v.keys) >= maxEntries {
					return nil, fmt.Errorf("it has more than %d entries in one mapping", maxEntries)
				}
				v.keys = append(v.keys, key{name: name.(string)})
			}
			item, err := jsonValue(decoder, depth+1)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, item)
		}
		_, err := decoder.Token()
		return v, refuseRepeated(v, err)
	}
	return &value{}, nil // null
}

// refuseRepeated refuses a mapping that has a key twice, which JSON leaves open.
func refuseRepeated(v *value, err error) error {
	if err != nil || v.kind != mapping {
		return err
	}
	names := make([]string, len(v.keys))
	for i, k := range v.keys {
		names[i] = k.name
	}
	slices.Sort(names)
	for i := 1; i < len(names); i++ {
		if names[i] == names[i-1] {
			return errors.New("it has a key twice")
		}
	}
	return nil
}
