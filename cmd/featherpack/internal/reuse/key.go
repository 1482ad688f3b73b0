package reuse

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/node"
)

// format changes when what is stored means something else.
const format = "4"

// key is the first key of a function.
func (r *Run) key(f analyzer.Function) cache.Digest {
	return cache.Of(r.command(f).Encode())
}

// command is what the action of building a function does. It has digests of what may be
// secret, and no absolute path.
func (r *Run) command(f analyzer.Function) cache.Command {
	return cache.Command{
		Arguments: []string{"featherpack", "build-function", format, r.common.String(), "function=" + digestOf(withoutPositions(f)), "lockfile=" + r.lock(f).sum},
		Outputs:   []string{f.ID + ".zip"},
	}
}

// common is the part of the first key that all functions share.
type common struct {
	Tool, Compress, Above string
	Exact                 bool
}

func (c common) String() string {
	return fmt.Sprintf("tool=%s compress=%s exact=%v above=%s", c.Tool, c.Compress, c.Exact, c.Above)
}

func (r *Run) commonKey() (c common, err error) {
	c.Compress, c.Exact = r.settings.Compress, r.settings.ExactBefore
	if c.Tool, err = selfDigest(r.index); err != nil {
		return c, err
	}
	c.Above, err = r.above()
	return c, err
}

// selfDigest is the digest of featherpack itself.
func selfDigest(index *cache.Index) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	return sumOf(index, self)
}

// sumOf is the digest of a file outside the project, such as a program.
func sumOf(index *cache.Index, file string) (string, error) {
	info, err := os.Stat(file)
	if err != nil {
		return "", err
	}
	return index.Hash(file, info)
}

// above is a digest of what esbuild reads above the root, nearest first. Folders without
// any of that leave no trace: where the project lies does not matter.
func (r *Run) above() (string, error) {
	sum := sha256.New()
	for dir := filepath.Dir(r.project.Root); dir != r.project.Root; dir = filepath.Dir(dir) {
		for _, name := range node.ReadUnasked() {
			at := filepath.Join(dir, name)
			info, err := os.Stat(at)
			switch {
			case errors.Is(err, fs.ErrNotExist):
			case err != nil:
				return "", err
			case !info.Mode().IsRegular():
				fmt.Fprintf(sum, "%s %s\n", name, info.Mode().Type())
			default:
				text, err := r.index.Hash(at, info)
				if err != nil {
					return "", err
				}
				fmt.Fprintf(sum, "%s %s\n", name, text)
			}
		}
		modules := filepath.Join(dir, "node_modules")
		if _, err := os.Lstat(modules); err == nil {
			// Which of them could be found is not worth knowing: a build takes none.
			err := filepath.WalkDir(modules, func(at string, e fs.DirEntry, err error) error {
				rel, _ := filepath.Rel(modules, at)
				fmt.Fprintf(sum, "node_modules %q %s\n", filepath.ToSlash(rel), e.Type())
				if e.IsDir() && rel != "." && e.Name()[0] != '@' {
					return fs.SkipDir
				}
				return err
			})
			if err != nil {
				return "", err
			}
		}
		if filepath.Dir(dir) == dir {
			break
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// withoutPositions is a function without what says where in its manifest it stands, and
// without the settings that its artifact does not depend on.
func withoutPositions(f analyzer.Function) analyzer.Function {
	f.Position, f.Deployment = analyzer.Position{File: f.File}, analyzer.Deployment{}
	f.Patterns = slices.Clone(f.Patterns)
	for i := range f.Patterns {
		f.Patterns[i].Position = analyzer.Position{File: f.Patterns[i].File}
	}
	return f
}

// positionsOf is a digest of what withoutPositions takes out.
func positionsOf(f analyzer.Function) string {
	all := []analyzer.Position{f.Position}
	for _, p := range f.Patterns {
		all = append(all, p.Position)
	}
	return digestOf(all)
}

// digestOf covers every field of a value, including those that a later version may add.
func digestOf(value any) string {
	sum := sha256.Sum256(appendValue(nil, reflect.ValueOf(value)))
	return hex.EncodeToString(sum[:])
}

// appendValue encodes a value so that no two values of a type are encoded alike.
func appendValue(b []byte, v reflect.Value) []byte {
	number := func(n uint64) { b = binary.AppendUvarint(b, n) }
	switch kind := v.Kind(); kind {
	case reflect.String:
		number(uint64(v.Len()))
		b = append(b, v.String()...)
	case reflect.Bool:
		b = strconv.AppendBool(b, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		b = binary.AppendVarint(b, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		number(v.Uint())
	case reflect.Float32, reflect.Float64:
		number(math.Float64bits(v.Float()))
	case reflect.Struct:
		for _, field := range v.Fields() {
			b = appendValue(b, field)
		}
	case reflect.Array, reflect.Slice:
		if kind == reflect.Slice && v.IsNil() {
			return append(b, "nil"...)
		}
		number(uint64(v.Len()))
		for i := range v.Len() {
			b = appendValue(b, v.Index(i))
		}
	case reflect.Map:
		if v.IsNil() {
			return append(b, "nil"...)
		}
		var entries []string
		for key, value := range v.Seq2() {
			entries = append(entries, string(appendValue(appendValue(nil, key), value)))
		}
		slices.Sort(entries)
		b = appendValue(b, reflect.ValueOf(entries))
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return append(b, "nil"...)
		}
		if kind == reflect.Interface {
			b = append(b, v.Elem().Type().String()...)
		}
		b = appendValue(append(b, '*'), v.Elem())
	default:
		if kind != reflect.Invalid && !v.IsZero() {
			panic("reuse: no digest of a " + kind.String()) // a function or a channel
		}
		b = append(b, "nil"...)
	}
	return b
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
