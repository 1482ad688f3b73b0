package yamltree

// Resolver works out what a manifest writes in place of a value: a variable, or
// a function's call. Any other value is itself. nil means that there is none.
type Resolver interface {
	Resolve(*Value) *Value
}

// Bounds of Deep: a few lines can ask for exponential work.
const (
	maxDeep      = 64
	maxDeepNodes = 100_000
)

// Deep resolves a value and all within it. What is missing within is null. What
// lies too deep, or is too much, stays as it is written.
func Deep(r Resolver, v *Value) *Value {
	left := maxDeepNodes
	return deep(r, v, 0, &left)
}

func deep(r Resolver, v *Value, depth int, left *int) *Value {
	v = r.Resolve(v)
	if *left--; v == nil || depth > maxDeep || *left < 0 || v.Kind != Sequence && v.Kind != Mapping {
		return v
	}
	c := *v
	c.Items = make([]*Value, len(v.Items))
	for i, item := range v.Items {
		if c.Items[i] = deep(r, item, depth+1, left); c.Items[i] == nil {
			c.Items[i] = &Value{At: v.At}
		}
	}
	return &c
}
