package cache

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// The messages are those of Bazel's Remote Execution API v2 in their canonical encoding,
// so that a digest made here is the key that a remote cache knows.
// Source: github.com/bazelbuild/remote-apis, remote_execution.proto.

// Command is what an action does.
type Command struct {
	Arguments []string
	// Environment is the variables that the action reads.
	Environment map[string]string
	// Outputs are the paths of the files that it makes.
	Outputs []string
}

// Encode returns the message.
func (c Command) Encode() []byte {
	var m message
	for _, a := range c.Arguments {
		m.text(1, a)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Environment)) {
		var variable message
		variable.optional(1, name)
		variable.optional(2, c.Environment[name])
		m.bytes(2, variable)
	}
	for _, name := range slices.Sorted(slices.Values(c.Outputs)) {
		m.text(7, name)
	}
	return m
}

// Directory is a folder of an action's input. Its digest covers everything below it.
type Directory struct {
	Files    []File
	Folders  []Folder
	Symlinks []Symlink
}

// File is a file of a folder, or one that an action has made.
type File struct {
	Name   string
	Digest Digest
}

// Folder is a folder in a folder.
type Folder struct {
	Name   string
	Digest Digest
}

// Symlink is a link in a folder.
type Symlink struct{ Name, Target string }

// Encode returns the message. The names are sorted, as the API demands.
func (d Directory) Encode() []byte {
	var m message
	m.files(1, d.Files)
	for _, f := range slices.SortedFunc(slices.Values(d.Folders), func(a, b Folder) int { return cmp.Compare(a.Name, b.Name) }) {
		var node message
		node.optional(1, f.Name)
		node.bytes(2, f.Digest.encode())
		m.bytes(2, node)
	}
	for _, s := range slices.SortedFunc(slices.Values(d.Symlinks), func(a, b Symlink) int { return cmp.Compare(a.Name, b.Name) }) {
		var node message
		node.optional(1, s.Name)
		node.optional(2, s.Target)
		m.bytes(3, node)
	}
	return m
}

// Action is a command and its input. Its digest is the key of a result.
type Action struct{ Command, Input Digest }

// Encode returns the message.
func (a Action) Encode() []byte {
	var m message
	m.bytes(1, a.Command.encode())
	m.bytes(2, a.Input.encode())
	return m
}

// Result is the result of an action: the files that it has made.
type Result struct{ Files []File }

// File returns the digest of a file of the result.
func (r Result) File(name string) (Digest, bool) {
	for _, f := range r.Files {
		if f.Name == name {
			return f.Digest, true
		}
	}
	return Digest{}, false
}

// EncodeResult returns the message ActionResult. It names its action as the action's output,
// so that a result that is found under another key is noticed.
func EncodeResult(action Digest, r Result) []byte {
	var m message
	m.files(2, r.Files)
	m.optional(5, action.Hash)
	return m
}

// files adds files, sorted by name.
func (m *message) files(field int, files []File) {
	for _, f := range slices.SortedFunc(slices.Values(files), func(a, b File) int { return cmp.Compare(a.Name, b.Name) }) {
		var file message
		file.optional(1, f.Name)
		file.bytes(2, f.Digest.encode())
		m.bytes(field, file)
	}
}

// entryMark starts the file of a result on disk. The checksum of the message follows.
var entryMark = []byte("featherpack result 2\n")

func encodeEntry(action Digest, r Result) []byte {
	m := EncodeResult(action, r)
	sum := sha256.Sum256(m)
	return slices.Concat(entryMark, sum[:], m)
}

var errDamaged = errors.New("the entry is damaged")

// decodeEntry reads what encodeEntry has written, and nothing else.
func decodeEntry(action Digest, raw []byte) (r Result, err error) {
	rest, ok := bytes.CutPrefix(raw, entryMark)
	if !ok || len(rest) < sha256.Size {
		return r, errDamaged
	}
	sum, m := rest[:sha256.Size], rest[sha256.Size:]
	if actual := sha256.Sum256(m); !bytes.Equal(sum, actual[:]) {
		return r, errDamaged
	}
	return DecodeResult(action, m)
}

// DecodeResult reads an ActionResult that EncodeResult wrote for this action. It skips
// fields that it does not know, as a remote cache may send them.
func DecodeResult(action Digest, raw []byte) (r Result, err error) {
	of := ""
	err = message(raw).each(func(field int, value []byte, _ uint64) error {
		if field == 5 {
			of = string(value)
		}
		if field != 2 {
			return nil
		}
		var f File
		if err := message(value).each(func(field int, value []byte, _ uint64) error {
			switch field {
			case 1:
				f.Name = string(value)
			case 2:
				return message(value).each(func(field int, value []byte, number uint64) error {
					switch field {
					case 1:
						f.Digest.Hash = string(value)
					case 2:
						f.Digest.Size = int64(number)
					}
					return nil
				})
			}
			return nil
		}); err != nil {
			return err
		}
		if !f.Digest.Valid() {
			return errDamaged
		}
		r.Files = append(r.Files, f)
		return nil
	})
	if err == nil && of != action.Hash {
		err = errDamaged
	}
	if err != nil {
		return Result{}, err
	}
	return r, nil
}

func (d Digest) encode() []byte {
	var m message
	m.optional(1, d.Hash)
	if d.Size != 0 {
		m = binary.AppendUvarint(append(m, 2<<3), uint64(d.Size))
	}
	return m
}

// message is a protocol buffer.
// Source: protobuf.dev/programming-guides/encoding
type message []byte

func (m *message) bytes(field int, value []byte) {
	*m = binary.AppendUvarint(*m, uint64(field)<<3|2)
	*m = binary.AppendUvarint(*m, uint64(len(value)))
	*m = append(*m, value...)
}

// text adds an element of a list.
func (m *message) text(field int, value string) { m.bytes(field, []byte(value)) }

// optional adds a field, which has no encoding if it is empty.
func (m *message) optional(field int, value string) {
	if value != "" {
		m.text(field, value)
	}
}

// each calls visit with every field. value is that of a field with a length, number that
// of any other.
func (m message) each(visit func(field int, value []byte, number uint64) error) error {
	for len(m) > 0 {
		tag, n := binary.Uvarint(m)
		if n <= 0 || tag>>3 == 0 || tag>>3 > 1<<29 {
			return errDamaged
		}
		m = m[n:]
		var value []byte
		number, n := uint64(0), 0
		switch tag & 7 {
		case 0:
			number, n = binary.Uvarint(m)
		case 1:
			n = 8
		case 2:
			var size uint64
			if size, n = binary.Uvarint(m); n > 0 && size <= uint64(len(m)-n) {
				value = m[n : n+int(size)]
				n += int(size)
			} else {
				n = 0
			}
		case 5:
			n = 4
		}
		if n <= 0 || n > len(m) {
			return errDamaged
		}
		m = m[n:]
		if err := visit(int(tag>>3), value, number); err != nil {
			return err
		}
	}
	return nil
}
