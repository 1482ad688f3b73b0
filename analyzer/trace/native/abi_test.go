package native

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"testing"
)

// registeringFile builds an ELF library with what the macro NODE_MODULE makes: a variable
// that starts with the ABI, and a call of node_module_register.
func registeringFile(variable string, abi uint32) []byte {
	const head, sections = 64, 6
	sectionNames := []byte("\x00.dynstr\x00.data\x00.symtab\x00.strtab\x00.shstrtab\x00")
	dynamicNames := []byte("\x00_ZN2v8\x00node_module_register\x00")
	data := binary.LittleEndian.AppendUint32(make([]byte, 8), abi) // another variable, then this
	names := append([]byte("\x00other\x00"), variable+"\x00"...)
	var symbols bytes.Buffer
	info := elf.ST_INFO(elf.STB_LOCAL, elf.STT_OBJECT)
	for _, symbol := range []elf.Sym64{{}, {Name: 1, Info: info, Shndx: 2, Value: 0x1000}, {Name: 7, Info: info, Shndx: 2, Value: 0x1008}} {
		binary.Write(&symbols, binary.LittleEndian, symbol)
	}
	made := []elf.Section64{
		{},
		{Name: 1, Type: uint32(elf.SHT_STRTAB)},
		{Name: 9, Type: uint32(elf.SHT_PROGBITS), Addr: 0x1000},
		{Name: 15, Type: uint32(elf.SHT_SYMTAB), Link: 4, Entsize: elf.Sym64Size},
		{Name: 23, Type: uint32(elf.SHT_STRTAB)},
		{Name: 31, Type: uint32(elf.SHT_STRTAB)},
	}
	var body bytes.Buffer
	for i, content := range [][]byte{nil, dynamicNames, data, symbols.Bytes(), names, sectionNames} {
		made[i].Off, made[i].Size = uint64(head+body.Len()), uint64(len(content))
		body.Write(content)
	}
	header := elf.Header64{
		Type: uint16(elf.ET_DYN), Machine: uint16(elf.EM_X86_64), Version: 1, Ehsize: head, Phentsize: 56,
		Shoff: uint64(head + body.Len()), Shentsize: 64, Shnum: sections, Shstrndx: sections - 1,
	}
	copy(header.Ident[:], elf.ELFMAG)
	header.Ident[elf.EI_CLASS], header.Ident[elf.EI_DATA], header.Ident[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), 1
	var file bytes.Buffer
	binary.Write(&file, binary.LittleEndian, header)
	file.Write(body.Bytes())
	binary.Write(&file, binary.LittleEndian, made)
	return file.Bytes()
}

func TestABI(t *testing.T) {
	exports := func(symbols ...string) []byte {
		return elfFile(elf.EM_X86_64, []string{"libc.so.6"}, "", symbols...)
	}
	for _, test := range []struct {
		name string
		file []byte
		want string
	}{
		{"none", exports(), ""},
		{"exported", exports("a", "node_register_module_v115", "node_module_register"), "115"},
		{"exported for two", exports("node_register_module_v115", "node_register_module_v127"), ""},
		{"Node-API", exports("napi_register_module_v1"), ""},
		{"Node-API that registers itself", exports("napi_module_register"), ""},
		{"both", exports("node_register_module_v115", "napi_register_module_v1"), ""},
		{"another name", exports("node_register_module_v115x", "my_node_register_module_v115"), ""},
		{"registered", registeringFile("_module", 137), "137"},
		{"registered by C++", registeringFile("_ZL7_module", 108), "108"},
		{"another variable", registeringFile("_module", 0x40de10), ""},
		{"registered, stripped", registeringFile("a_module", 108), ""},
	} {
		p, err := Read(bytes.NewReader(test.file))
		if err != nil || p.ABI != test.want {
			t.Errorf("%s: got %q, want %q (%v)", test.name, p.ABI, test.want, err)
		}
	}
}

func TestFitsTheVersionOfNode(t *testing.T) {
	addon, target := Platform{OS: "linux", CPU: "x64", ABI: "115"}, Platform{OS: "linux", CPU: "x64", ABI: ABIOf("nodejs24.x")}
	if addon.Fits(target) || !addon.FitsMachine(target) {
		t.Error("an addon for Node 20 runs on Node 24")
	}
	if target.ABI = ""; !addon.Fits(target) {
		t.Error("an addon does not run where the version is not known")
	}
	if addon.ABI, target.ABI = "", "137"; !addon.Fits(target) {
		t.Error("an addon that uses Node-API does not run on Node 24")
	}
	if got := NodeOf("127") + NodeOf("119"); got != "22" {
		t.Errorf("versions of Node: %q", got)
	}
}
