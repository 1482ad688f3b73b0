package golang

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"debug/elf"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/goflags"
)

// ship writes the program that is deployed: a copy of the linked program without the
// symbol table, which only [builder.attribute] needs. The build IDs of the copy are
// digests of its content, not of the inputs.
//
// This needs one link. Linking a stripped program and one with symbols would need
// two. It also makes artifacts independent of comments: a changed comment changes
// only the IDs that the Go linker writes. The go command needs its own IDs to see
// that a program is up to date, so the linked program stays in the cache folder.
func (s settings) ship(linked, to string) error {
	raw, err := os.ReadFile(linked)
	if err != nil {
		return storeError("reading the linked program", err)
	}
	out, err := strip(raw)
	if err != nil {
		return err
	}
	s.identify(out)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return storeError("making the cache folder", err)
	}
	return keep(to, out, 0o755)
}

// errNotStripped means that a linked program is damaged or has an unexpected layout.
var errNotStripped = errors.New("it is not a complete ELF executable for amd64 or arm64")

func unstrippable() analyzer.Diagnostic {
	return analyzer.Diagnostic{
		Code: "unreadable-program", Severity: analyzer.Error,
		Message: "the linked program cannot be stripped: " + errNotStripped.Error(),
		Hint:    "remove flags such as -buildmode, -linkmode and -extldflags from GOFLAGS and ldflags",
	}
}

// Offsets and sizes in ELF64 headers (https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html).
const (
	atSectionTable = 40
	atSectionCount = 60
	headerSize     = 64
	sectionSize    = 64
)

// strip returns an executable without its symbol table and debug sections. For a
// program that Go 1.26 linked with -w, the result equals what Go links with -s -w,
// byte for byte, except for the build IDs. Mapped bytes are copied unchanged.
//
// There is no library for this: debug/elf only reads. The strip command may be
// missing or may differ between machines, and a second link takes seconds.
func strip(raw []byte) ([]byte, error) {
	// elf.NewFile checks that the tables are within the file.
	if f, err := elf.NewFile(bytes.NewReader(raw)); err != nil || f.Class != elf.ELFCLASS64 || f.Data != elf.ELFDATA2LSB || f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN {
		return nil, errNotStripped
	}
	sections, names, err := readSections(raw)
	if err != nil {
		return nil, err
	}

	// Unmapped sections follow the mapped ones.
	mapped, tail := uint64(headerSize), uint64(len(raw))
	for _, s := range sections {
		if s.isMapped() {
			mapped = max(mapped, s.Off+s.Size)
		}
	}
	for _, s := range sections {
		if !s.isMapped() && s.holdsBytes() && s.Off >= mapped {
			tail = min(tail, s.Off)
		}
	}
	// Go's linker puts the section table at the front, other linkers put it last.
	table := binary.LittleEndian.Uint64(raw[atSectionTable:])
	tableSize := uint64(len(sections)) * sectionSize
	shstrndx := int(binary.LittleEndian.Uint16(raw[atSectionCount+2:]))
	inFront := table < mapped
	if !inFront {
		tail = min(tail, table)
	}
	if inFront && table+tableSize > tail {
		return nil, errNotStripped
	}
	out := append(make([]byte, 0, len(raw)), raw[:tail]...)

	dropped := func(i int) bool {
		s := sections[i]
		return s.Type == uint32(elf.SHT_SYMTAB) || !s.isMapped() && strings.HasPrefix(names[i], ".debug_") ||
			slices.ContainsFunc(sections, func(t section) bool { return t.Type == uint32(elf.SHT_SYMTAB) && t.Link == uint32(i) })
	}
	var kept []int
	number := make([]uint32, len(sections)) // by old number; 0 is no section
	for i := range sections {
		if i == 0 || !dropped(i) {
			number[i] = uint32(len(kept))
			kept = append(kept, i)
		}
	}
	renumbered := func(old uint32) uint32 {
		if uint64(old) < uint64(len(number)) {
			return number[old]
		}
		return 0
	}
	text := nameTable(sections, names, kept)
	for _, i := range kept {
		s := &sections[i]
		if s.Link = renumbered(s.Link); s.Flags&uint64(elf.SHF_INFO_LINK) != 0 {
			s.Info = renumbered(s.Info)
		}
		if s.isMapped() || !s.holdsBytes() || i != shstrndx && s.Off < tail {
			continue
		}
		content := raw[s.Off : s.Off+s.Size]
		if i == shstrndx {
			content = text
		}
		if s.Off < tail { // the names are between mapped sections: Go before 1.22
			if len(text) > len(content) || s.Off+s.Size > tail {
				return nil, errNotStripped
			}
			clear(out[s.Off : s.Off+s.Size])
			copy(out[s.Off:], text)
			s.Size = uint64(len(text))
			continue
		}
		out = pad(out, s.Addralign)
		s.Off, s.Size = uint64(len(out)), uint64(len(content))
		out = append(out, content...)
	}

	if inFront {
		clear(out[table : table+tableSize])
	} else {
		out = pad(out, 8)
		table = uint64(len(out))
		out = append(out, make([]byte, len(kept)*sectionSize)...)
	}
	for i, old := range kept {
		if _, err := binary.Encode(out[table+uint64(i)*sectionSize:], binary.LittleEndian, sections[old].Section64); err != nil {
			return nil, err
		}
	}
	binary.LittleEndian.PutUint64(out[atSectionTable:], table)
	binary.LittleEndian.PutUint16(out[atSectionCount:], uint16(len(kept)))
	binary.LittleEndian.PutUint16(out[atSectionCount+2:], uint16(number[shstrndx]))
	return out, nil
}

// section is an entry of the section table.
type section struct{ elf.Section64 }

func (s section) isMapped() bool {
	return s.Flags&uint64(elf.SHF_ALLOC) != 0 && s.holdsBytes()
}

func (s section) holdsBytes() bool {
	return s.Type != uint32(elf.SHT_NULL) && s.Type != uint32(elf.SHT_NOBITS)
}

// readSections reads the section table and the names. It checks that all sections
// with bytes are within the file.
func readSections(raw []byte) (sections []section, names []string, err error) {
	table := binary.LittleEndian.Uint64(raw[atSectionTable:])
	count := uint64(binary.LittleEndian.Uint16(raw[atSectionCount:]))
	shstrndx := uint64(binary.LittleEndian.Uint16(raw[atSectionCount+2:]))
	size := uint64(len(raw))
	if count == 0 || shstrndx == 0 || shstrndx >= count || table < headerSize || table > size || size-table < count*sectionSize {
		return nil, nil, errNotStripped
	}
	for i := range count {
		var s section
		if _, err := binary.Decode(raw[table+i*sectionSize:], binary.LittleEndian, &s.Section64); err != nil {
			return nil, nil, errNotStripped
		}
		if s.holdsBytes() && (s.Off > size || s.Size > size-s.Off) {
			return nil, nil, errNotStripped
		}
		sections = append(sections, s)
	}
	texts := sections[shstrndx]
	if !texts.holdsBytes() || texts.isMapped() {
		return nil, nil, errNotStripped
	}
	for _, s := range sections {
		text := raw[texts.Off : texts.Off+texts.Size]
		if uint64(s.Name) > uint64(len(text)) {
			return nil, nil, errNotStripped
		}
		name, _, _ := bytes.Cut(text[s.Name:], []byte{0})
		names = append(names, string(name))
	}
	return sections, names, nil
}

// nameTable returns the names of the kept sections in their old order, and updates
// the sections' offsets into it.
func nameTable(sections []section, names []string, kept []int) []byte {
	ordered := slices.Clone(kept)
	slices.SortStableFunc(ordered, func(a, b int) int { return cmp.Compare(sections[a].Name, sections[b].Name) })
	text := []byte{0}
	at := map[string]uint32{"": 0}
	for _, i := range ordered {
		if _, ok := at[names[i]]; !ok {
			at[names[i]] = uint32(len(text))
			text = append(append(text, names[i]...), 0)
		}
		sections[i].Name = at[names[i]]
	}
	return text
}

// pad adds zeros up to an alignment, a power of two of at most 64 KiB. It ignores
// larger alignments.
func pad(out []byte, align uint64) []byte {
	if align <= 1 || align > 1<<16 {
		return out
	}
	return append(out, make([]byte, (align-uint64(len(out))%align)%align)...)
}

// identify replaces the build IDs with digests of the program with cleared IDs. It
// keeps IDs that the user sets with linker flags.
func (s settings) identify(program []byte) {
	words, _ := goflags.Split(s.ldflags)
	names := func(flag string) bool {
		return slices.ContainsFunc(words, func(w string) bool {
			name, _, _ := strings.Cut(strings.TrimLeft(w, "-"), "=")
			return name == flag
		})
	}
	var own, gnu []byte
	if !names("buildid") {
		own = noteOf(program, goNote)
	}
	if !names("B") {
		gnu = noteOf(program, ".note.gnu.build-id")
	}
	clear(own)
	clear(gnu)
	sum := sha256.Sum256(program)
	for i := range gnu {
		gnu[i] = sum[i%len(sum)]
	}
	// In Go's format: four digests of 20 characters, separated by slashes.
	digest := base64.URLEncoding.EncodeToString(sum[:15]) + "/"
	for i := range own {
		own[i] = digest[i%len(digest)]
	}
}

const goNote = ".note.go.buildid"

// noteOf returns the content of an ELF note as a slice of the program, or nil if
// there is none.
func noteOf(program []byte, name string) []byte {
	sections, names, err := readSections(program)
	if err != nil {
		return nil
	}
	i := slices.Index(names, name)
	if i < 0 || !sections[i].holdsBytes() {
		return nil
	}
	return noteContent(program[sections[i].Off : sections[i].Off+sections[i].Size])
}

// noteContent returns the content of a note whose owner takes four bytes, as "Go"
// and "GNU" do with their padding. A note is: name size, content size, type, name,
// content.
func noteContent(note []byte) []byte {
	if len(note) < 16 || binary.LittleEndian.Uint32(note) != 4 || uint64(binary.LittleEndian.Uint32(note[4:])) > uint64(len(note)-16) {
		return nil
	}
	return note[16 : 16+binary.LittleEndian.Uint32(note[4:])]
}
