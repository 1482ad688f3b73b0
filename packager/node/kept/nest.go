package kept

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// nest gives packages new places where one copy hides another from who asks for it, or code
// goes by a path that leads elsewhere. Places are given in the order of the requests at first,
// which knows only those before. A package that code loads by its path lies there as it is
// installed. Another copy lies at the top if the bundle asks for it, else in the innermost
// folder that all who ask for it lie in. Where no such places exist, the first ones stay, and
// what code loads by its path lies there too.
func (t *Tree) nest() {
	if !slices.ContainsFunc(slices.Collect(maps.Values(t.packages)), (*Package).elsewhere) && len(t.Conflicts()) == 0 {
		return
	}
	copies := map[string]int{}
	for _, p := range t.packages {
		copies[p.Name]++
	}
	old, oldPlaces := map[*Package]string{}, maps.Clone(t.places)
	var order []*Package
	for _, dir := range slices.Sorted(maps.Keys(t.packages)) {
		p := t.packages[dir]
		old[p] = p.Place
		order = append(order, p)
	}
	for range order {
		moved := false
		for _, p := range order {
			at := p.at
			if at == "" && copies[p.Name] > 1 {
				at = path.Join(p.askedIn(), "node_modules", p.Name)
			}
			if at != "" && at != p.Place {
				t.move(order, p, at)
				moved = true
			}
		}
		if !moved {
			break
		}
	}
	if t.settlePlaces(order) && len(t.Conflicts()) == 0 {
		return
	}
	for p, at := range old {
		p.Place = at
	}
	t.places = oldPlaces
}

// elsewhere reports whether code goes by a path that is not the package's place.
func (p *Package) elsewhere() bool { return p.at != "" && p.at != p.Place }

// placeByPath is where a package's file lies a second time: where code goes by its path.
func (t *Tree) placeByPath(p *Package, file string) string {
	if !p.elsewhere() {
		return ""
	}
	rel, err := filepath.Rel(p.Dir, file)
	if err != nil {
		return ""
	}
	return path.Join(p.at, filepath.ToSlash(rel))
}

// askedIn is the innermost folder of the zip from which all who ask for a package find what
// lies in its node_modules.
func (p *Package) askedIn() string {
	in, first := "", true
	ask := func(by *Package) {
		at := ""
		if by != nil {
			at = by.Place
		}
		if first {
			in, first = at, false
		}
		for in != "" && in != at && !strings.HasPrefix(at, in+"/") {
			in = outer(in)
		}
	}
	if p.named {
		ask(p.by)
	}
	for by := range p.askedBy {
		ask(by)
	}
	return in
}

// outer is the package that a package's folder lies in, "" for the zip's root.
func outer(place string) string {
	i := strings.LastIndex("/"+place, "/node_modules/")
	return strings.TrimSuffix(place[:max(i, 0)], "/")
}

// move moves a package with all that lies below it.
func (t *Tree) move(all []*Package, p *Package, to string) {
	from := p.Place
	for _, q := range all {
		if rest, below := strings.CutPrefix(q.Place, from+"/"); below {
			q.Place = path.Join(to, rest)
		}
	}
	p.Place = to
}

// settlePlaces notes who lies where, and reports whether every package has a place of its own.
func (t *Tree) settlePlaces(all []*Package) bool {
	t.places = map[string]*Package{}
	for _, p := range all {
		if t.places[p.Place] != nil {
			return false
		}
		t.places[p.Place] = p
	}
	return true
}
