package golang

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/featherpack/featherpack/analyzer/gobin/programtest"
	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// linked links the main package of a folder.
func linked(t testing.TB, dir, pkg, arch, ldflags string, env ...string) []byte {
	t.Helper()
	out := filepath.Join(t.TempDir(), "program")
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc", "-ldflags="+ldflags, "-o", out, pkg)
	cmd.Dir, cmd.Env = dir, append(append(os.Environ(), "GOOS=linux", "GOARCH="+arch, "CGO_ENABLED=0", "GOFLAGS="), env...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// Stripping a program that was linked with symbols gives the program that Go links
// with -s -w, except for the build IDs.
func TestStripped(t *testing.T) {
	small := shop(t, map[string]string{"a/main.go": loop}).Root
	for _, c := range []struct{ kind, dir, pkg, arch string }{
		{"empty", small, "./a", "amd64"}, {"empty", small, "./a", "arm64"},
		{"minimal", "../../testdata/apps/ingest", "./cmd/health", "amd64"},
		{"aws", "../../testdata/apps/ingest", "./cmd/receipts", "amd64"},
	} {
		t.Run(c.arch+" "+c.pkg, func(t *testing.T) {
			programtest.SkipUnlessQuick(t, c.arch, c.kind)
			if testing.Short() && c.dir != small {
				t.Skip("links a real program")
			}
			want := linked(t, c.dir, c.pkg, c.arch, "-s -w")
			raw := linked(t, c.dir, c.pkg, c.arch, "-w")
			start := time.Now()
			got, err := strip(raw)
			if err != nil {
				t.Fatal(err)
			}
			settings{}.identify(got)
			t.Logf("%d of %d bytes are left, %v", len(got), len(raw), time.Since(start))
			settings{}.identify(want)
			if !bytes.Equal(got, want) {
				t.Errorf("stripped to %d bytes, linked with -s -w it has %d, and they differ", len(got), len(want))
			}
		})
	}
}

// A stripped program from the system's linker still runs.
func TestStrippedOfAnotherLinker(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("needs a C compiler")
	}
	dir := shop(t, map[string]string{"a/main.go": "package main\n\n// int three(void) { return 3; }\nimport \"C\"\n\nfunc main() { println(C.three()) }\n"}).Root
	out, err := exec.Command("go", "env", "GOHOSTARCH").Output()
	if err != nil {
		t.Fatal(err)
	}
	raw := linked(t, dir, "./a", strings.TrimSpace(string(out)), "-w -linkmode=external", "CGO_ENABLED=1")
	got, err := strip(raw)
	if err != nil {
		t.Fatal(err)
	}
	settings{}.identify(got)
	f, err := elf.NewFile(bytes.NewReader(got))
	if err != nil {
		t.Fatal(err)
	}
	if f.Section(".symtab") != nil || f.Section(".strtab") != nil || f.Section(".dynsym") == nil || f.Section(".comment") == nil {
		t.Errorf("the sections are %v", f.Sections)
	}
	if libraries, err := f.ImportedLibraries(); err != nil || len(libraries) == 0 {
		t.Errorf("it loads %v, %v", libraries, err)
	}
	program := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(program, got, 0o755); err != nil {
		t.Fatal(err)
	}
	if says, err := exec.Command(program).CombinedOutput(); err != nil || string(says) != "3\n" {
		t.Errorf("the program prints %q, %v", says, err)
	}
}

// Go before 1.22 put the section names between mapped sections.
func TestStrippedWithNamesInTheMiddle(t *testing.T) {
	raw := linked(t, shop(t, map[string]string{"a/main.go": loop}).Root, "./a", "amd64", "-w")
	want, err := strip(raw)
	if err != nil {
		t.Fatal(err)
	}
	sections, _, err := readSections(raw)
	if err != nil {
		t.Fatal(err)
	}
	names := int(binary.LittleEndian.Uint16(raw[atSectionCount+2:]))
	from := sections[names].Off
	text := bytes.Clone(raw[from : from+sections[names].Size])
	// In the padding before a segment.
	at := uint64(0)
	for i := 1; i < len(sections)-1 && at == 0; i++ {
		if end := sections[i].Off + sections[i].Size; sections[i].isMapped() && sections[i+1].isMapped() && sections[i+1].Off >= end+uint64(len(text)) {
			at = end
		}
	}
	if at == 0 {
		t.Fatal("no room between sections")
	}
	copy(raw[at:], text)
	table := binary.LittleEndian.Uint64(raw[atSectionTable:])
	binary.LittleEndian.PutUint64(raw[table+uint64(names)*sectionSize+24:], at)
	got, err := strip(raw)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) > len(want) {
		t.Errorf("%d bytes are left, %d where the names are last", len(got), len(want))
	}
	_, named, err := readSections(got)
	if _, wanted, _ := readSections(want); err != nil || !slices.Equal(named, wanted) {
		t.Errorf("the sections are %q, want %q, %v", named, wanted, err)
	}
	program := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(program, got, 0o755); err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS == "linux" && runtime.GOARCH == "amd64" {
		if says, err := exec.Command(program).CombinedOutput(); err != nil {
			t.Errorf("the program prints %q, %v", says, err)
		}
	}
}

// A comment that moves no line changes the linker's build IDs but not the shipped
// program. A comment that moves lines changes it, and so does code.
func TestCommentsChangeNoArtifact(t *testing.T) {
	p := shop(t, map[string]string{"cmd/a/main.go": loop})
	o := setup{cache: t.TempDir()}
	a := function("a", "cmd/a")
	var sums, ids []string
	for _, text := range []string{loop, loop + "// The end.\n", strings.Replace(loop, "{ println", "{ /* so */ println", 1), strings.Replace(loop, "println(", "println(2, ", 1)} {
		write(t, p.Root, "cmd/a/main.go", text)
		b := build(t, p, o, a)["a"]
		sums = append(sums, sha(t, b))
		ids = append(ids, buildID(linkedOf(programOf(t, b))))
	}
	if ids[0] == "" || ids[0] == ids[1] || ids[1] == ids[2] {
		t.Errorf("the linked programs have the build IDs %q", ids)
	}
	if sums[0] != sums[1] || sums[0] != sums[2] || sums[0] == sums[3] {
		t.Errorf("the shipped programs are %q", sums)
	}
}

// linkedOf returns the path of the program that a shipped program was stripped from.
func linkedOf(shipped string) string {
	return strings.Replace(shipped, "ship"+string(filepath.Separator), "", 1)
}

// The IDs of a shipped program are digests of it, unless the user sets them.
func TestBuildIDs(t *testing.T) {
	dir := shop(t, map[string]string{"a/main.go": loop}).Root
	program := linked(t, dir, "./a", "amd64", "-s -w")
	before := string(noteOf(program, goNote))
	settings{}.identify(program)
	id := string(noteOf(program, goNote))
	parts := strings.Split(id, "/")
	if len(id) != len(before) || len(parts) != 4 || len(parts[0]) != 20 || parts[0] != parts[3] {
		t.Errorf("%s becomes %s", before, id)
	}
	if gnu := noteOf(program, ".note.gnu.build-id"); len(gnu) != 20 || bytes.Equal(gnu, make([]byte, 20)) {
		t.Errorf("the other ID is %x", gnu)
	}
	again := bytes.Clone(program)
	if (settings{}).identify(again); !bytes.Equal(again, program) {
		t.Error("the IDs depend on the IDs before")
	}
	own := linked(t, dir, "./a", "amd64", "-s -w -buildid=mine -B 0x0123456789abcdef")
	settings{ldflags: "-buildid=mine -B 0x0123456789abcdef"}.identify(own)
	if got := string(noteOf(own, goNote)); got != "mine" {
		t.Errorf("the user's ID becomes %q", got)
	}
	if got := noteOf(own, ".note.gnu.build-id"); !bytes.Equal(got, []byte{1, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef}) {
		t.Errorf("the user's other ID becomes %x", got)
	}
}

// FuzzStrip overwrites bytes of a real program. No read or write may be outside it.
func FuzzStrip(f *testing.F) {
	raw := linked(f, shop(f, map[string]string{"a/main.go": loop}).Root, "./a", "amd64", "-w")
	f.Add(uint32(atSectionTable), []byte{0xff, 0xff, 0, 0}, uint32(0), []byte{})
	f.Add(uint32(atSectionCount), []byte{2, 0, 1, 0}, uint32(400+sectionSize+32), []byte{0xff, 0xff, 0xff, 0xff})
	f.Fuzz(func(t *testing.T, at uint32, patch []byte, at2 uint32, patch2 []byte) {
		defer inputtest.Bound(t)()
		c := bytes.Clone(raw)
		copy(c[int(at)%len(c):], patch)
		copy(c[int(at2)%len(c):], patch2)
		out, err := strip(c)
		if err != nil {
			return
		}
		if (settings{}).identify(out); len(out) > 2*len(raw) {
			t.Errorf("%d bytes become %d", len(raw), len(out))
		}
	})
}
