package reuse

import (
	"encoding/json"
	"fmt"
	"path"
	"reflect"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager/cache"
)

// What is kept here explains why a function is built. No result depends on it.

// told says what became of a name that an earlier build depends on.
func (r *Run) told(is projectfs.Change, c candidate) string {
	switch is.What {
	case projectfs.Altered:
		if path.Base(is.Name) == "package.json" {
			if why := r.manifestChange(is.Name, c.Manifests); why != "" {
				return why
			}
		}
		return is.Name + " changed"
	case projectfs.Gone:
		return is.Name + " is gone"
	case projectfs.Added:
		return "new file " + is.Name
	case projectfs.Shadowing:
		name, _, _ := strings.Cut(path.Base(is.Name), ".")
		return fmt.Sprintf("new file %s may shadow ./%s", is.Name, name)
	case projectfs.Moved:
		return is.Name + " leads elsewhere"
	case projectfs.Tree:
		return "files were added or removed"
	}
	return ""
}

// fields are those of a package.json, by name: digests, and the version itself.
type fields map[string]string

// maxManifest bounds a package.json, in bytes.
const maxManifest = 1 << 20

func (r *Run) fieldsOf(name string) fields {
	text, err := r.now.Read(name, maxManifest)
	var raw map[string]json.RawMessage
	if err != nil || json.Unmarshal(text, &raw) != nil {
		return nil
	}
	all := fields{}
	for field, value := range raw {
		all[field] = digestOf(string(value))[:16]
	}
	for _, field := range []string{"name", "version"} {
		var text string
		if json.Unmarshal(raw[field], &text) == nil {
			all[field] = text
		}
	}
	return all
}

// putManifests keeps the fields of every package.json that was read.
func (r *Run) putManifests(common projectfs.Answers) (cache.Digest, error) {
	all := map[string]fields{}
	for name, sum := range common.Files {
		if path.Base(name) != "package.json" {
			continue
		}
		known, ok := r.earlier().fields[sum]
		if !ok {
			known = r.fieldsOf(name)
		}
		r.decoded.fields[sum], all[name] = known, known
	}
	return r.putPacked(all)
}

// putJSON stores what other versions of featherpack may read.
func (r *Run) putJSON(value any) (cache.Digest, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return cache.Digest{}, err
	}
	return cache.Write(r.ctx, r.store, text)
}

func (r *Run) getJSON(d cache.Digest, value any) bool {
	text, err := cache.Read(r.ctx, r.store, d)
	return err == nil && json.Unmarshal(text, value) == nil
}

// manifestChange says which field of a package.json changed, "" if that is not known.
func (r *Run) manifestChange(name string, before cache.Digest) string {
	var all map[string]fields
	if before == (cache.Digest{}) || !r.getPacked(before, &all) || all[name] == nil {
		return ""
	}
	was, is := all[name], r.fieldsOf(name)
	if is["version"] != was["version"] && is["version"] != "" && was["version"] != "" && is["name"] == was["name"] && is["name"] != "" {
		return fmt.Sprintf("%s %s -> %s", is["name"], was["version"], is["version"])
	}
	if changed := differing(was, is); len(changed) > 0 {
		return fmt.Sprintf("%q in %s changed", changed[0], name)
	}
	return ""
}

// differing lists the keys whose values differ, sorted.
func differing(was, is map[string]string) (changed []string) {
	both := map[string]bool{}
	for _, m := range []map[string]string{was, is} {
		for k := range m {
			if was[k] != is[k] {
				both[k] = true
			}
		}
	}
	return sortedKeys(both)
}

// latest are the parts of the first key of a function's latest build.
type latest struct {
	Common   common            `json:"common"`
	Lock     string            `json:"lock"`
	Versions cache.Digest      `json:"versions"`
	Settings map[string]string `json:"settings"` // digests
}

const latestName = "latest.json"

// latestKey has neither settings nor contents.
func latestKey(f analyzer.Function) cache.Digest {
	return cache.Of(cache.Command{Arguments: []string{"featherpack", "latest-build", format, f.ID, f.File, f.Entry}}.Encode())
}

// remember keeps the parts of a function's first key.
func (r *Run) remember(f analyzer.Function) error {
	if r.settings.Trial {
		return nil
	}
	l := r.lock(f)
	versions, known := r.versioned[l.sum]
	if !known {
		var err error
		if versions, err = r.putJSON(r.versions(l)); err != nil {
			return err
		}
		r.versioned[l.sum] = versions
	}
	blob, err := r.putJSON(latest{r.common, l.sum, versions, settingsOf(f)})
	if err != nil {
		return err
	}
	return r.store.SetResult(r.ctx, latestKey(f), cache.Result{Files: []cache.File{{Name: latestName, Digest: blob}}})
}

// unknown says why no build of a function has its first key.
func (r *Run) unknown(f analyzer.Function) string {
	const never = "no earlier build of it with these settings is in the cache"
	if r.settings.Trial {
		return never
	}
	result, err := r.store.Result(r.ctx, latestKey(f))
	if err != nil {
		return never
	}
	blob, _ := result.File(latestName)
	var was latest
	if !r.getJSON(blob, &was) {
		return never
	}
	switch l := r.lock(f); {
	case was.Common.Tool != r.common.Tool:
		return "featherpack itself is another one"
	case was.Common.Compress != r.common.Compress:
		return "another level of --compress"
	case was.Common.Exact != r.common.Exact:
		return "--exact-before changed"
	case was.Common.Above != r.common.Above:
		return "settings or packages above the project's root changed"
	case was.Lock != l.sum:
		return r.lockChange(was.Versions, l)
	}
	if changed := differing(was.Settings, settingsOf(f)); len(changed) > 0 {
		return "its setting " + changed[0] + " changed"
	}
	return never
}

// lockChange says which packages of the lockfiles changed.
func (r *Run) lockChange(before cache.Digest, l lock) string {
	const otherwise = "the lockfile changed"
	var was map[string]string
	if !r.getJSON(before, &was) {
		return otherwise
	}
	is := r.versions(l)
	changed := differing(was, is)
	if len(changed) == 0 {
		return otherwise
	}
	name := changed[0]
	text := fmt.Sprintf("lockfile: %s %s -> %s", name, was[name], is[name])
	switch {
	case was[name] == "":
		text = fmt.Sprintf("lockfile: %s %s is new", name, is[name])
	case is[name] == "":
		text = fmt.Sprintf("lockfile: %s %s is gone", name, was[name])
	}
	if more := len(changed) - 1; more > 0 {
		text += fmt.Sprintf(", and %d more", more)
	}
	return text
}

// settingsOf are digests of a function's settings, by name. Their values may be secret.
func settingsOf(f analyzer.Function) map[string]string {
	all := map[string]string{}
	var add func(of reflect.Value)
	add = func(of reflect.Value) {
		for field, value := range of.Fields() {
			switch {
			case field.Name == "Build":
				add(value)
			case !value.IsZero():
				all[strings.ToLower(field.Name[:1])+field.Name[1:]] = digestOf(value.Interface())[:16]
			}
		}
	}
	add(reflect.ValueOf(withoutPositions(f)))
	return all
}
