package gobin

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin/programtest"
	"github.com/featherpack/featherpack/analyzer/inputtest"
)

// FuzzAttribute overwrites bytes of a real program. The result must be an attribution
// that sums to the file size, or a diagnostic.
func FuzzAttribute(f *testing.F) {
	raw := programtest.Link(f, "empty", "amd64", "-w")
	im, err := loadImage(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range im.sections {
		f.Add(uint32(s.offset), []byte{0xff, 0xff, 0xff, 0x7f}, uint32(s.offset+64), []byte{1})
	}
	f.Add(uint32(40), []byte{0, 0, 0, 0}, uint32(0), []byte{})
	f.Fuzz(func(t *testing.T, at uint32, patch []byte, at2 uint32, patch2 []byte) {
		defer inputtest.Bound(t)()
		c := bytes.Clone(raw)
		copy(c[int(at)%len(c):], patch)
		copy(c[int(at2)%len(c):], patch2)
		for _, sibling := range []*bytes.Reader{bytes.NewReader(c), nil} {
			var got Attribution
			var err error
			if sibling != nil {
				got, err = Attribute(bytes.NewReader(c), int64(len(c)), sibling, int64(len(c)))
			} else {
				got, err = Attribute(bytes.NewReader(c), int64(len(c)), nil, 0)
			}
			var d analyzer.Diagnostic
			if err != nil && !errors.As(err, &d) {
				t.Fatalf("error %v is no diagnostic", err)
			}
			if err == nil {
				checkRows(t, got, int64(len(c)))
			}
		}
	})
}

// FuzzScan walks arbitrary code. Every walk must end, and stay within the code.
func FuzzScan(f *testing.F) {
	f.Add([]byte{0x48, 0x8d, 0x05, 0x10, 0, 0, 0, 0xc3})
	f.Add([]byte{0x62, 0xf1, 0x7c, 0x48, 0x10, 0x05, 0, 0, 0, 0, 0xc5, 0xf8, 0x77})
	f.Add(binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, 0xb000001b), 0x9100a360))
	f.Fuzz(func(t *testing.T, code []byte) {
		defer inputtest.Bound(t)()
		n := 0
		scanX86(code, 0x401000, func(uint64) { n++ })
		scanARM(code, 0x401000, func(uint64) { n++ })
		if n > len(code) {
			t.Errorf("%d references in %d bytes", n, len(code))
		}
		for i := range code {
			length, displacement := lengthX86(code[i:])
			if length < 1 || length > len(code)-i || displacement+4 > length && displacement != 0 {
				t.Fatalf("length %d, displacement %d of % x", length, displacement, code[i:])
			}
		}
	})
}

// FuzzSymbolNames decodes arbitrary symbol names.
func FuzzSymbolNames(f *testing.F) {
	for _, c := range symbolNames {
		f.Add(c.name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		defer inputtest.Bound(t)()
		if pkg := PackageOf(name); len(pkg) > len(name) {
			t.Errorf("%q from %q", pkg, name)
		}
		readSymbols([]byte(name), []byte(name))
	})
}

// TestX86Lengths checks that the walk ends exactly at the end of every function of a
// real program.
func TestX86Lengths(t *testing.T) {
	for _, kind := range []string{"minimal", "aws", "gin"} {
		t.Run(kind, func(t *testing.T) {
			programtest.SkipUnlessQuick(t, "amd64", kind)
			a := cut(t, build(t, kind, "amd64"))
			if a.image.machine != elf.EM_X86_64 {
				t.Fatal("not an amd64 program")
			}
			lost, instructions := 0, 0
			for _, f := range a.tables.functions {
				code := a.image.bytes(f.start, f.end-f.start)
				at := 0
				for at < len(code) {
					n, _ := lengthX86(code[at:])
					at += n
					instructions++
				}
				// The padding after the last instruction is INT3, one byte each. So a walk
				// with a wrong length overruns the function.
				if at != len(code) {
					lost++
				}
			}
			t.Logf("%d instructions in %d functions", instructions, len(a.tables.functions))
			if lost > 0 || instructions < 100_000 {
				t.Errorf("%d functions were not walked to their end", lost)
			}
		})
	}
}
