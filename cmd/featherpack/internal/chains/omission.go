package chains

import "github.com/featherpack/featherpack/analyzer/js"

// Omission is something that a function may be built without.
type Omission struct {
	Name string
	// External is the package to leave out. Where there is none, Because says why.
	External, Because string
	Cut               func(Edge) bool
}

// Omission is that of some inputs, which go by a name.
func (g Graph) Omission(name string, inputs map[int]bool) Omission {
	o := Omission{Name: name, Cut: func(e Edge) bool { return inputs[e.To] }}
	o.External, o.Because = g.external(inputs)
	return o
}

// Omissions are the target, and the packages by which the project reaches it by
// some chains, most of them at most.
func (g Graph) Omissions(name string, target map[int]bool, chains [][]int, most int) []Omission {
	if len(chains) == 0 {
		return nil
	}
	all := []Omission{g.Omission(name, target)}
	told := map[string]bool{all[0].External: true}
	for _, chain := range chains {
		e, ok := g.Site(chain)
		if !ok || len(all) == most {
			continue
		}
		via := g.Inputs[e.To].Package
		if via == "" || target[e.To] {
			continue
		}
		if o := g.Omission(via, g.Package(via)); o.External != "" && !told[o.External] {
			told[o.External] = true
			all = append(all, o)
		}
	}
	return all
}

// external is the package whose leaving out takes these inputs away, where
// everything that imports them asks for it by its name.
func (g Graph) external(target map[int]bool) (name, because string) {
	for i, in := range g.Inputs {
		if target[i] {
			continue
		}
		for _, im := range in.Imports {
			if !target[im.To] {
				continue
			}
			asked := js.PackageName(im.Specifier)
			switch {
			case asked == "":
				return "", "it is asked for by a path, and only packages can be left out"
			case name != "" && name != asked:
				return "", "it is asked for by several names"
			}
			name = asked
		}
	}
	for i, in := range g.Inputs {
		if !target[i] && in.Package != "" && in.Package == name {
			return "", "leaving the package out would take other versions or files of it away too"
		}
	}
	return name, ""
}
