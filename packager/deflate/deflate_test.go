package deflate

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
)

var levels = map[string]Level{"default": Default, "best": Best}

func compress(t testing.TB, level Level, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := NewWriter(&b, level)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func inflated(t testing.TB, packed []byte) []byte {
	t.Helper()
	data, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func random(n int, symbols byte, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.UintN(uint(symbols)))
	}
	return data
}

// sources is Go's own code: text such as people write.
func sources(t testing.TB, most int) []byte {
	t.Helper()
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "src", "net", "http", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all []byte
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if all = append(all, data...); len(all) > most {
			break
		}
	}
	return all[:min(len(all), most)]
}

func samples(t testing.TB) map[string][]byte {
	code := sources(t, 1_200_000)
	far := append(random(window-1, 255, 1), code[:1000]...)
	return map[string][]byte{
		"nothing": nil, "one byte": {7}, "three bytes": {1, 1, 1}, "zeroes": make([]byte, 900_000),
		"code": code, "noise": random(700_000, 255, 2), "two symbols": random(300_000, 2, 3),
		"noise between code": append(append(code[:200_000:200_000], random(200_000, 255, 4)...), code[:300_000]...),
		"period 258":         bytes.Repeat(random(258, 255, 5), 2000),
		"a window apart":     append(far, far...),
		"a part long":        code[:partBytes+maxMatch],
		"all bytes once":     []byte(fmt.Sprint(random(256, 255, 6))),
	}
}

func TestRoundTrip(t *testing.T) {
	for name, data := range samples(t) {
		for level, l := range levels {
			packed := compress(t, l, data)
			if !bytes.Equal(inflated(t, packed), data) {
				t.Errorf("%s, %s: other bytes came back", name, level)
			}
			if most := len(data) + 10 + len(data)/0xFFFF*5 + len(data)/partBytes*5; len(packed) > most {
				t.Errorf("%s, %s: %d bytes became %d", name, level, len(data), len(packed))
			}
		}
	}
	for n := range 700 {
		for _, l := range levels {
			data := random(n, byte(1+n%5), uint64(n))
			if !bytes.Equal(inflated(t, compress(t, l, data)), data) {
				t.Fatalf("%d bytes: others came back", n)
			}
		}
	}
}

// The standard library's level 9 finds the same matches as zip -9.
func TestSmallerThanLevel9(t *testing.T) {
	all := samples(t)
	for _, name := range []string{"code", "noise", "noise between code", "a window apart", "a part long"} {
		data := all[name]
		var standard bytes.Buffer
		w, err := flate.NewWriter(&standard, 9)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(data)
		w.Close()
		normal, best := len(compress(t, Default, data)), len(compress(t, Best, data))
		if normal > standard.Len() || best > normal {
			t.Errorf("%s: level 9 makes %d bytes, default %d, best %d", name, standard.Len(), normal, best)
		}
	}
}

// However the text is divided among calls of Write, and whatever the Writer did
// before, the stream is the same.
func TestSameStream(t *testing.T) {
	code, noise := sources(t, 700_000), random(300_000, 200, 1)
	for name, l := range levels {
		want := compress(t, l, code)
		var b bytes.Buffer
		w := NewWriter(&b, l)
		for _, step := range []int{1777, 65536, 262144 + 258, 700_000} {
			w.Write(noise) // is never closed
			b.Reset()
			w.Reset(&b)
			for part := code; len(part) > 0; {
				n, err := w.Write(part[:min(step, len(part))])
				if err != nil || n != min(step, len(part)) {
					t.Fatal(n, err)
				}
				part = part[n:]
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%s, by %d bytes: %d bytes, not %d", name, step, b.Len(), len(want))
			}
		}
	}
}

type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

func TestErrors(t *testing.T) {
	noise := random(2_000_000, 255, 1)
	w := NewWriter(&full{left: 600_000}, Default)
	if n, err := w.Write(noise); err != io.ErrShortWrite || n >= len(noise) {
		t.Errorf("wrote %d bytes, %v", n, err)
	}
	if err := w.Close(); err != io.ErrShortWrite {
		t.Error(err)
	}
	w.Reset(io.Discard)
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := w.Write(noise); err != errClosed {
		t.Error(err)
	}
}

func FuzzRoundTrip(f *testing.F) {
	f.Add([]byte("abcabcabcabcabcd"), uint16(3), uint8(9))
	f.Add(random(300, 3, 1), uint16(1000), uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, times uint16, step uint8) {
		defer inputtest.Bound(t)()
		// Repeated with changes in between, so that windows and parts are crossed.
		var text []byte
		for i := range int(times) {
			if len(text) > 2*partBytes {
				break
			}
			text = append(append(text, data...), byte(i*int(step)))
		}
		for name, l := range levels {
			var b bytes.Buffer
			w := NewWriter(&b, l)
			for part := text; len(part) > 0; {
				n := min(1+int(step)*1000, len(part))
				if _, err := w.Write(part[:n]); err != nil {
					t.Fatal(err)
				}
				part = part[n:]
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(inflated(t, b.Bytes()), text) {
				t.Errorf("%s: other bytes came back", name)
			}
		}
	})
}

// FuzzLengths compares the codes with the rules of the format: complete, not over
// the limit, and no shorter code for a rarer symbol.
func FuzzLengths(f *testing.F) {
	f.Add([]byte{1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 0, 7}, uint8(4))
	f.Fuzz(func(t *testing.T, shifts []byte, limit uint8) {
		defer inputtest.Bound(t)()
		shifts = shifts[:min(len(shifts), literalSymbols)]
		most := 9 + int(limit)%7
		counts, out := make([]uint32, len(shifts)), make([]uint8, len(shifts))
		used := 0
		for i, s := range shifts {
			if s > 0 {
				counts[i] = 1 << (s % 28)
				used++
			}
		}
		lengths(counts, most, out)
		kraft := 0
		for i, l := range out {
			if (l > 0) != (counts[i] > 0) || int(l) > most {
				t.Fatalf("count %d has length %d", counts[i], l)
			}
			if l > 0 {
				kraft += 1 << (most - int(l))
			}
			for j, other := range out {
				if counts[j] > counts[i] && counts[i] > 0 && other > l {
					t.Fatalf("count %d has length %d, and %d has %d", counts[i], l, counts[j], other)
				}
			}
		}
		if used > 1 && kraft != 1<<most {
			t.Fatalf("the code fills %d of %d", kraft, 1<<most)
		}
	})
}
