package reuse

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/featherpack/featherpack/analyzer/inputtest"
	"github.com/featherpack/featherpack/analyzer/projectfs"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/reporters"
)

// Whatever is stored is read again as it was, without the fields that JSON leaves out.
func TestPacked(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, of := range []any{reporters.Report{}, value{}, nodes{}, projectfs.Answers{}, earlierRun{}, []candidate{}, map[string]fields{}, packager.Artifact{}} {
		typ := reflect.TypeOf(of)
		for range 50 {
			before := reflect.New(typ)
			fill(r, before.Elem())
			packed := pack(before.Elem().Interface())
			after := reflect.New(typ)
			if err := unpack(packed, after.Interface()); err != nil {
				t.Fatalf("%s: %v", typ, err)
			}
			if !reflect.DeepEqual(before.Interface(), after.Interface()) {
				t.Fatalf("%s is %+v, was %+v", typ, after.Elem(), before.Elem())
			}
			for n := range packed {
				if unpack(packed[:n], reflect.New(typ).Interface()) == nil {
					t.Fatalf("%s: the first %d of %d bytes are taken", typ, n, len(packed))
				}
			}
		}
	}
}

// fill gives a value to everything in a value that is stored.
func fill(r *rand.Rand, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"", "a", "b\xff", "longer", string(rune(r.IntN(1000)))}[r.IntN(5)])
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(int64(r.Uint64()) >> (64 - v.Type().Bits() + r.IntN(v.Type().Bits())))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(r.Uint64() >> (64 - v.Type().Bits() + r.IntN(v.Type().Bits())))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(r.NormFloat64())
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && f.Tag.Get("json") != "-" {
				fill(r, v.Field(i))
			}
		}
	case reflect.Pointer:
		if r.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem())
		}
	case reflect.Slice:
		if n := r.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				fill(r, v.Index(i))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(r, v.Index(i))
		}
	case reflect.Map:
		if n := r.IntN(4) - 1; n >= 0 {
			v.Set(reflect.MakeMap(v.Type()))
			for range n {
				key, of := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
				fill(r, key)
				fill(r, of)
				v.SetMapIndex(key, of)
			}
		}
	default:
		panic(v.Type())
	}
}

// What must not be stored is not: JSON leaves it out too.
func TestPackedLeavesOut(t *testing.T) {
	type secret struct {
		Name  string
		Value string `json:"-"`
		own   string
	}
	var back secret
	if err := unpack(pack(secret{"a", "b", "c"}), &back); err != nil || back != (secret{Name: "a"}) {
		t.Errorf("stored was %+v, %v", back, err)
	}
}

func TestPackedHasNoEnd(t *testing.T) {
	type list struct{ Next *list }
	for _, of := range []any{list{}, func() {}, struct{ any }{}, map[int]string{}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T can be stored", of)
				}
			}()
			pack(of)
		}()
	}
}

func FuzzUnpack(f *testing.F) {
	f.Add(pack(reporters.Report{Functions: []reporters.Function{{Inputs: []reporters.InputBytes{{Input: 1, Unzipped: 2, Zipped: 3}}}}}))
	f.Add([]byte{1, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1})
	f.Fuzz(func(t *testing.T, packed []byte) {
		defer inputtest.Bound(t)()
		var r reporters.Report
		if unpack(packed, &r) != nil {
			return
		}
		if _, err := json.Marshal(r); err == nil { // a float may be no number
			var again reporters.Report
			if err := unpack(pack(r), &again); err != nil || !reflect.DeepEqual(r, again) {
				t.Errorf("%+v was read as %+v", r, again)
			}
		}
	})
}
