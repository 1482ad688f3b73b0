package projectfs

import (
	"io/fs"
	"maps"
	"slices"
	"time"
)

// Renew makes an FS with a record ready for another run of the same process, which may use
// what it was answered before. It reports whether all answers of the record are still the
// same; the names of forgotten files are taken out of it beforehand, so that nothing may be
// used that depends on them. A forgotten file that changed without becoming newer is no
// reason to use anything: what goes by size and time alone, as esbuild does, does not see the
// change. now is a checker of a new FS for the same root. Where names of
// installed packages lead is then known for the run, so it is not looked at again.
func (t *FS) Renew(now *Checker, forgotten map[string]bool) bool {
	r := t.record
	began := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.unsure != "" {
		return false
	}
	names := slices.AppendSeq(slices.Collect(maps.Keys(r.looks)), maps.Keys(r.folders))
	names = slices.AppendSeq(names, maps.Keys(r.forgotten))
	for name := range r.files {
		if !forgotten[name] && !r.ignores(now.absolute(name)) {
			names = append(names, name)
		}
	}
	now.judgeAll(names)
	for name, c := range r.files {
		if forgotten[name] {
			r.forgotten[name] = c.stamp
			delete(r.files, name)
			continue
		}
		if r.ignores(now.absolute(name)) {
			continue
		}
		p, err := now.judge(name)
		if err != nil || stampOf(p.Info) != c.stamp || !c.stamp.settledBy(r.began) {
			return false
		}
	}
	for name, was := range r.forgotten {
		p, err := now.judge(name)
		if err == nil && stampOf(p.Info) != was && !p.Info.ModTime().After(was.modified) {
			return false
		}
	}
	same := map[string]bool{}
	for name, l := range r.folders {
		p, err := now.judge(name)
		if err == nil && stampOf(p.Info) == l.stamp && l.stamp.settledBy(r.began) {
			same[now.absolute(name)], now.folders[name] = true, l.entries
			continue
		}
		is := now.folder(name)
		n := l.names(name)
		if !slices.Equal(n.of(l.entries), n.of(is)) {
			return false
		}
		l.entries, l.stamp = is, stamp{}
		if has, known := now.files.remembered(p.Path); known {
			l.stamp = stampOf(has.info)
		}
	}
	for name, was := range r.looks {
		if now.look(name) != was {
			return false
		}
	}
	for name, was := range r.lstats {
		if now.link(name) != was {
			return false
		}
	}
	if r.asked && !slices.Equal(r.tree, now.files.Tree(r.Skip)) {
		return false
	}
	r.began = began
	t.mu.Lock()
	defer t.mu.Unlock()
	// What was found out just now need not be found out again.
	now.files.mu.Lock()
	t.real = maps.Clone(now.files.real)
	now.files.mu.Unlock()
	t.places = map[string]Place{}
	for name := range r.looks {
		if is := now.places[name]; is.err == nil && ofPackages(name) {
			t.places[now.absolute(name)] = is.place
		}
	}
	maps.DeleteFunc(t.lists, func(dir string, _ []fs.DirEntry) bool { return !same[dir] })
	return true
}
