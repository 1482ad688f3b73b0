package installed

import (
	"path/filepath"
	"regexp"
	"strings"
)

// Needs are the modules of Node by which a program reaches files, processes and the
// network, as far as a package's file or what it requires by relative paths asks for them.
// A build that needs none of those of another was made for browsers. The answer, for an
// input, is remembered.
func (t *Tree) Needs(input string) map[string]bool {
	t.mu.Lock()
	known, ok := t.needs[input]
	t.mu.Unlock()
	if ok {
		return known.of
	}
	n := needs{of: map[string]bool{}}
	queue := []string{t.Absolute(input)}
	seen := map[string]bool{queue[0]: true}
	for i := 0; i < len(queue) && i < maxFollowed; i++ {
		n.ofOwn = n.ofOwn || !t.inPackage(queue[i])
		text, err := t.ReadFile(queue[i])
		if err != nil {
			continue
		}
		for _, match := range asksFor.FindAllSubmatch(text, -1) {
			name := string(match[1])
			if !strings.HasPrefix(name, ".") {
				n.of[strings.TrimPrefix(name, "node:")] = true
				continue
			}
			if file := t.loadAs(filepath.Join(filepath.Dir(queue[i]), filepath.FromSlash(name))); file != "" && !seen[file] {
				seen[file] = true
				queue = append(queue, file)
			}
		}
	}
	t.mu.Lock()
	t.needs[input] = n
	t.mu.Unlock()
	return n.of
}

// needs are what [Tree.Needs] has found.
type needs struct {
	of    map[string]bool
	ofOwn bool // own code was read too
}

// maxFollowed bounds the files of a package that are read.
const maxFollowed = 2_000

// asksFor matches imports and requires of these modules, and of relative paths.
var asksFor = regexp.MustCompile(`(?:\brequire\s*\(|\bfrom|\bimport\s*\(?)\s*["'](\.{1,2}(?:/[^"'\n]*)?|(?:node:)?(?:fs|fs/promises|child_process|worker_threads|http|https|http2|net|tls|crypto))["']`)
