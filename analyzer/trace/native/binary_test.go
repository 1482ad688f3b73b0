package native

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// elfFile builds a small ELF shared library with a dynamic section. Symbols are names of
// dynamic symbols.
func elfFile(machine elf.Machine, needed []string, runPath string, symbols ...string) []byte {
	strs := []byte{0}
	add := func(s string) uint64 {
		at := len(strs)
		strs = append(append(strs, s...), 0)
		return uint64(at)
	}
	var dyn []uint64
	for _, n := range needed {
		dyn = append(dyn, uint64(elf.DT_NEEDED), add(n))
	}
	if runPath != "" {
		dyn = append(dyn, uint64(elf.DT_RUNPATH), add(runPath))
	}
	dyn = append(dyn, 0, 0)
	for _, symbol := range symbols {
		add(symbol)
	}
	names := []byte("\x00.dynstr\x00.dynamic\x00.shstrtab\x00")
	const head = 64
	dynAt := head + len(strs)
	namesAt := dynAt + 8*len(dyn)
	sectionsAt := namesAt + len(names)
	var b bytes.Buffer
	le := binary.LittleEndian
	h := elf.Header64{
		Type: uint16(elf.ET_DYN), Machine: uint16(machine), Version: 1, Ehsize: head, Phentsize: 56,
		Shoff: uint64(sectionsAt), Shentsize: 64, Shnum: 4, Shstrndx: 3,
	}
	copy(h.Ident[:], elf.ELFMAG)
	h.Ident[elf.EI_CLASS], h.Ident[elf.EI_DATA], h.Ident[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), 1
	binary.Write(&b, le, h)
	b.Write(strs)
	binary.Write(&b, le, dyn)
	b.Write(names)
	for _, s := range []elf.Section64{
		{},
		{Name: 1, Type: uint32(elf.SHT_STRTAB), Off: head, Size: uint64(len(strs))},
		{Name: 9, Type: uint32(elf.SHT_DYNAMIC), Off: uint64(dynAt), Size: uint64(8 * len(dyn)), Link: 1, Entsize: 16},
		{Name: 18, Type: uint32(elf.SHT_STRTAB), Off: uint64(namesAt), Size: uint64(len(names))},
	} {
		binary.Write(&b, le, s)
	}
	return b.Bytes()
}

func glibcAddon(machine elf.Machine) string {
	return string(elfFile(machine, []string{"libc.so.6"}, ""))
}
func muslAddon() string {
	return string(elfFile(elf.EM_X86_64, []string{"libc.musl-x86_64.so.1"}, ""))
}

// machOFile is the header of a Mach-O library without load commands.
func machOFile(cpu uint32) string {
	b := make([]byte, 32)
	binary.LittleEndian.PutUint32(b, 0xfeedfacf)
	binary.LittleEndian.PutUint32(b[4:], cpu)
	binary.LittleEndian.PutUint32(b[12:], 6)
	return string(b)
}

// peFile is an MZ stub and a COFF header.
func peFile(machine uint16) string {
	b := make([]byte, 0x80+24+0x40)
	copy(b, "MZ")
	binary.LittleEndian.PutUint32(b[0x3c:], 0x80)
	copy(b[0x80:], "PE\x00\x00")
	binary.LittleEndian.PutUint16(b[0x84:], machine)
	return string(b)
}

var update = flag.Bool("update", false, "write the samples anew")

// Other packages test with these libraries, too small to run.
func TestSamples(t *testing.T) {
	for name, file := range map[string]string{
		"linux-x64-glibc":   glibcAddon(elf.EM_X86_64),
		"linux-arm64-glibc": glibcAddon(elf.EM_AARCH64),
		"linux-x64-musl":    muslAddon(),
		"linux-x64-abi115":  string(elfFile(elf.EM_X86_64, []string{"libc.so.6"}, "", "node_register_module_v115")),
		"darwin-arm64":      machOFile(0x0100000c),
		"win32-x64":         peFile(0x8664),
	} {
		name := filepath.Join("testdata", name+".node")
		if *update {
			if err := os.WriteFile(name, []byte(file), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(name); err != nil || string(got) != file {
			t.Errorf("%s is not what the test builds (%v): run go test -update", name, err)
		}
	}
}

func TestBinary(t *testing.T) {
	for _, c := range []struct {
		name, file string
		want       string
		libc       string
	}{
		{"glibc on x64", glibcAddon(elf.EM_X86_64), "linux-x64", "glibc"},
		{"glibc on arm64", glibcAddon(elf.EM_AARCH64), "linux-arm64", "glibc"},
		{"musl", muslAddon(), "linux-x64-musl", "musl"},
		{"no libc named", string(elfFile(elf.EM_X86_64, []string{"libstdc++.so.6"}, "")), "linux-x64", ""},
		{"macOS on arm64", machOFile(0x0100000c), "darwin-arm64", ""},
		{"macOS on x64", machOFile(0x01000007), "darwin-x64", ""},
		{"Windows", peFile(0x8664), "win32-x64", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Read(strings.NewReader(c.file))
			if err != nil {
				t.Fatal(err)
			}
			if p.String() != c.want || p.Libc != c.libc {
				t.Errorf("got %v with libc %q, want %v with %q", p, p.Libc, c.want, c.libc)
			}
		})
	}
	for name, file := range map[string]string{
		"empty": "", "text": "this is no library", "ELF cut short": glibcAddon(elf.EM_X86_64)[:40],
		"only the magic of Mach-O": "\xcf\xfa\xed\xfe", "only MZ": "MZ",
		"ELF with wild offsets": "\x7fELF\x02\x01\x01" + strings.Repeat("\xff", 200),
	} {
		if p, err := Read(strings.NewReader(file)); err == nil {
			t.Errorf("%s: taken for %v", name, p)
		}
	}
}

func TestFits(t *testing.T) {
	glibc, musl := Platform{OS: "linux", CPU: "x64", Libc: "glibc"}, Platform{OS: "linux", CPU: "x64", Libc: "musl"}
	either := Platform{OS: "linux", CPU: "x64"}
	arm, mac := Platform{OS: "linux", CPU: "arm64", Libc: "glibc"}, Platform{OS: "darwin", CPU: "x64"}
	for _, c := range []struct {
		p    Platform
		want bool
	}{{glibc, true}, {musl, false}, {either, true}, {arm, false}, {mac, false}} {
		if got := c.p.Fits(glibc); got != c.want {
			t.Errorf("%v on glibc x64: %v", c.p, got)
		}
	}
}

func TestLibraries(t *testing.T) {
	lib := func(needed ...string) *fstest.MapFile {
		return &fstest.MapFile{Data: elfFile(elf.EM_X86_64, needed, "$ORIGIN:$ORIGIN/../../libvips/lib:/usr/lib")}
	}
	files := fstest.MapFS{
		"node_modules/@img/sharp/lib/sharp.node":      lib("libvips.so.42", "libc.so.6", "../escape.so"),
		"node_modules/@img/libvips/lib/libvips.so.42": lib("libpng.so", "libvips.so.42"),
		"node_modules/@img/libvips/lib/libpng.so":     lib(),
		"node_modules/@img/sharp/lib/unrelated.so":    lib(),
	}
	got := Libraries(files, "node_modules/@img/sharp/lib/sharp.node")
	want := []string{"node_modules/@img/libvips/lib/libpng.so", "node_modules/@img/libvips/lib/libvips.so.42"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func FuzzBinary(f *testing.F) {
	f.Add([]byte(glibcAddon(elf.EM_X86_64)))
	f.Add(elfFile(elf.EM_AARCH64, []string{"a.so"}, "$ORIGIN:x"))
	f.Add([]byte(machOFile(0x0100000c)))
	f.Add([]byte(peFile(0x8664)))
	f.Fuzz(func(t *testing.T, b []byte) {
		defer inputtest.Bound(t)()
		p, err := Read(bytes.NewReader(b))
		if err == nil && p.OS == "" {
			t.Errorf("no error, and no platform either")
		}
		if len(p.Needed) > maxNeeded || len(p.RunPath) > maxNeeded {
			t.Errorf("more names than allowed")
		}
	})
}
