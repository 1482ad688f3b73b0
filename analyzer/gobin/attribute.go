package gobin

import (
	"cmp"
	"debug/buildinfo"
	"fmt"
	"io"
	"slices"

	"github.com/featherpack/featherpack/analyzer"
)

// Attribution says where the bytes of one program come from.
type Attribution struct {
	// Rows are sorted by bytes, the largest first, then by package, name and
	// kind. Their Bytes sum to Size exactly.
	Rows []Row
	// Size is the file's size in bytes.
	Size int64
	// Owned is the share of Size that has a package, between 0 and 1.
	Owned float64
	// Symbols is set if the symbol table of a sibling was used. Without one, variables
	// are found through the code that refers to them.
	Symbols bool
	// Note says why the sibling could not be used.
	Note string
}

// Row is the part of a program that belongs to one package or to one named purpose.
type Row struct {
	// Package is an import path, or empty for bytes without an owner. Packages in the
	// standard library's vendor folder begin with "vendor/".
	Package string
	// Name describes the bytes, in parentheses, if Package is empty.
	Name string
	Kind Kind
	// Bytes is the number of bytes in the file. Count is the number of functions,
	// variables, strings or types that they belong to.
	Bytes int64
	Count int
}

// Kind is the purpose of bytes in a program.
type Kind string

const (
	Code     Kind = "code"     // machine instructions
	Pclntab  Kind = "pclntab"  // names, lines and stack maps of functions
	Data     Kind = "data"     // initialised variables
	Rodata   Kind = "rodata"   // constants, generic dictionaries, function values
	Strings  Kind = "strings"  // text of string constants
	Types    Kind = "types"    // type descriptors, their names and pointer masks
	Itabs    Kind = "itabs"    // method tables of type and interface pairs
	Headers  Kind = "headers"  // ELF headers and section names, for the operating system
	Metadata Kind = "metadata" // build ID, build information, masks for the garbage collector
	Padding  Kind = "padding"  // alignment between sections
	Debug    Kind = "debug"    // symbol table and DWARF, which stripping removes
)

// maxProgram bounds the size of a program that is read into memory. Lambda unpacks at
// most 262 MB, and an unstripped sibling is at most about twice as large.
const maxProgram = 1 << 30

// Attribute attributes every byte of the shipped program to a package or a named row.
//
// The sibling is the same program with its symbol table (-ldflags=-w instead of
// "-s -w"). It may be nil. Its symbols are used only if its loaded sections equal
// those of the shipped program, byte for byte. They do if both were built with
// -trimpath. Otherwise [Attribution.Note] says why the symbols were not used.
//
// A function's record, names and tables belong to its package. An object that several
// packages share (a string constant, a type such as []string, a stack map) is counted
// once, for the first package that refers to it in the linker's order. In that order
// a package comes before its importers.
//
// No library does this. debug/gosym reads the pclntab, but returns only the lines of
// functions, not types, strings or the tables themselves. A symbol table covers only
// part of a file.
//
// Attribute supports programs for linux/amd64 and linux/arm64 that were linked by Go
// 1.24 or later. For any other or damaged file it returns an [analyzer.Diagnostic].
func Attribute(shipped io.ReaderAt, size int64, sibling io.ReaderAt, siblingSize int64) (Attribution, error) {
	im, err := loadImage(shipped, size)
	if err != nil {
		return Attribution{}, err
	}
	info, err := buildinfo.Read(io.NewSectionReader(shipped, 0, size))
	if err != nil {
		return Attribution{}, unreadable("it has no Go build information")
	}
	a := &attribution{image: im, owners: newOwners(info.Path)}
	out := Attribution{Size: size}
	if sibling != nil {
		a.symbols, out.Note = siblingSymbols(im, sibling, siblingSize)
		out.Symbols = out.Note == ""
	}
	if a.module, err = findModule(im, info.GoVersion); err != nil {
		return Attribution{}, err
	}
	if err := a.run(); err != nil {
		return Attribution{}, err
	}
	out.Rows, err = a.rows(size)
	if err != nil {
		return Attribution{}, err
	}
	var owned int64
	for _, r := range out.Rows {
		if r.Package != "" {
			owned += r.Bytes
		}
	}
	out.Owned = float64(owned) / float64(size)
	return out, nil
}

// attribution is the state of one call of [Attribute].
type attribution struct {
	image   *image
	module  module
	symbols []symbol
	owners  *owners
	tables  pclntab
	// nodes are disjoint pieces of the loaded sections, in address order once
	// settle has run.
	nodes []node
	// refs are the references to addresses, in the order in which they may claim
	// ownership.
	refs  []reference
	words []wordRef
	// regions are the groups of unnamed objects in .rodata, by address.
	regions []region
}

// run splits the loaded sections into nodes and finds an owner for each.
func (a *attribution) run() error {
	if err := a.readFunctions(); err != nil {
		return err
	}
	a.placeSymbols()
	a.scanCode()
	a.scanWords()
	if err := a.readTypes(); err != nil {
		return err
	}
	a.placeReferenced()
	a.spread()
	return nil
}

// unreadable returns the error for a program that cannot be attributed.
func unreadable(format string, args ...any) error {
	return analyzer.Diagnostic{
		Code: "unreadable-program", Severity: analyzer.Error,
		Message: "cannot attribute the program's bytes: " + fmt.Sprintf(format, args...),
		Hint:    "it must be a complete ELF executable for linux on amd64 or arm64, linked by Go 1.24 or later without -buildmode=pie",
	}
}

// rows adds up the nodes, and adds named rows for the bytes outside them.
func (a *attribution) rows(size int64) ([]Row, error) {
	sums := map[Row]Row{}
	add := func(owner int32, name string, kind Kind, bytes int64, count int) {
		key := Row{Package: a.owners.path(owner), Name: name, Kind: kind}
		if owner != 0 {
			key.Name = ""
		}
		sum := sums[key]
		sum.Bytes += bytes
		sum.Count += count
		sums[key] = sum
	}
	at := int64(0)
	next := 0
	for i, s := range a.image.sections {
		if s.offset < at {
			return nil, unreadable("its sections overlap")
		}
		// The ELF and program headers come before the first section.
		if between := s.offset - at; between > 0 && i == 0 {
			add(0, "(elf headers)", Headers, between, 0)
		} else if between > 0 {
			add(0, "(alignment of sections)", Padding, between, 0)
		}
		at = s.offset + s.size()
		if !s.loaded {
			add(0, "("+s.title()+")", s.kind(), s.size(), 0)
			continue
		}
		for next < len(a.nodes) && a.nodes[next].start < s.addr {
			next++
		}
		// A node extends to the next one: alignment belongs to the node before it.
		from := s.addr
		for ; next < len(a.nodes) && a.nodes[next].start < s.end(); next++ {
			n := a.nodes[next]
			if n.start > from {
				add(0, "("+s.title()+")", s.kind(), int64(n.start-from), 0)
			}
			end := min(n.end, s.end())
			limit := s.end()
			if next+1 < len(a.nodes) {
				limit = min(limit, a.nodes[next+1].start)
			}
			if limit-end < maxAlignment {
				end = limit
			}
			name := n.name
			if name == "" {
				name = "(" + string(n.kind) + " of no package)"
			}
			add(n.owner, name, n.kind, int64(end-n.start), 1)
			from = end
		}
		if from < s.end() {
			add(0, "("+s.title()+")", s.kind(), int64(s.end()-from), 0)
		}
	}
	if at > size {
		return nil, unreadable("it is shorter than its section headers say")
	}
	if at < size {
		add(0, "(alignment of sections)", Padding, size-at, 0)
	}
	out := make([]Row, 0, len(sums))
	for key, sum := range sums {
		key.Bytes, key.Count = sum.Bytes, sum.Count
		out = append(out, key)
	}
	slices.SortFunc(out, func(a, b Row) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Package, b.Package),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.Kind, b.Kind))
	})
	return out, nil
}

// maxAlignment is the largest gap, in bytes, that is counted as alignment.
const maxAlignment = 64
