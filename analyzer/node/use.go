package node

import (
	"slices"
	"strings"
)

// use is what happens to a path.
type use struct {
	kind     useKind
	optional bool
	// tree asks for everything below a folder.
	tree bool
	// folder says that the folder is listed.
	folder bool
	// served says that it is a package's folder whose files are handed out.
	served bool
}

type useKind uint8

const (
	useHanded useKind = iota // it is handed to code that is not followed
	useRead                  // a file is read
	useList                  // a folder is listed
	useStat                  // it is asked whether it exists
	useCode                  // a module is started: a worker, a fork
	useProto                 // a .proto file is read, with those it imports
	useNot                   // it is not read: written, compared, printed, or followed elsewhere
)

// sink is a function that takes a path.
type sink struct {
	arg  int
	kind useKind
}

// fsSinks are the functions of fs, fs/promises, fs-extra and graceful-fs.
var fsSinks = func() map[string]sink {
	m := map[string]sink{}
	add := func(k useKind, names string) {
		for name := range strings.FieldsSeq(names) {
			m["fs."+name] = sink{0, k}
			m["fs."+name+"Sync"] = sink{0, k}
		}
	}
	add(useRead, "readFile createReadStream ReadStream open openAsBlob readJson readJSON copyFile copy cp readlink link symlink")
	add(useList, "readdir opendir")
	add(useStat, "stat lstat access exists pathExists realpath statfs watch watchFile")
	add(useNot, "writeFile appendFile createWriteStream WriteStream mkdir mkdirp mkdirs ensureDir ensureFile outputFile outputJson outputJSON writeJson writeJSON unlink rm rmdir remove emptyDir rename move chmod chown utimes truncate mkdtemp unwatchFile")
	return m
}()

// otherSinks are the remaining functions whose argument is known to be a path.
// Those of packages are called with paths relative to the working folder too.
var otherSinks = map[string]sink{
	"worker_threads.Worker":              {0, useCode},
	"child_process.fork":                 {0, useCode},
	"module:@grpc/proto-loader.load":     {0, useProto},
	"module:@grpc/proto-loader.loadSync": {0, useProto},
	"module:protobufjs.load":             {0, useProto},
	"module:protobufjs.loadSync":         {0, useProto},
	"module:@grpc/grpc-js.load":          {0, useProto},
	"module:google-proto-files.loadSync": {0, useProto},
	"module:google-proto-files.load":     {0, useProto},
	"module:dotenv.config":               {-1, useNot},
	"module:yargs":                       {-1, useNot},
	"process.chdir":                      {-1, useNot},
	"url.pathToFileURL":                  {-1, useNot},
	"require":                            {-1, useNot}, // modules.go
	"require.resolve":                    {-1, useNot},
	"import.meta.resolve":                {-1, useNot},
	"module.createRequire":               {-1, useNot},
	"module.createRequireFromPath":       {-1, useNot},
	"JSON.stringify":                     {-1, useNot},
	"String":                             {-1, useNot},
	"Error":                              {-1, useNot},
}

func sinkOf(thing string) (sink, bool) {
	if s, ok := fsSinks[thing]; ok {
		return s, true
	}
	if s, ok := otherSinks[thing]; ok {
		return s, true
	}
	// Instances made by new or by a call keep their maker's name, with "()".
	if s, ok := otherSinks[strings.ReplaceAll(thing, "()", "")]; ok && strings.HasPrefix(thing, "module:protobufjs") {
		return s, true
	}
	if strings.HasPrefix(thing, "console.") || strings.HasPrefix(thing, "path.") || strings.HasPrefix(thing, "util.") {
		return sink{-1, useNot}, true
	}
	return sink{}, false
}

// escape deals with a path where it leaves the evaluation.
func (t *tracer) escape(n *node, v value, c context) {
	u := t.useOf(n, v)
	if u.kind == useNot {
		return
	}
	u.optional = u.optional || c.guarded
	for _, s := range v.strings {
		if s = plainPath(s); anchored(s) {
			t.take(n, s, u, c)
		}
	}
}

// useOf says what the surrounding code does with the path n.
func (t *tracer) useOf(n *node, v value) use {
	p := n.parent
	if p == nil {
		return use{kind: useNot}
	}
	switch p.kind {
	case kDeclare, kAssign:
		if p.y == n && t.followed(p.x) {
			return use{kind: useNot}
		}
		if p.kind == kAssign && p.x == n {
			return use{kind: useNot}
		}
	case kReturn:
		if p.name == "throw" || t.returnsFollowed(p) {
			return use{kind: useNot}
		}
	case kArrow:
		if _, closed := t.callsOf(p); p.x == n && closed {
			return use{kind: useNot}
		}
	case kCall, kNew:
		if p.x != n {
			return t.useOfArgument(p, n)
		}
		return use{kind: useNot}
	case kMember:
		return t.useOfMember(p)
	case kIndex, kExpr, kIf, kWhile, kFor, kSwitch, kCase, kUpdate, kTemplate:
		return use{kind: useNot}
	case kUnary:
		if p.name == "await" || p.name == "yield" {
			return t.useOf(p, v)
		}
		return use{kind: useNot}
	case kBinary:
		if p.op != tOr && p.op != tAnd && p.op != tNullish {
			return use{kind: useNot}
		}
		return t.useOf(p, v)
	case kCond:
		if p.x == n {
			return use{kind: useNot}
		}
		return t.useOf(p, v)
	case kProperty:
		if p.x == n {
			return use{kind: useNot}
		}
		if p.parent != nil && p.parent.kind == kClass && t.reads[p.name] {
			return use{kind: useNot}
		}
		if o := p.parent; o != nil && o.kind == kObject && o.parent != nil && o.parent.kind == kDeclare && t.onlyMembers(o.parent.x) {
			return use{kind: useNot}
		}
	}
	return use{}
}

// followed says that what is written to a name or to this.NAME is evaluated
// wherever it is read.
func (t *tracer) followed(target *node) bool {
	switch target.kind {
	case kName:
		b := target.scope.find(target.name)
		return b != nil && !b.exported
	case kMember:
		return target.x.kind == kLiteral && target.x.name == "this" && t.reads[target.name]
	case kObject, kArray:
		return true
	}
	return false
}

// onlyMembers says that an object is never handed on as a whole.
func (t *tracer) onlyMembers(name *node) bool {
	if name.kind != kName {
		return false
	}
	b := name.scope.find(name.name)
	if b == nil || b.exported {
		return false
	}
	for _, r := range b.refs {
		if !isTarget(r) && (r.parent.kind != kMember || r.parent.x != r) {
			return false
		}
	}
	return true
}

// returnsFollowed says that all calls of the function returned from are seen.
func (t *tracer) returnsFollowed(n *node) bool {
	for p := n.parent; p != nil; p = p.parent {
		if p.kind == kFunction || p.kind == kArrow {
			_, closed := t.callsOf(p)
			return closed
		}
	}
	return false
}

func (t *tracer) useOfArgument(call, n *node) use {
	if t.isHook(call) {
		return use{kind: useNot}
	}
	f := t.eval(call.x)
	index := slices.Index(call.list, n)
	if _, ok := t.locator(call, f); ok {
		return use{kind: useNot}
	}
	if s, ok := sinkOf(f.thing); ok {
		if s.arg == index {
			if s.kind == useRead && t.opensToWrite(f.thing, call) {
				return use{kind: useNot}
			}
			return use{kind: s.kind, optional: s.kind == useStat, tree: true, folder: s.kind == useList}
		}
		return use{kind: useNot}
	}
	if f.node != nil && !f.open && (f.node.kind == kFunction || f.node.kind == kArrow) && index < len(f.node.list) {
		if calls, _ := t.callsOf(f.node); slices.Contains(calls, call) {
			return use{kind: useNot} // followed as a parameter
		}
	}
	if call.x.kind == kName && strings.HasSuffix(call.x.name, "Error") {
		return use{kind: useNot}
	}
	if x := call.x; x.kind == kMember {
		if v := t.eval(x.x); v.isString() || harmless[x.name] {
			return use{kind: useNot} // an argument of a string's method
		}
		if x.name == "set" && index == 1 && t.eval(call.list[0]).only() == "views" {
			t.hasViews = true
			return use{tree: true, folder: true}
		}
	}
	return use{tree: true}
}

// opensToWrite says that an open is not for reading.
func (t *tracer) opensToWrite(thing string, call *node) bool {
	if !strings.HasPrefix(thing, "fs.open") || len(call.list) < 2 {
		return false
	}
	flags := t.eval(call.list[1]).only()
	return strings.HasPrefix(flags, "w") || strings.HasPrefix(flags, "a")
}

// harmless are methods that ask something of a string.
var harmless = map[string]bool{
	"startsWith": true, "endsWith": true, "includes": true, "indexOf": true, "lastIndexOf": true, "match": true, "test": true,
	"length": true, "charAt": true, "charCodeAt": true, "localeCompare": true, "search": true, "push": false,
	"href": true, "pathname": true, "protocol": true, "has": true,
}

// useOfMember is for a path whose method or property is not evaluated.
func (t *tracer) useOfMember(member *node) use {
	if harmless[member.name] {
		return use{kind: useNot}
	}
	return use{}
}
