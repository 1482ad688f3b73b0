package pipeline

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest"
)

// Event is JSON that a function is started with. Name is its file, as typed or
// relative to the project's root.
type Event struct {
	Name string
	JSON []byte
}

// maxEvent is the largest event that Lambda accepts.
// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const maxEvent = 6 * 1024 * 1024

// ReadEvent reads a file with JSON, relative to the current folder; - is stdin. The error
// is a clause.
func ReadEvent(name string) (Event, error) {
	in := os.Stdin // if name is -
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return Event{}, fmt.Errorf("cannot be read: %w", analyzer.WithoutPath(err))
		}
		in = file
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, maxEvent+1))
	switch {
	case err != nil:
		return Event{}, fmt.Errorf("cannot be read: %w", analyzer.WithoutPath(err))
	case len(data) > maxEvent:
		return Event{}, fmt.Errorf("has more than the %d MiB that Lambda accepts", maxEvent>>20)
	case !json.Valid(data):
		return Event{}, notJSON(data)
	}
	return Event{name, data}, nil
}

// notJSON says where a text stops being JSON.
func notJSON(data []byte) error {
	var value any
	syntax, ok := errors.AsType[*json.SyntaxError](json.Unmarshal(data, &value))
	if !ok {
		return errors.New("is not JSON")
	}
	before := data[:max(syntax.Offset-1, 0)]
	line, column := bytes.Count(before, []byte("\n"))+1, len(before)-bytes.LastIndexByte(before, '\n')
	return fmt.Errorf("is not JSON: line %d, column %d: %w", line, column, syntax)
}

// For returns the options for functions of a project: events and answers by ID. It
// adds the events of the folder that the options name, and those that discovery
// found. An event or answer for a function that is not started is an error.
func (o BootOptions) For(p analyzer.Project, functions []analyzer.Function) (BootOptions, error) {
	if o.LoadOnly {
		return BootOptions{Options: o.Options, LoadOnly: true}, nil
	}
	events, err := named(p, functions, "--event", o.Events)
	if err != nil {
		return o, err
	}
	if o.Answers, err = named(p, functions, "--expect", o.Answers); err != nil {
		return o, err
	}
	o.Events = events
	inFolder, err := eventsIn(o.EventsDir, functions)
	if err != nil {
		return o, err
	}
	for _, f := range functions {
		if _, given := events[f.ID]; given || events[""] != nil {
			continue
		}
		names := inFolder[f.ID]
		if o.EventsDir == "" {
			for _, name := range f.Events {
				names = append(names, filepath.Join(p.Root, filepath.FromSlash(name)))
			}
		}
		for i, name := range names {
			event, err := ReadEvent(name)
			if event.Name = filepath.ToSlash(name); o.EventsDir == "" {
				event.Name = f.Events[i]
			}
			if err != nil {
				return o, analyzer.Problem(analyzer.Error, "bad-event", analyzer.Position{File: event.Name}, "an event is any JSON value, such as {}", "%v", err)
			}
			events[f.ID] = append(events[f.ID], event)
		}
	}
	for _, f := range functions {
		answer, sent := of(o.Answers, f.ID), of(events, f.ID)
		switch {
		case len(answer) == 0:
		case len(sent) == 0:
			return o, analyzer.Usage(fmt.Sprintf("--expect has no effect: no event is sent to %s", f.ID), "give the event with --event")
		case len(answer) > 1 || len(sent) > 1:
			return o, analyzer.Usage(fmt.Sprintf("%d events and %d answers for %s", len(sent), len(answer), f.ID), "--expect needs one event and one answer")
		}
	}
	return o, nil
}

// named returns the files by function ID. The given ones may be by name instead, and
// "" is for all functions.
func named(p analyzer.Project, functions []analyzer.Function, flag string, files map[string][]Event) (map[string][]Event, error) {
	byID := map[string][]Event{}
	for _, word := range slices.Sorted(maps.Keys(files)) {
		list := files[word]
		if word == "" {
			byID[""] = list
			continue
		}
		at, err := analyzer.Lookup(slices.Values(p.Functions), word)
		if err != nil {
			return nil, err
		}
		if at < 0 {
			hint := "featherpack discover lists the functions"
			if near := analyzer.NearestFunction(slices.Values(p.Functions), word); near != "" {
				hint = fmt.Sprintf("did you mean %q? %s", near, hint)
			}
			return nil, analyzer.Usage(fmt.Sprintf("%s: there is no function %q", flag, word), hint)
		}
		id := p.Functions[at].ID
		if !slices.ContainsFunc(functions, func(f analyzer.Function) bool { return f.ID == id }) {
			return nil, analyzer.Usage(fmt.Sprintf("%s has no effect: %s is not started", flag, id), "leave it out, or start that function too")
		}
		byID[id] = append(byID[id], list...)
	}
	return byID, nil
}

// eventsIn lists the files of a folder by the function that they belong to.
func eventsIn(dir string, functions []analyzer.Function) (map[string][]string, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, analyzer.Usage(fmt.Sprintf("--events: cannot read %s: %v", dir, analyzer.WithoutPath(err)), "give a folder with files named FUNCTION*.json")
	}
	names := make([]string, len(functions))
	for i, f := range functions {
		names[i] = f.Name
	}
	found := map[string][]string{}
	for _, e := range entries {
		if at := manifest.EventFor(e.Name(), names); at >= 0 && !e.IsDir() {
			for _, f := range functions {
				if f.Name == names[at] {
					found[f.ID] = append(found[f.ID], filepath.Join(dir, e.Name()))
				}
			}
		}
	}
	if len(found) == 0 {
		return nil, analyzer.Usage(fmt.Sprintf("--events %s: no file there is named as a function", dir), "an event is FUNCTION.json, or FUNCTION followed by anything and .json")
	}
	return found, nil
}

// of returns the files for a function, or else those for all functions.
func of(files map[string][]Event, id string) []Event {
	if list, ok := files[id]; ok {
		return list
	}
	return files[""]
}
