package trace

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/analyzer/trace/value"
)

// use is what the code does with a path.
type use struct {
	kind     useKind
	optional bool
	// tree means that everything below a folder is needed.
	tree bool
	// folder means that the folder is listed.
	folder bool
	// served means that it is a package's folder whose files are served.
	served bool
	// data means that only files that are no code are read, at any depth.
	data bool
	// fromCWD means that the code finds it from the working folder.
	fromCWD bool
}

type useKind uint8

const (
	usePassedOn useKind = iota // it is passed to code that is not traced
	useRead                    // a file is read
	useList                    // a folder is listed
	useStat                    // its existence is checked
	useCode                    // a module is started: a worker, a fork
	useProto                   // a .proto file is read, with its imports
	useNone                    // it is not read: written, compared, printed, or traced elsewhere
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
	add(useNone, `writeFile appendFile createWriteStream WriteStream mkdir mkdirp mkdirs ensureDir ensureFile outputFile
		outputJson outputJSON writeJson writeJSON unlink rm rmdir remove emptyDir rename move chmod chown utimes truncate
		mkdtemp unwatchFile`)
	return m
}()

// otherSinks are the other functions whose argument is known to be a path.
// Functions of packages are also called with paths relative to the working
// directory.
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
	"module:dotenv.config":               {-1, useNone},
	"module:yargs":                       {-1, useNone},
	"process.chdir":                      {-1, useNone},
	"url.pathToFileURL":                  {-1, useNone},
	"require":                            {-1, useNone}, // modules.go
	"require.resolve":                    {-1, useNone},
	"import.meta.resolve":                {-1, useNone},
	"module.createRequire":               {-1, useNone},
	"module.createRequireFromPath":       {-1, useNone},
	"JSON.stringify":                     {-1, useNone},
	"String":                             {-1, useNone},
	"Error":                              {-1, useNone},
}

func sinkOf(thing string) (sink, bool) {
	if s, ok := fsSinks[thing]; ok {
		return s, true
	}
	if s, ok := otherSinks[thing]; ok {
		return s, true
	}
	// An instance from new or from a call is named after its constructor or function,
	// with "()".
	if s, ok := otherSinks[strings.ReplaceAll(thing, "()", "")]; ok && strings.HasPrefix(thing, "module:protobufjs") {
		return s, true
	}
	if strings.HasPrefix(thing, "console.") || strings.HasPrefix(thing, "path.") || strings.HasPrefix(thing, "util.") {
		return sink{-1, useNone}, true
	}
	return sink{}, false
}

// escape handles a path at the place where the evaluation ends.
func (t *tracer) escape(n *js.Node, v value.Value, c context) {
	u := t.useOf(n, v)
	if u.kind == useNone || t.handled[n] {
		return
	}
	u.optional = u.optional || c.guarded
	for _, s := range v.Strings {
		if s = value.PlainPath(s); value.Anchored(s) {
			t.take(n, s, u, c)
		}
	}
}

// useOf returns what the surrounding code does with the path n.
func (t *tracer) useOf(n *js.Node, v value.Value) use {
	p := n.Parent
	if p == nil {
		return use{kind: useNone}
	}
	switch p.Kind {
	case js.Declare, js.Assign:
		if p.Y == n && t.followed(p.X) {
			return use{kind: useNone}
		}
		if p.Kind == js.Assign && p.X == n {
			return use{kind: useNone}
		}
	case js.Return:
		if p.Name == "throw" || t.returnsFollowed(p) {
			return use{kind: useNone}
		}
	case js.Arrow:
		if _, closed := t.CallsOf(p); p.X == n && closed {
			return use{kind: useNone}
		}
	case js.Call, js.New:
		if p.X != n {
			return t.useOfArgument(p, n)
		}
		return use{kind: useNone}
	case js.Member:
		return t.useOfMember(p)
	case js.Index, js.Expr, js.If, js.While, js.For, js.Switch, js.Case, js.Update, js.Template:
		return use{kind: useNone}
	case js.Unary:
		if p.Name == "await" || p.Name == "yield" {
			return t.useOf(p, v)
		}
		return use{kind: useNone}
	case js.Binary:
		if p.Op != js.OpOr && p.Op != js.OpAnd && p.Op != js.OpNullish {
			return use{kind: useNone}
		}
		return t.useOf(p, v)
	case js.Cond:
		if p.X == n {
			return use{kind: useNone}
		}
		return t.useOf(p, v)
	case js.Property:
		if p.X == n {
			return use{kind: useNone}
		}
		if p.Parent != nil && p.Parent.Kind == js.Class && t.IsRead(p.Name) {
			return use{kind: useNone}
		}
		if o := p.Parent; o != nil && o.Kind == js.Object && o.Parent != nil && o.Parent.Kind == js.Declare && t.onlyMembers(o.Parent.X) {
			return use{kind: useNone}
		}
	}
	return use{}
}

// followed reports whether a value written to target, a name or this.NAME, is
// evaluated wherever it is read.
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

// onlyMembers reports whether only members of an object are used, never the whole
// object.
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

// returnsFollowed reports whether all calls of the function around n are known.
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
		return use{kind: useNone}
	}
	f := t.Eval(call.X)
	index := slices.Index(call.List, n)
	if _, ok := t.locator(call, f); ok {
		return use{kind: useNone}
	}
	if s, ok := sinkOf(f.Thing); ok {
		if s.arg == index {
			if s.kind == useRead && t.opensToWrite(f.Thing, call) {
				return use{kind: useNone}
			}
			return use{kind: s.kind, optional: s.kind == useStat, tree: true, folder: s.kind == useList}
		}
		return use{kind: useNone}
	}
	if f.Node != nil && !f.Open && (f.Node.Kind == js.Function || f.Node.Kind == js.Arrow) && index < len(f.Node.List) {
		if calls, _ := t.CallsOf(f.Node); slices.Contains(calls, call) {
			return use{kind: useNone} // traced as a parameter
		}
	}
	if call.X.Kind == js.Name && strings.HasSuffix(call.X.Name, "Error") {
		return use{kind: useNone}
	}
	if x := call.X; x.Kind == js.Member {
		if v := t.Eval(x.X); v.IsString() || harmless[x.Name] {
			return use{kind: useNone} // an argument of a string's method
		}
		if x.Name == "set" && index == 1 && t.Eval(call.List[0]).Only() == "views" {
			t.hasViews = true
			return use{tree: true, folder: true}
		}
	}
	return use{tree: true}
}

// opensToWrite reports whether a call of open is not for reading.
func (t *tracer) opensToWrite(thing string, call *js.Node) bool {
	if !strings.HasPrefix(thing, "fs.open") || len(call.List) < 2 {
		return false
	}
	flags := t.Eval(call.List[1]).Only()
	return strings.HasPrefix(flags, "w") || strings.HasPrefix(flags, "a")
}

// harmless are methods and properties that only examine a string.
var harmless = map[string]bool{
	"startsWith": true, "endsWith": true, "includes": true, "indexOf": true, "lastIndexOf": true, "match": true, "test": true,
	"length": true, "charAt": true, "charCodeAt": true, "localeCompare": true, "search": true, "push": false,
	"href": true, "pathname": true, "protocol": true, "has": true,
}

// useOfMember returns the use of a path whose method or property is not evaluated.
func (t *tracer) useOfMember(member *js.Node) use {
	if harmless[member.Name] {
		return use{kind: useNone}
	}
	return use{}
}
