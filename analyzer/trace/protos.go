package trace

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
)

// maxProto bounds the size in bytes of a .proto file that is read for its imports.
const maxProto = 1 << 20

var protoImport = regexp.MustCompile(`(?m)^\s*import\s+(?:public\s+|weak\s+)?["']([^"']+)["']`)

// protos adds the files that a .proto file imports, if they are in its folder or
// in a parent folder up to the package's.
// https://protobuf.dev/programming-guides/proto3/#importing
func (t *tracer) protos(a *Asset, file string) {
	queue := []string{file}
	for len(queue) > 0 && len(a.Files) < 1000 {
		st, err := fs.Stat(t.Files, queue[0])
		if err != nil || st.Size() > maxProto {
			queue = queue[1:]
			continue
		}
		text, _ := fs.ReadFile(t.Files, queue[0])
		dir := path.Dir(queue[0])
		queue = queue[1:]
		for _, m := range protoImport.FindAllSubmatch(text, -1) {
			for up := dir; ; up = path.Dir(up) {
				found := path.Join(up, string(m[1]))
				if st, err := fs.Stat(t.Files, found); fs.ValidPath(found) && err == nil && st.Mode().IsRegular() {
					if !slices.Contains(a.Files, found) {
						a.Files, a.Bytes = append(a.Files, found), a.Bytes+st.Size()
						queue = append(queue, found)
					}
					break
				}
				if up == "." || up == t.module.PackageDir || up == t.module.CWD {
					break
				}
			}
		}
	}
	slices.Sort(a.Files)
}
