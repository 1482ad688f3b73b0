package manifest

// ownKey is the key of a function that the hook for the Serverless Framework
// adds to its schema: false leaves the function to the framework, a mapping
// holds build settings as an override of featherpack.yaml does.
const ownKey = "featherpack"

// leftAlone reports whether a function's setting is false.
func (s *serverless) leftAlone(v *value) bool {
	is, ok := s.get(v, ownKey).truth()
	return ok && !is
}

// ownSettings reads a function's build settings.
func (s *serverless) ownSettings(f *function, v *value) {
	if is, ok := v.truth(); !v.has() || ok && is {
		return
	}
	c := &checker{}
	v = s.whole(v, 0)
	if c.object(v, ownKey, buildKeyNames()) {
		f.own = readBuild(c, v, ownKey)
	}
	for _, p := range c.problems {
		f.report(p)
	}
}

// whole is a value with every variable in it resolved. Settings nest three deep
// at most.
func (s *serverless) whole(v *value, depth int) *value {
	v = s.resolve(v)
	if v == nil || depth > 3 || v.kind != mapping && v.kind != sequence {
		return v
	}
	c := *v
	c.items = make([]*value, len(v.items))
	for i, item := range v.items {
		c.items[i] = s.whole(item, depth+1)
	}
	return &c
}
