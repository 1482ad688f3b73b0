package packager

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/google/go-cmp/cmp"
)

func TestSharesSumToTheArtifact(t *testing.T) {
	graph := &analyzer.Graph{Inputs: make([]analyzer.Input, 50)}
	random := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		b := Bundle{ID: "fn", Graph: graph}
		for i := range random.IntN(8) {
			f := File{Name: string(rune('a' + i)), Content: javascript(random.IntN(20_000), byte(i))}
			for left := int64(len(f.Content)); left > 0 && random.IntN(10) > 0; {
				p := Part{Input: random.IntN(60) - 10, Row: "(row)", Bytes: random.Int64N(left + 1)}
				p.Input = max(p.Input, -1)
				f.Parts = append(f.Parts, p)
				left -= p.Bytes
			}
			b.Files = append(b.Files, f)
		}
		a := mustPack(t, b, t.TempDir(), Options{Compress: "fast"})
		var unzipped, packed int64
		for i, s := range a.Shares {
			unzipped += s.Unzipped
			packed += s.Zipped
			if s.Unzipped < 0 || s.Zipped < 0 || (s.Input < 0) == (s.Row == "") {
				t.Errorf("share %+v", s)
			}
			if i > 0 && a.Shares[i-1].Input == s.Input && a.Shares[i-1].Row == s.Row {
				t.Errorf("%+v is there twice", s)
			}
		}
		if unzipped != a.UnzippedBytes || packed != a.ZipBytes {
			t.Errorf("shares sum to %d and %d, the artifact has %d and %d", unzipped, packed, a.UnzippedBytes, a.ZipBytes)
		}
	}
}

func TestBytesByOwner(t *testing.T) {
	files := []File{
		{Name: "assets/logo.svg", Source: "/elsewhere"},
		{Name: "index.js", Content: []byte{}, Parts: []Part{{Input: 2, Bytes: 60}, {Input: 0, Bytes: 20}, {Input: 2, Bytes: 10}}},
		{Name: "x.node", Source: "/elsewhere", Parts: []Part{{Input: 1, Bytes: 40}}},
	}
	a := Artifact{ZipBytes: 200, Entries: []Entry{{Bytes: 30, ZipBytes: 10}, {Bytes: 100, ZipBytes: 50}, {Bytes: 40, ZipBytes: 40}}}
	got, err := attribute(3, files, a)
	if err != nil {
		t.Fatal(err)
	}
	want := []Share{
		{Input: 0, Unzipped: 20, Zipped: 10},
		{Input: 1, Unzipped: 40, Zipped: 40},
		{Input: 2, Unzipped: 70, Zipped: 35},
		{Input: -1, Row: "(bundler runtime)", Unzipped: 10, Zipped: 5},
		{Input: -1, Row: "(zip overhead)", Zipped: 100},
		{Input: -1, Row: "assets/logo.svg", Unzipped: 30, Zipped: 10},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestLargestRemainder(t *testing.T) {
	const big = math.MaxUint32
	for _, test := range []struct {
		unzipped []int64
		packed   int64
		want     []int64
	}{
		{[]int64{1, 1, 1}, 2, []int64{1, 1, 0}}, // a tie goes to the earlier
		{[]int64{1, 1, 1}, 1, []int64{1, 0, 0}},
		{[]int64{50, 30, 20}, 10, []int64{5, 3, 2}},
		{[]int64{1, 5, 4}, 7, []int64{1, 3, 3}}, // 0.7, 3.5, 2.8
		{[]int64{0, 7}, 7, []int64{0, 7}},
		{[]int64{big - 1}, big - 2, []int64{big - 2}},
		{[]int64{big / 3, big / 3, big / 3}, big - 1, []int64{big / 3, big / 3, big/3 - 1}},
	} {
		var size int64
		shares := make([]Share, len(test.unzipped))
		for i, n := range test.unzipped {
			shares[i].Unzipped = n
			size += n
		}
		apportion(shares, size, test.packed)
		got := make([]int64, len(shares))
		for i, s := range shares {
			got[i] = s.Zipped
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%v into %d: %s", test.unzipped, test.packed, diff)
		}
	}
}

func TestPartsThatDoNotFit(t *testing.T) {
	for name, parts := range map[string][]Part{
		"too many bytes": {{Input: 0, Bytes: 3}, {Input: 0, Bytes: 3}},
		"negative bytes": {{Input: 0, Bytes: -1}},
		"no such input":  {{Input: 1, Bytes: 1}},
		"overflow":       {{Input: 0, Bytes: math.MaxInt64}, {Input: 0, Bytes: math.MaxInt64}},
	} {
		_, err := partition(1, File{Name: "a", Content: []byte("12345"), Parts: parts}, 5)
		var d analyzer.Diagnostic
		if !errors.As(err, &d) || d.Code != "attribution" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
