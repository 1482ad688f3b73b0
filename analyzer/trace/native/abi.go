package native

import (
	"bytes"
	"debug/elf"
	"regexp"
	"strconv"
)

// nodeABIs has the version of Node's binary interface (NODE_MODULE_VERSION) of each Lambda
// runtime. An addon that does not use Node-API is made for one of them.
// Source: github.com/nodejs/node, doc/abi_version_registry.json
var nodeABIs = map[string]string{
	"nodejs16.x": "93", "nodejs18.x": "108", "nodejs20.x": "115", "nodejs22.x": "127", "nodejs24.x": "137", "nodejs26.x": "147",
}

// ABIOf is the version of a Lambda runtime, "" if it is not known.
func ABIOf(runtime string) string { return nodeABIs[runtime] }

// NodeOf is the major version of Node that has an ABI, "" if no Lambda runtime has it.
func NodeOf(abi string) string {
	for runtime, has := range nodeABIs {
		if has == abi {
			return majorOf.FindString(runtime)
		}
	}
	return ""
}

var (
	majorOf = regexp.MustCompile(`\d+`)
	// registersFor matches the name of the function that NODE_MODULE_INIT exports
	// (github.com/nodejs/node, src/node.h).
	registersFor = regexp.MustCompile(`^node_register_module_v(\d+)$`)
)

// abiOf is the ABI that an addon states, in the function that it exports for Node to call
// or, where it registers itself as it is loaded, in what it registers.
func abiOf(f *elf.File) string {
	strings := f.Section(".dynstr")
	if strings == nil {
		return ""
	}
	names, err := strings.Data()
	if err != nil || !bytes.Contains(names, []byte("node_register_module_v")) && !bytes.Contains(names, []byte("node_module_register")) {
		return ""
	}
	abi, registers := "", false
	for name := range bytes.SplitSeq(names, []byte{0}) {
		exported := registersFor.FindSubmatch(name)
		switch {
		case bytes.HasPrefix(name, []byte("napi_register_module_v")), string(name) == "napi_module_register":
			return ""
		case exported != nil && abi != "":
			return "" // it is made for several
		case exported != nil:
			abi = string(exported[1])
		}
		registers = registers || string(name) == "node_module_register"
	}
	if abi == "" && registers {
		return registeredABI(f)
	}
	return abi
}

// mostABI is above all versions: that of 2026 is 147.
const mostABI = 1000

// registeredABI reads the variable of the macro NODE_MODULE, a node_module, whose first
// field is the version. Addons that were stripped do not name it.
func registeredABI(f *elf.File) string {
	symbols, _ := f.Symbols()
	for _, s := range symbols {
		if s.Name != "_module" && s.Name != "_ZL7_module" || elf.ST_TYPE(s.Info) != elf.STT_OBJECT || int(s.Section) >= len(f.Sections) {
			continue
		}
		section := f.Sections[s.Section]
		var version [4]byte
		if section.Type != elf.SHT_PROGBITS || s.Value < section.Addr {
			continue
		}
		if _, err := section.ReadAt(version[:], int64(s.Value-section.Addr)); err != nil {
			continue
		}
		if abi := f.ByteOrder.Uint32(version[:]); abi < mostABI { // else it is another variable
			return strconv.FormatUint(uint64(abi), 10)
		}
	}
	return ""
}
