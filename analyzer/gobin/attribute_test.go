package gobin

import (
	"bytes"
	"debug/buildinfo"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin/programtest"
	"github.com/google/go-cmp/cmp"
)

// TestAttribute links each kind of program and attributes all of its bytes.
func TestAttribute(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		for _, kind := range append(programtest.Kinds(), "empty") {
			t.Run(arch+"/"+kind, func(t *testing.T) {
				programtest.SkipUnlessQuick(t, arch, kind)
				programtest.SkipUnlessAll(t, arch, kind)
				p := build(t, kind, arch)
				before := cpu(t)
				got, err := Attribute(p.shipped, p.shipped.Size(), p.sibling, p.sibling.Size())
				if err != nil {
					t.Fatal(err)
				}
				spent := cpu(t) - before
				t.Logf("%s: %d B, %.2f%% with a package, %d rows, %v CPU", kind, got.Size, 100*got.Owned, len(got.Rows), spent)
				for _, r := range got.Rows {
					if r.Package == "" {
						t.Logf("%8d B %5d  %s", r.Bytes, r.Count, r.Name)
					}
				}
				if !got.Symbols {
					t.Errorf("the sibling was not used: %s", got.Note)
				}
				least := 0.97
				if kind == "empty" {
					least = 0.89 // on arm64, a tenth of it is alignment of sections
				}
				if got.Owned < least {
					t.Errorf("%.2f%% have a package, want %.0f%%", 100*got.Owned, 100*least)
				}
				checkRows(t, got, p.shipped.Size())

				again, err := Attribute(p.shipped, p.shipped.Size(), p.sibling, p.sibling.Size())
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(got, again); diff != "" {
					t.Errorf("a second run differs:\n%s", diff)
				}
			})
		}
	}
}

// checkRows checks what must hold for every attribution.
func checkRows(t *testing.T, a Attribution, size int64) {
	t.Helper()
	var sum int64
	for i, r := range a.Rows {
		sum += r.Bytes
		if (r.Package == "") == (r.Name == "") {
			t.Errorf("row %+v needs either a package or a name", r)
		}
		if r.Bytes <= 0 {
			t.Errorf("row %+v has no bytes", r)
		}
		if i > 0 && r.Bytes > a.Rows[i-1].Bytes {
			t.Errorf("row %+v is out of order", r)
		}
	}
	if sum != size || a.Size != size {
		t.Errorf("rows sum to %d, Size is %d, the file has %d bytes", sum, a.Size, size)
	}
}

// TestAttributeWithoutSibling checks that the stripped file alone gives the same
// owners, except for variables that only another package's code refers to.
func TestAttributeWithoutSibling(t *testing.T) {
	p := build(t, "minimal", "amd64")
	with, err := Attribute(p.shipped, p.shipped.Size(), p.sibling, p.sibling.Size())
	if err != nil {
		t.Fatal(err)
	}
	without, err := Attribute(p.shipped, p.shipped.Size(), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	checkRows(t, without, p.shipped.Size())
	if without.Symbols || without.Owned < 0.97 {
		t.Errorf("Symbols %v, Owned %.3f", without.Symbols, without.Owned)
	}
	a, b := byPackage(with), byPackage(without)
	var moved int64
	for pkg, n := range a {
		moved += max(n-b[pkg], b[pkg]-n)
	}
	if share := float64(moved) / float64(with.Size); share > 0.02 {
		t.Errorf("%.2f%% of the bytes change their package without symbols", 100*share)
	} else {
		t.Logf("%.2f%% of the bytes change their package without symbols", 100*share)
	}
}

// TestSiblingOfAnotherBuild checks that a sibling with different code is not used, and
// that the note says so.
func TestSiblingOfAnotherBuild(t *testing.T) {
	p, other := build(t, "minimal", "amd64"), build(t, "empty", "amd64")
	got, err := Attribute(p.shipped, p.shipped.Size(), other.sibling, other.sibling.Size())
	if err != nil {
		t.Fatal(err)
	}
	if got.Symbols || !strings.Contains(got.Note, "differs from the program in") {
		t.Errorf("Symbols %v, Note %q", got.Symbols, got.Note)
	}
	checkRows(t, got, p.shipped.Size())
	got, err = Attribute(p.shipped, p.shipped.Size(), p.shipped, p.shipped.Size())
	if err != nil || got.Note != "the sibling has no symbol table" {
		t.Errorf("Note %q, error %v", got.Note, err)
	}
}

// TestSymbolSizes compares with the linker's size of every function and variable: a
// package's code is the sum of its functions and their alignment.
func TestSymbolSizes(t *testing.T) {
	kind := "minimal"
	if programtest.More(t) {
		kind = "aws"
	}
	p := build(t, kind, "amd64")
	got, err := Attribute(p.shipped, p.shipped.Size(), p.sibling, p.sibling.Size())
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.Read(p.shipped)
	if err != nil {
		t.Fatal(err)
	}
	raw := make([]byte, p.sibling.Size())
	if _, err := p.sibling.ReadAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	im, err := loadImage(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	symbols, note := siblingSymbols(im, p.sibling, p.sibling.Size())
	if note != "" {
		t.Fatal(note)
	}
	code, count := map[string]int64{}, map[string]int64{}
	data := map[string]int64{}
	for _, s := range symbols {
		pkg := PackageOf(s.name)
		if pkg == "main" {
			pkg = info.Path
		}
		switch in, _ := im.at(s.addr); {
		case pkg == "" || s.size == 0:
		case in.exec:
			code[pkg] += int64(s.size)
			count[pkg]++
		case in.name == ".data" || in.name == ".noptrdata":
			data[pkg] += int64(s.size)
		}
	}
	if len(code) < 100 {
		t.Fatalf("only %d packages have code", len(code))
	}
	rows := map[Kind]map[string]int64{Code: {}, Data: {}}
	for _, r := range got.Rows {
		if m := rows[r.Kind]; m != nil {
			m[r.Package] += r.Bytes
		}
	}
	for pkg, want := range code {
		// Functions are aligned to 32 or 64 bytes. Local functions in assembly have no
		// package in their symbol and are counted in addition.
		if have := rows[Code][pkg]; have < want || have > want+64*count[pkg]+24<<10 {
			t.Errorf("%s: %d bytes of code, its %d symbols have %d", pkg, have, count[pkg], want)
		}
	}
	for pkg, want := range data {
		if have := rows[Data][pkg]; have < want {
			t.Errorf("%s: %d bytes of data, its symbols have %d", pkg, have, want)
		}
	}
}

// TestStrings compares with the linker's list of kept symbols: string constants are
// found with their bounds, and nearly all belong to the package that reached them.
func TestStrings(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		t.Run(arch, func(t *testing.T) {
			kind := programtest.Smallest(t, arch)
			p := build(t, kind, arch)
			a := cut(t, p)
			owner := map[string]string{}
			nodes := 0
			for _, n := range a.nodes {
				if n.kind == Strings {
					owner[string(a.image.bytes(n.start, n.end-n.start))] = a.owners.path(n.owner)
					nodes++
				}
			}
			kept, found, missing, agree := 0, 0, 0, 0
			for line := range strings.Lines(dumped(t, kind, arch)) {
				from, to, ok := strings.Cut(strings.TrimSpace(line), " -> go:string.")
				if !ok {
					continue
				}
				kept++
				// The name of a long string is a hash instead of its text.
				text, err := strconv.Unquote(to)
				if err != nil {
					continue
				}
				pkg, ok := owner[text]
				if !ok {
					missing++
					continue
				}
				found++
				if a.owners.path(a.owners.of(PackageOf(from))) == pkg {
					agree++
				}
			}
			t.Logf("%d strings kept, %d found, %d given to whom the linker reached first", kept, nodes, agree)
			// On arm64 code may load a constant in halves, which splits it in two.
			if nodes < kept || nodes > kept+kept/200 || missing > kept/200 {
				t.Errorf("%d strings found, the linker kept %d; %d are not as they should be", nodes, kept, missing)
			}
			if agree < found*95/100 {
				t.Errorf("%d of %d strings have the owner that reached them first", agree, found)
			}
		})
	}
}

// cut runs an attribution and returns its nodes.
func cut(t testing.TB, p program) *attribution {
	t.Helper()
	im, err := loadImage(p.shipped, p.shipped.Size())
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.Read(p.shipped)
	if err != nil {
		t.Fatal(err)
	}
	a := &attribution{image: im, owners: newOwners(info.Path)}
	if a.symbols, _ = siblingSymbols(im, p.sibling, p.sibling.Size()); a.symbols == nil {
		t.Fatal("no symbols")
	}
	if a.module, err = findModule(im, info.GoVersion); err != nil {
		t.Fatal(err)
	}
	if err := a.run(); err != nil {
		t.Fatal(err)
	}
	return a
}

// TestBadPrograms checks that an unreadable program is reported with a hint.
func TestBadPrograms(t *testing.T) {
	p := build(t, "minimal", "amd64")
	raw := make([]byte, p.shipped.Size())
	if _, err := p.shipped.ReadAt(raw, 0); err != nil {
		t.Fatal(err)
	}
	patched := func(at int, b ...byte) []byte {
		c := bytes.Clone(raw)
		copy(c[at:], b)
		return c
	}
	im, err := loadImage(p.shipped, p.shipped.Size())
	if err != nil {
		t.Fatal(err)
	}
	pcln, _ := im.section(".gopclntab")
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":                {nil, "its size of 0 bytes is out of range"},
		"text":                 {[]byte("#!/bin/sh\nexit 0\n"), "it is not an ELF file"},
		"cut short":            {raw[:len(raw)/2], "it is not an ELF file"},
		"another processor":    {patched(18, 0x28, 0), "it is for another architecture (EM_ARM)"},
		"position independent": {patched(16, 3, 0), "it is not an executable of fixed address (ET_DYN)"},
		"unknown pclntab":      {patched(int(pcln.offset), 0xf0), "its pclntab has an unknown layout"},
		"absurd pclntab":       {patched(int(pcln.offset)+8, 0xff, 0xff, 0xff, 0xff), "its pclntab has an invalid count of 4294967295 functions"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Attribute(bytes.NewReader(c.file), int64(len(c.file)), nil, 0)
			var d analyzer.Diagnostic
			if !errors.As(err, &d) {
				t.Fatalf("error %v is no diagnostic", err)
			}
			if !strings.HasSuffix(d.Message, ": "+c.want) || d.Hint == "" || d.Severity != analyzer.Error {
				t.Errorf("got %q, hint %q, want %q", d.Message, d.Hint, c.want)
			}
		})
	}
}

func byPackage(a Attribution) map[string]int64 {
	m := map[string]int64{}
	for _, r := range a.Rows {
		m[r.Package] += r.Bytes
	}
	return m
}

// TestTypes compares with the linker's list of kept symbols: exactly the type
// descriptors, names and import paths are found.
func TestTypes(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		t.Run(arch, func(t *testing.T) {
			kind := programtest.Smallest(t, arch)
			a := cut(t, build(t, kind, arch))
			end := uint64(0)
			for _, r := range a.regions {
				if r.kind == Strings {
					end = r.start
				}
			}
			r := &typeReader{image: a.image}
			found, unowned := 0, 0
			for _, n := range a.nodes {
				// The values of equality functions, 8 bytes each, are there too.
				if n.kind == Types && n.start < end && (n.end-n.start >= typeSize || uint64(len(r.nameBytes(n.start))) == n.end-n.start) {
					found++
					if n.owner == 0 {
						unowned++
					}
				}
			}
			kept := map[string]bool{}
			for line := range strings.Lines(dumped(t, kind, arch)) {
				_, to, _ := strings.Cut(strings.TrimSpace(line), " -> ")
				to, _ = splitFlags(to)
				if strings.HasPrefix(to, "type:") && !strings.HasPrefix(to, "type:.eq") && !strings.HasPrefix(to, "type:.hash") {
					kept[to] = true
				}
			}
			t.Logf("%d types and names kept, %d found, %d without a package", len(kept), found, unowned)
			if found != len(kept) || unowned > found/200 {
				t.Errorf("%d types and names found, %d without a package; the linker kept %d", found, unowned, len(kept))
			}
		})
	}
}
