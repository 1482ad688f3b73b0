package reuse

import "github.com/featherpack/featherpack/packager/cache"

// ModulesOf are the files in the keys of builds, if a blob is a list of such.
func ModulesOf(blob []byte) (all []map[string]cache.Digest) {
	var builds []candidate
	if unpack(blob, &builds) != nil {
		return nil // another kind of blob
	}
	for _, b := range builds {
		all = append(all, b.Modules)
	}
	return all
}
