package native

import (
	"bytes"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Platform is what native code is built for. OS and CPU have the values of
// process.platform and process.arch.
type Platform struct {
	OS   string // linux, darwin, win32, freebsd
	CPU  string // x64, arm64, ia32, arm, ...
	Libc string // glibc or musl; empty if it is neither or not known
	// ABI is the version of Node's binary interface (NODE_MODULE_VERSION) that an addon is
	// compiled for. It is empty if it uses Node-API, which all versions have, and if it is
	// not known.
	ABI string
	// Needed are the shared libraries that it links. RunPath are the folders that the
	// loader searches for them. $ORIGIN is the library's own folder.
	Needed  []string
	RunPath []string
}

// Fits reports whether code for p runs on the target. An unknown libc fits, and so does an
// unknown ABI.
func (p Platform) Fits(target Platform) bool {
	return p.FitsMachine(target) && (p.ABI == "" || target.ABI == "" || p.ABI == target.ABI)
}

// FitsMachine is Fits whatever the version of Node.
func (p Platform) FitsMachine(target Platform) bool {
	return p.OS == target.OS && p.CPU == target.CPU && (p.Libc == "" || target.Libc == "" || p.Libc == target.Libc)
}

// String returns the platform as npm packages spell it: linux-x64-musl.
func (p Platform) String() string {
	s := p.OS + "-" + p.CPU
	if p.Libc == "musl" {
		s += "-musl"
	}
	return s
}

// maxNeeded bounds the libraries of one file and the entries read of a dynamic
// section.
const maxNeeded = 512

var errNoBinary = errors.New("is not a native library: it has no ELF, Mach-O or PE header")

// maxHeaders bounds how many bytes of one library are read: headers and names, not
// code. The file itself states how large these are.
const maxHeaders = 32 << 20

// bounded returns an error once more than left bytes have been read.
type bounded struct {
	r    io.ReaderAt
	left int
}

func (b *bounded) ReadAt(p []byte, off int64) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("its headers are larger than those of any library")
	}
	return b.r.ReadAt(p, off)
}

// Read reads the headers of a native library, at most 32 MiB of them.
func Read(r io.ReaderAt) (p Platform, err error) {
	defer func() {
		// The debug packages may panic on hostile files.
		if recover() != nil {
			p, err = Platform{}, errNoBinary
		}
	}()
	r = &bounded{r, maxHeaders}
	magic := read(r, 0, 8)
	switch {
	case magic == nil:
	case string(magic[:4]) == elf.ELFMAG:
		return readELF(r)
	case string(magic[:2]) == "MZ":
		return readPE(r)
	case binary.BigEndian.Uint32(magic) == macho.MagicFat:
		return Platform{OS: "darwin", CPU: "universal"}, nil
	case binary.LittleEndian.Uint32(magic)|1 == macho.Magic64:
		return Platform{OS: "darwin", CPU: machOCPUs[macho.Cpu(binary.LittleEndian.Uint32(magic[4:]))]}, nil
	}
	return Platform{}, errNoBinary
}

// read returns n bytes at an offset, or nil if the file has fewer.
func read(r io.ReaderAt, at int64, n int) []byte {
	b := make([]byte, n)
	if m, _ := r.ReadAt(b, at); m < n {
		return nil
	}
	return b
}

var machOCPUs = map[macho.Cpu]string{macho.CpuAmd64: "x64", macho.CpuArm64: "arm64", macho.Cpu386: "ia32"}

var peCPUs = map[uint16]string{
	pe.IMAGE_FILE_MACHINE_AMD64: "x64", pe.IMAGE_FILE_MACHINE_ARM64: "arm64", pe.IMAGE_FILE_MACHINE_I386: "ia32",
}

// readPE reads the COFF header. The file's imports are not read: it never runs on
// Lambda.
func readPE(r io.ReaderAt) (Platform, error) {
	if at := read(r, 0x3c, 4); at != nil {
		if h := read(r, int64(binary.LittleEndian.Uint32(at)), 6); h != nil && string(h[:4]) == "PE\x00\x00" {
			return Platform{OS: "win32", CPU: peCPUs[binary.LittleEndian.Uint16(h[4:])]}, nil
		}
	}
	return Platform{}, errNoBinary
}

// ReadFile is Read for a file of the project.
func ReadFile(files fs.FS, name string) (Platform, error) {
	if !fs.ValidPath(name) {
		return Platform{}, fmt.Errorf("%q is no path inside the project", name)
	}
	// Opening a named pipe would block for ever.
	if info, err := fs.Stat(files, name); err != nil {
		return Platform{}, err
	} else if !info.Mode().IsRegular() {
		return Platform{}, errNoBinary
	}
	f, err := files.Open(name)
	if err != nil {
		return Platform{}, err
	}
	defer f.Close()
	if r, ok := f.(io.ReaderAt); ok {
		return Read(r)
	}
	b, err := io.ReadAll(io.LimitReader(f, 64<<20))
	if err != nil {
		return Platform{}, err
	}
	return Read(bytes.NewReader(b))
}

var elfCPUs = map[elf.Machine]string{
	elf.EM_X86_64: "x64", elf.EM_AARCH64: "arm64", elf.EM_386: "ia32", elf.EM_ARM: "arm", elf.EM_RISCV: "riscv64",
	elf.EM_PPC64: "ppc64", elf.EM_S390: "s390x", elf.EM_LOONGARCH: "loong64", elf.EM_MIPS: "mips",
}

// readELF reads the headers and the dynamic section.
func readELF(r io.ReaderAt) (Platform, error) {
	f, err := elf.NewFile(r)
	if err != nil {
		return Platform{}, fmt.Errorf("is not a valid ELF file: %w", err)
	}
	p := Platform{OS: "linux", CPU: elfCPUs[f.Machine]}
	switch f.OSABI {
	case elf.ELFOSABI_FREEBSD:
		p.OS = "freebsd"
	case elf.ELFOSABI_OPENBSD:
		p.OS = "openbsd"
	case elf.ELFOSABI_NETBSD:
		p.OS = "netbsd"
	}
	if p.CPU == "" {
		p.CPU = strings.ToLower(strings.TrimPrefix(f.Machine.String(), "EM_"))
	}
	p.Needed, _ = f.DynString(elf.DT_NEEDED)
	if len(p.Needed) > maxNeeded {
		return Platform{}, fmt.Errorf("needs more than %d shared libraries", maxNeeded)
	}
	for _, tag := range []elf.DynTag{elf.DT_RUNPATH, elf.DT_RPATH} {
		lists, _ := f.DynString(tag)
		for _, l := range lists {
			for dir := range strings.SplitSeq(l, ":") {
				if dir != "" && len(p.RunPath) < maxNeeded {
					p.RunPath = append(p.RunPath, dir)
				}
			}
		}
		if len(p.RunPath) > 0 {
			break // DT_RPATH counts only without a DT_RUNPATH
		}
	}
	p.Libc = libcOf(p.Needed)
	if p.Libc == "" {
		for _, prog := range f.Progs {
			if prog.Type == elf.PT_INTERP && prog.Filesz < 256 {
				b := make([]byte, prog.Filesz)
				if _, err := prog.ReadAt(b, 0); err == nil && bytes.Contains(b, []byte("ld-musl")) {
					p.Libc = "musl"
				}
			}
		}
	}
	if p.OS == "linux" && slices.Contains(p.Needed, "liblog.so") {
		p.OS = "android"
	}
	p.ABI = abiOf(f)
	return p, nil
}

// libcOf recognises the C library by the names of the linked libraries.
func libcOf(needed []string) string {
	for _, n := range needed {
		switch {
		case strings.HasPrefix(n, "libc.musl-"), strings.HasPrefix(n, "ld-musl-"), n == "libc.so":
			return "musl"
		case n == "libc.so.6", strings.HasPrefix(n, "ld-linux-"), n == "libpthread.so.0", n == "libm.so.6", n == "libdl.so.2":
			return "glibc"
		}
	}
	return ""
}

// Libraries lists the project's shared libraries that a native library links,
// directly and indirectly, sorted. It searches as the loader does: in the run
// path, where $ORIGIN is the library's own folder. The system must provide
// libraries that are not found there.
func Libraries(files fs.FS, name string) []string {
	found := map[string]bool{name: true}
	queue := []string{name}
	for len(queue) > 0 && len(found) <= maxNeeded {
		at := queue[0]
		queue = queue[1:]
		p, err := ReadFile(files, at)
		if err != nil {
			continue
		}
		for _, lib := range p.Needed {
			for _, dir := range p.RunPath {
				rest, ok := strings.CutPrefix(strings.ReplaceAll(dir, "${ORIGIN}", "$ORIGIN"), "$ORIGIN")
				if !ok || strings.Contains(lib, "/") {
					continue
				}
				file := path.Join(path.Dir(at), rest, lib)
				if !fs.ValidPath(file) {
					continue
				}
				st, err := fs.Stat(files, file)
				if err != nil || !st.Mode().IsRegular() {
					continue
				}
				if !found[file] {
					found[file] = true
					queue = append(queue, file)
				}
				break
			}
		}
	}
	delete(found, name)
	out := make([]string, 0, len(found))
	for f := range found {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}
