package trace

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
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
	add(useNot, `writeFile appendFile createWriteStream WriteStream mkdir mkdirp mkdirs ensureDir ensureFile outputFile
		outputJson outputJSON writeJson writeJSON unlink rm rmdir remove emptyDir rename move chmod chown utimes truncate
		mkdtemp unwatchFile`)
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
func (t *tracer) escape(n *js.Node, v value.Value, c context) {
	u := t.useOf(n, v)
	if u.kind == useNot {
		return
	}
	u.optional = u.optional || c.guarded
	for _, s := range v.Strings {
		if s = value.PlainPath(s); value.Anchored(s) {
			t.take(n, s, u, c)
		}
	}
}

// useOf says what the surrounding code does with the path n.
func (t *tracer) useOf(n *js.Node, v value.Value) use {
	p := n.Parent
	if p == nil {
		return use{kind: useNot}
	}
	switch p.Kind {
	case js.Declare, js.Assign:
		if p.Y == n && t.followed(p.X) {
			return use{kind: useNot}
		}
		if p.Kind == js.Assign && p.X == n {
			return use{kind: useNot}
		}
	case js.Return:
		if p.Name == "throw" || t.returnsFollowed(p) {
			return use{kind: useNot}
		}
	case js.Arrow:
		if _, closed := t.CallsOf(p); p.X == n && closed {
			return use{kind: useNot}
		}
	case js.Call, js.New:
		if p.X != n {
			return t.useOfArgument(p, n)
		}
		return use{kind: useNot}
	case js.Member:
		return t.useOfMember(p)
	case js.Index, js.Expr, js.If, js.While, js.For, js.Switch, js.Case, js.Update, js.Template:
		return use{kind: useNot}
	case js.Unary:
		if p.Name == "await" || p.Name == "yield" {
			return t.useOf(p, v)
		}
		return use{kind: useNot}
	case js.Binary:
		if p.Op != js.OpOr && p.Op != js.OpAnd && p.Op != js.OpNullish {
			return use{kind: useNot}
		}
		return t.useOf(p, v)
	case js.Cond:
		if p.X == n {
			return use{kind: useNot}
		}
		return t.useOf(p, v)
	case js.Property:
		if p.X == n {
			return use{kind: useNot}
		}
		if p.Parent != nil && p.Parent.Kind == js.Class && t.IsRead(p.Name) {
			return use{kind: useNot}
		}
		if o := p.Parent; o != nil && o.Kind == js.Object && o.Parent != nil && o.Parent.Kind == js.Declare && t.onlyMembers(o.Parent.X) {
			return use{kind: useNot}
		}
	}
	return use{}
}

// followed says that what is written to a name or to this.NAME is evaluated
// wherever it is read.
func (t *tracer) followed(target *js.Node) bool {
	switch target.Kind {
	case js.Name:
		b := target.Scope.Find(target.Name)
		return b != nil && !b.Exported
	case js.Member:
		return target.X.Kind == js.Literal && target.X.Name == "this" && t.IsRead(target.Name)
	case js.Object, js.Array:
		return true
	}
	return false
}

// onlyMembers says that an object is never handed on as a whole.
func (t *tracer) onlyMembers(name *js.Node) bool {
	if name.Kind != js.Name {
		return false
	}
	b := name.Scope.Find(name.Name)
	if b == nil || b.Exported {
		return false
	}
	for _, r := range b.Refs {
		if !r.IsTarget() && (r.Parent.Kind != js.Member || r.Parent.X != r) {
			return false
		}
	}
	return true
}

// returnsFollowed says that all calls of the function returned from are seen.
func (t *tracer) returnsFollowed(n *js.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Kind == js.Function || p.Kind == js.Arrow {
			_, closed := t.CallsOf(p)
			return closed
		}
	}
	return false
}

func (t *tracer) useOfArgument(call, n *js.Node) use {
	if t.IsHook(call) {
		return use{kind: useNot}
	}
	f := t.Eval(call.X)
	index := slices.Index(call.List, n)
	if _, ok := t.locator(call, f); ok {
		return use{kind: useNot}
	}
	if s, ok := sinkOf(f.Thing); ok {
		if s.arg == index {
			if s.kind == useRead && t.opensToWrite(f.Thing, call) {
				return use{kind: useNot}
			}
			return use{kind: s.kind, optional: s.kind == useStat, tree: true, folder: s.kind == useList}
		}
		return use{kind: useNot}
	}
	if f.Node != nil && !f.Open && (f.Node.Kind == js.Function || f.Node.Kind == js.Arrow) && index < len(f.Node.List) {
		if calls, _ := t.CallsOf(f.Node); slices.Contains(calls, call) {
			return use{kind: useNot} // followed as a parameter
		}
	}
	if call.X.Kind == js.Name && strings.HasSuffix(call.X.Name, "Error") {
		return use{kind: useNot}
	}
	if x := call.X; x.Kind == js.Member {
		if v := t.Eval(x.X); v.IsString() || harmless[x.Name] {
			return use{kind: useNot} // an argument of a string's method
		}
		if x.Name == "set" && index == 1 && t.Eval(call.List[0]).Only() == "views" {
			t.hasViews = true
			return use{tree: true, folder: true}
		}
	}
	return use{tree: true}
}

// opensToWrite says that an open is not for reading.
func (t *tracer) opensToWrite(thing string, call *js.Node) bool {
	if !strings.HasPrefix(thing, "fs.open") || len(call.List) < 2 {
		return false
	}
	flags := t.Eval(call.List[1]).Only()
	return strings.HasPrefix(flags, "w") || strings.HasPrefix(flags, "a")
}

// harmless are methods that ask something of a string.
var harmless = map[string]bool{
	"startsWith": true, "endsWith": true, "includes": true, "indexOf": true, "lastIndexOf": true, "match": true, "test": true,
	"length": true, "charAt": true, "charCodeAt": true, "localeCompare": true, "search": true, "push": false,
	"href": true, "pathname": true, "protocol": true, "has": true,
}

// useOfMember is for a path whose method or property is not evaluated.
func (t *tracer) useOfMember(member *js.Node) use {
	if harmless[member.Name] {
		return use{kind: useNot}
	}
	return use{}
}
