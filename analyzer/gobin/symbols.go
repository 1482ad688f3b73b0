package gobin

import (
	"cmp"
	"debug/elf"
	"encoding/binary"
	"io"
	"slices"
	"strings"
)

// symbol is an entry of a program's symbol table.
type symbol struct {
	name       string
	addr, size uint64
}

// siblingSymbols reads the symbols of a program that differs from im only in its
// symbol table. If it returns none, the note says why.
func siblingSymbols(im *image, r io.ReaderAt, size int64) ([]symbol, string) {
	other, err := loadImage(r, size)
	if err != nil {
		return nil, "the sibling with symbols could not be read"
	}
	if where, same := im.sameLoaded(other); !same {
		return nil, "the sibling with symbols differs from the program in " + where
	}
	var table, names []byte
	for _, s := range other.sections {
		switch s.name {
		case ".symtab":
			table = s.data
		case ".strtab":
			names = s.data
		}
	}
	symbols := readSymbols(table, names)
	if len(symbols) == 0 {
		return nil, "the sibling has no symbol table"
	}
	return symbols, ""
}

// readSymbols decodes an ELF64 symbol table, sorted by address. All names share one
// string, so the result takes about as much memory as the table.
func readSymbols(table, names []byte) []symbol {
	const entry = elf.Sym64Size
	text := string(names)
	symbols := make([]symbol, 0, len(table)/entry)
	// Linkers may share the ends of names. A table with more overlap is damaged, and
	// reading it could take quadratic time.
	budget := 8*len(names) + 1<<16
	for ; len(table) >= entry; table = table[entry:] {
		off := binary.LittleEndian.Uint32(table)
		shndx := elf.SectionIndex(binary.LittleEndian.Uint16(table[6:]))
		if uint64(off) >= uint64(len(text)) || shndx == elf.SHN_UNDEF || shndx >= elf.SHN_LORESERVE {
			continue
		}
		name := text[off:]
		end := strings.IndexByte(name, 0)
		if budget -= end; end < 0 || budget < 0 {
			return nil
		}
		if end == 0 {
			continue
		}
		symbols = append(symbols, symbol{
			name: name[:end],
			addr: binary.LittleEndian.Uint64(table[8:]),
			size: binary.LittleEndian.Uint64(table[16:]),
		})
	}
	slices.SortFunc(symbols, func(a, b symbol) int {
		return cmp.Or(cmp.Compare(a.addr, b.addr), cmp.Compare(b.size, a.size), cmp.Compare(a.name, b.name))
	})
	return symbols
}

// PackageOf returns the import path in a symbol's name, in the linker's form. It
// returns "" for a name without one: local labels in assembly, float constants, and
// compiler-generated symbols of unnamed types.
//
// A method wrapper or closure belongs to the package of its type or function. An
// instance of a generic function belongs to the package that declares the function.
func PackageOf(name string) string {
	if rest, ok := strings.CutPrefix(name, "type:"); ok {
		rest = strings.TrimPrefix(rest, ".eq.")
		return packageOfType(strings.TrimPrefix(rest, ".hash."))
	}
	if rest, ok := strings.CutPrefix(name, "go:itab."); ok {
		return packageOfType(rest)
	}
	if strings.HasPrefix(name, "go:") || strings.HasPrefix(name, "$") {
		return ""
	}
	// A receiver or type arguments may contain slashes and dots.
	if i := strings.IndexAny(name, "[("); i >= 0 {
		name = name[:i]
	}
	slash := strings.LastIndexByte(name, '/') + 1
	dot := strings.IndexByte(name[slash:], '.')
	if dot <= 0 {
		return ""
	}
	return unescapePath(name[:slash+dot])
}

// packageOfType returns the package of the named type in a type.
func packageOfType(name string) string {
	for {
		switch {
		case strings.HasPrefix(name, "*"):
			name = name[1:]
		case strings.HasPrefix(name, "["):
			i := strings.IndexByte(name, ']')
			if i < 0 {
				return ""
			}
			name = name[i+1:]
		case strings.HasPrefix(name, "struct {"), strings.HasPrefix(name, "func("),
			strings.HasPrefix(name, "interface {"), strings.HasPrefix(name, "map["), strings.HasPrefix(name, "noalg."):
			return ""
		default:
			if i := strings.IndexByte(name, ','); i >= 0 {
				name = name[:i]
			}
			return PackageOf(name)
		}
	}
}

// unescapePath decodes the linker's escapes: %2e for a dot in a path's last element
// (cmd/internal/objabi/path.go).
func unescapePath(path string) string {
	if !strings.Contains(path, "%") {
		return path
	}
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] == '%' && i+2 < len(path) {
			hi, lo := unhex(path[i+1]), unhex(path[i+2])
			if hi >= 0 && lo >= 0 {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(path[i])
	}
	return b.String()
}

func unhex(c byte) int { return strings.IndexByte("0123456789abcdef", c) }

// owners numbers the packages. 0 means no owner.
type owners struct {
	paths []string
	byKey map[string]int32
	main  string
}

func newOwners(mainPath string) *owners {
	if mainPath == "" {
		mainPath = "main"
	}
	return &owners{paths: []string{""}, byKey: map[string]int32{"": 0}, main: mainPath}
}

// of returns the number of a package. "main" is the program's main package.
func (o *owners) of(pkg string) int32 {
	if n, ok := o.byKey[pkg]; ok {
		return n
	}
	path := pkg
	if pkg == "main" {
		path = o.main
	}
	if path != pkg {
		n := o.of(path)
		o.byKey[pkg] = n
		return n
	}
	n := int32(len(o.paths))
	o.paths = append(o.paths, pkg)
	o.byKey[pkg] = n
	return n
}

func (o *owners) path(n int32) string { return o.paths[n] }
