package gobin

import (
	"bytes"
	"cmp"
	"debug/elf"
	"encoding/binary"
	"io"
	"slices"
	"strings"
)

// image is a program as the kernel would map it. Addresses are those of the linked
// program. Reads outside a loaded section return zero and false.
type image struct {
	machine elf.Machine
	// sections are the sections with bytes in the file, by file offset. The section
	// headers are added as a section.
	sections []section
	// loaded are the sections that have an address, by address.
	loaded []section
}

// section is a range of the file's bytes.
type section struct {
	name   string
	addr   uint64
	offset int64
	data   []byte
	loaded bool
	exec   bool
	// debug marks sections that stripping removes.
	debug bool
}

func (s section) size() int64 { return int64(len(s.data)) }

func (s section) end() uint64 { return s.addr + uint64(len(s.data)) }

// contains reports whether the n bytes at addr are within the section.
func (s section) contains(addr, n uint64) bool {
	return addr >= s.addr && addr < s.end() && n <= s.end()-addr
}

// title is the row name for bytes of the section that belong to no package.
func (s section) title() string {
	switch {
	case strings.HasPrefix(s.name, ".note."):
		return "build id"
	case s.name == ".go.buildinfo":
		return "build info"
	case s.name == ".shstrtab", s.name == headersName:
		return "elf headers"
	case s.debug:
		return "debug section " + s.name
	}
	return "rest of section " + s.name
}

func (s section) kind() Kind {
	switch {
	case s.debug:
		return Debug
	case strings.HasPrefix(s.name, ".note."), s.name == ".go.buildinfo":
		return Metadata
	case !s.loaded:
		return Headers
	case s.exec:
		return Code
	case s.name == ".gopclntab":
		return Pclntab
	case s.name == ".data", s.name == ".noptrdata":
		return Data
	}
	return Rodata
}

const (
	headersName = "section headers"
	// maxSections is far above the 30 or so of a Go program with cgo.
	maxSections = 1000
)

// loadImage reads a whole ELF executable.
func loadImage(r io.ReaderAt, size int64) (*image, error) {
	if size <= 0 || size > maxProgram {
		return nil, unreadable("its size of %d bytes is out of range", size)
	}
	raw := make([]byte, size)
	if n, err := r.ReadAt(raw, 0); int64(n) != size {
		return nil, unreadable("reading it failed: %v", err)
	}
	f, err := elf.NewFile(bytes.NewReader(raw))
	if err != nil {
		return nil, unreadable("it is not an ELF file")
	}
	switch {
	case f.Class != elf.ELFCLASS64 || f.ByteOrder != binary.LittleEndian,
		f.Machine != elf.EM_X86_64 && f.Machine != elf.EM_AARCH64:
		return nil, unreadable("it is for another architecture (%v)", f.Machine)
	case f.Type != elf.ET_EXEC:
		return nil, unreadable("it is not an executable of fixed address (%v)", f.Type)
	case len(f.Sections) > maxSections:
		return nil, unreadable("it has %d sections", len(f.Sections))
	}
	im := &image{machine: f.Machine}
	for _, s := range f.Sections {
		// FileSize is the size in the file, compressed or not.
		if s.Type == elf.SHT_NOBITS || s.Type == elf.SHT_NULL || s.FileSize == 0 {
			continue
		}
		if s.Offset > uint64(size) || s.FileSize > uint64(size)-s.Offset || s.Addr > 1<<62 {
			return nil, unreadable("section %q is outside the file", s.Name)
		}
		im.sections = append(im.sections, section{
			name: s.Name, addr: s.Addr, offset: int64(s.Offset), data: raw[s.Offset : s.Offset+s.FileSize],
			loaded: s.Flags&elf.SHF_ALLOC != 0 && s.Addr != 0,
			exec:   s.Flags&elf.SHF_EXECINSTR != 0,
			debug:  s.Type == elf.SHT_SYMTAB || s.Name == ".strtab" || strings.HasPrefix(s.Name, ".debug_") || strings.HasPrefix(s.Name, ".zdebug_"),
		})
	}
	im.sections = addHeaders(im.sections, raw)
	slices.SortFunc(im.sections, func(a, b section) int {
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(a.name, b.name))
	})
	for _, s := range im.sections {
		if s.loaded {
			im.loaded = append(im.loaded, s)
		}
	}
	for i := 1; i < len(im.loaded); i++ {
		if im.loaded[i].addr < im.loaded[i-1].end() {
			return nil, unreadable("its sections are out of order")
		}
	}
	return im, nil
}

// addHeaders adds the table of section headers unless it is inside another section.
// Go's linker puts it after the program headers at the front, the system's linkers
// put it at the end.
func addHeaders(sections []section, raw []byte) []section {
	offset := binary.LittleEndian.Uint64(raw[40:])
	length := uint64(binary.LittleEndian.Uint16(raw[58:])) * uint64(binary.LittleEndian.Uint16(raw[60:]))
	first := uint64(len(raw))
	for _, s := range sections {
		first = min(first, uint64(s.offset))
	}
	if length == 0 || offset < first || offset > uint64(len(raw)) || length > uint64(len(raw))-offset {
		return sections
	}
	return append(sections, section{name: headersName, offset: int64(offset), data: raw[offset : offset+length]})
}

// section returns the loaded section of that name.
func (im *image) section(name string) (section, bool) {
	for _, s := range im.loaded {
		if s.name == name {
			return s, true
		}
	}
	return section{}, false
}

// at returns the loaded section that contains an address.
func (im *image) at(addr uint64) (section, bool) {
	for _, s := range im.loaded {
		if addr >= s.addr && addr < s.end() {
			return s, true
		}
	}
	return section{}, false
}

// bytes returns n bytes at an address, or nil unless all of them are mapped.
func (im *image) bytes(addr, n uint64) []byte {
	s, ok := im.at(addr)
	if !ok || !s.contains(addr, n) {
		return nil
	}
	return s.data[addr-s.addr : addr-s.addr+n]
}

// word reads a pointer-sized value.
func (im *image) word(addr uint64) (uint64, bool) {
	if b := im.bytes(addr, 8); b != nil {
		return binary.LittleEndian.Uint64(b), true
	}
	return 0, false
}

// sameLoaded compares the loaded sections of two programs, and returns the name of
// the first that differs. It ignores notes, because their build ID depends on the
// linker flags.
func (im *image) sameLoaded(other *image) (string, bool) {
	if len(im.loaded) != len(other.loaded) {
		return "the list of sections", false
	}
	for i, s := range im.loaded {
		o := other.loaded[i]
		if s.name != o.name || s.addr != o.addr || len(s.data) != len(o.data) {
			return "section " + s.name, false
		}
		if !strings.HasPrefix(s.name, ".note.") && !bytes.Equal(s.data, o.data) {
			return "section " + s.name, false
		}
	}
	return "", true
}
