package compiled

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/boot"
)

// Each mode's code is larger than that of the mode before, the same in every run, and
// taken. What runs while the program loads is compiled without being run again.
func TestCompiledModes(t *testing.T) {
	needLong(t)
	t.Parallel()
	var program strings.Builder
	for i := range 40 {
		fmt.Fprintf(&program, "function long%d(x) { const text = %q; const more = (y) => y + text.length; return more(x) }\n", i,
			strings.Repeat("a", 300))
		fmt.Fprintf(&program, "const short%d = (x) => { const y = x + 1; return y * 2 }, never%d = function () { return %q };\n", i, i,
			strings.Repeat("b", 400))
		fmt.Fprintf(&program, "long%d(1); short%d(2);\n", i, i)
	}
	program.WriteString("exports.answer = [1, 2, 3].map((x) => x * 2).join();\n")
	for _, name := range runtimes() {
		f := function("f", name)
		f.Build.CodeCache = "auto"
		var sizes []int
		for _, mode := range []Mode{Plain, Trimmed, Loaded} {
			make := func() map[string][]byte {
				b := bundle(f, program.String(), nil)
				Add(t.Context(), &b, func(Input) (Mode, *analyzer.Diagnostic) { return mode, nil }, boot.Options{})
				if len(b.Files) != 3 || b.Failed() || len(b.Diagnostics) != 1 {
					t.Fatalf("%s, %s: %v", name, mode, b.Diagnostics)
				}
				files := map[string][]byte{}
				for _, file := range b.Files {
					files[filepath.Base(file.Name)] = file.Content
				}
				return files
			}
			files, again := make(), make()
			if !bytes.Equal(files["main.cache"], again["main.cache"]) {
				t.Errorf("%s, %s: the code differs", name, mode)
			}
			if line := start(t, name+" "+string(mode), compiler(t, name).Path(), nil, files); line.Reason != "" {
				t.Errorf("%s, %s: logged %+v", name, mode, line)
			}
			sizes = append(sizes, len(files["main.cache"]))
		}
		if !slices.IsSorted(sizes) || sizes[1]-sizes[0] < 4000 || sizes[2]-sizes[1] < 4000 {
			t.Errorf("%s: %d bytes", name, sizes)
		}
		t.Logf("%s: %d bytes", name, sizes)
	}
}
