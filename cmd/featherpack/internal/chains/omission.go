package chains

import "github.com/featherpack/featherpack/analyzer/js"

// Omission is something to build a function without.
type Omission struct {
	Name string
	// External is the package to leave out. If it is "", Because is the reason why
	// nothing can be left out.
	External, Because string
	Cut               func(Edge) bool
}

// Omission returns the omission of some inputs. name is their name.
func (g Graph) Omission(name string, inputs map[int]bool) Omission {
	o := Omission{Name: name, Cut: func(e Edge) bool { return inputs[e.To] }}
	o.External, o.Because = g.external(inputs)
	return o
}

// Omissions returns the omission of the target, and those of the packages through
// which the chains lead from the project to the target. It returns at most most
// omissions.
func (g Graph) Omissions(name string, target map[int]bool, chains [][]int, most int) []Omission {
	if len(chains) == 0 {
		return nil
	}
	all := []Omission{g.Omission(name, target)}
	seen := map[string]bool{all[0].External: true}
	for _, chain := range chains {
		e, ok := g.ProjectImport(chain)
		if !ok || len(all) == most {
			continue
		}
		via := g.Inputs[e.To].Package
		if via == "" || target[e.To] {
			continue
		}
		if o := g.Omission(via, g.Package(via)); o.External != "" && !seen[o.External] {
			seen[o.External] = true
			all = append(all, o)
		}
	}
	return all
}

// external returns the package to leave out in order to remove these inputs. There is
// one if all importers use the same package name. Otherwise because is the reason.
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
				return "", "it is imported by a path, and only packages can be left out"
			case name != "" && name != asked:
				return "", "it is imported by several names"
			}
			name = asked
		}
	}
	for i, in := range g.Inputs {
		if !target[i] && in.Package != "" && in.Package == name {
			return "", "leaving out the package would also remove other versions or files of it"
		}
	}
	return name, ""
}
