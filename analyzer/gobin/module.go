package gobin

import (
	"bytes"
	"debug/buildinfo"
	"encoding/binary"
	"go/version"
	"strings"
)

// module holds the parts of the runtime's moduledata (runtime/symtab.go) that
// attribution needs.
type module struct {
	// Each table is an address and a length in bytes.
	header, names, units, files, pcs, funcs table
	lookup                                  uint64 // findfunctab
	text                                    uint64
	types, etypes                           uint64
	gcdata, gcbss                           uint64
	rodata                                  uint64
	funcdata                                uint64
	funcdataEnd                             uint64
	typelinks, itabs                        table
}

type table struct{ addr, size uint64 }

func (t table) end() uint64 { return t.addr + t.size }

// findModule finds and reads the moduledata. Go 1.26 puts it in its own section. In
// earlier versions its first word, the address of the pclntab, identifies it.
func findModule(im *image, goVersion string) (module, error) {
	v := "go" + strings.TrimPrefix(strings.Fields(goVersion + " ")[0], "go")
	if version.Compare(v, "go1.24") < 0 && !strings.HasPrefix(goVersion, "devel") {
		return module{}, unreadable("it was linked by %s", v)
	}
	pcln, ok := im.section(".gopclntab")
	if !ok {
		return module{}, unreadable("it has no section .gopclntab")
	}
	later := version.Compare(v, "go1.26") >= 0 || strings.HasPrefix(goVersion, "devel")
	if s, ok := im.section(".go.module"); ok {
		if m, ok := readModule(im, s.addr, pcln, later); ok {
			return m, nil
		}
	}
	for _, name := range []string{".noptrdata", ".data"} {
		s, _ := im.section(name)
		for off := 0; off+8 <= len(s.data); off += 8 {
			if binary.LittleEndian.Uint64(s.data[off:]) != pcln.addr {
				continue
			}
			if m, ok := readModule(im, s.addr+uint64(off), pcln, later); ok {
				return m, nil
			}
		}
	}
	return module{}, unreadable("its module data was not found")
}

// openProgram reads a program in memory and finds its moduledata.
func openProgram(program []byte) (*image, module, error) {
	im, err := loadImage(bytes.NewReader(program), int64(len(program)))
	if err != nil {
		return nil, module{}, err
	}
	info, err := buildinfo.Read(bytes.NewReader(program))
	if err != nil {
		return nil, module{}, unreadable("it has no Go build information")
	}
	m, err := findModule(im, info.GoVersion)
	return im, m, err
}

// readModule reads the moduledata at an address. It fails if a table is not in the
// section that it must be in.
func readModule(im *image, addr uint64, pcln section, later bool) (m module, ok bool) {
	ok = true
	next := func() uint64 {
		v, mapped := im.word(addr)
		addr += 8
		ok = ok && mapped
		return v
	}
	slice := func(elem uint64) table {
		t := table{addr: next(), size: next()}
		next()
		if t.size > maxProgram {
			ok = false
			return table{}
		}
		t.size *= elem
		return t
	}
	m.header = table{next(), pclnHeader}
	m.names, m.units, m.files, m.pcs = slice(1), slice(4), slice(1), slice(1)
	m.funcs = slice(1)
	slice(8) // the index at the front of funcs
	m.lookup = next()
	next()
	next() // minpc, maxpc
	m.text = next()
	next() // etext
	for range 10 {
		next() // noptrdata, data, bss, noptrbss, covctrs: start and end of each
	}
	next() // end
	m.gcdata, m.gcbss, m.types, m.etypes, m.rodata, m.funcdata = next(), next(), next(), next(), next(), next()
	if later {
		m.funcdataEnd = next()
	}
	slice(24) // textsectmap
	m.typelinks, m.itabs = slice(4), slice(8)
	if !ok || m.header.addr != pcln.addr || m.etypes < m.types {
		return m, false
	}
	for _, t := range []table{m.header, m.names, m.units, m.files, m.pcs, m.funcs} {
		if t.size > 0 && !pcln.contains(t.addr, t.size) {
			return m, false
		}
	}
	for _, t := range []table{m.typelinks, m.itabs, {m.types, m.etypes - m.types}} {
		if t.size > 0 && im.bytes(t.addr, t.size) == nil {
			return m, false
		}
	}
	if m.funcdataEnd != 0 && (m.funcdataEnd < m.funcdata || !pcln.contains(m.funcdata, m.funcdataEnd-m.funcdata)) {
		return m, false
	}
	_, text := im.at(m.text)
	return m, text
}
