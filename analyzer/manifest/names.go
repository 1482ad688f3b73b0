package manifest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// serviceName is the manifest's name for its service, or else its folder's name.
func (d *discovery) serviceName(s *service) string {
	if s.format.title != nil {
		if title := s.format.title(d.input(s.Service)); title != "" {
			return title
		}
	}
	name := d.folderName(s.Dir)
	if s.format != settingsFormat && !slices.Contains(s.format.names, path.Base(s.File)) {
		stem, _, _ := strings.Cut(path.Base(s.File), ".")
		name += "-" + stem
	}
	return name
}

// folderName names a folder. The root folder's own name can differ between
// checkouts, so the root is named by its package.json or go.mod.
func (d *discovery) folderName(dir string) string {
	if dir != "." {
		return path.Base(dir)
	}
	if content, err := d.Read("package.json", yamltree.MaxBytes); err == nil {
		var pkg struct {
			Name string `json:"name"`
		}
		if json.Unmarshal(content, &pkg) == nil && pkg.Name != "" {
			return path.Base(pkg.Name)
		}
	}
	if content, err := d.Read("go.mod", yamltree.MaxBytes); err == nil {
		if m := moduleLine.FindSubmatch(content); m != nil {
			return path.Base(string(m[1]))
		}
	}
	return "app"
}

var moduleLine = regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)`)

// nameServices gives each service a unique name: two manifests may both be called
// "api".
func nameServices(services []*service) {
	slices.SortFunc(services, func(a, b *service) int {
		return cmp.Or(cmp.Compare(a.Dir, b.Dir), cmp.Compare(a.File, b.File))
	})
	count := map[string]int{}
	for _, s := range services {
		count[s.Name]++
	}
	taken := map[string]bool{}
	for _, s := range services {
		if count[s.Name] > 1 || !declared.GoodName.MatchString(s.Name) {
			if s.Name = strings.ReplaceAll(s.Dir, "/", "-"); s.Dir == "." {
				s.Name = "root"
			}
			if !declared.GoodName.MatchString(s.Name) {
				s.Name = "service"
			}
		}
		base := s.Name
		for n := 2; taken[s.Name]; n++ {
			s.Name = fmt.Sprintf("%s-%d", base, n)
		}
		taken[s.Name] = true
	}
}
