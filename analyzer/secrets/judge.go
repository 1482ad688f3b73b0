package secrets

import (
	"path"
	"strings"
)

// HeadBytes is how much of a file [Judge] looks at. MaxBytes is the size of the largest
// file whose content is worth reading: keys and tokens lie in small files.
const (
	HeadBytes = 64 << 10
	MaxBytes  = 1 << 20
)

// Finding is what a file holds.
type Finding struct {
	// What is a clause such as "holds a private key". It is empty if the file is no
	// secret.
	What string
	// Certain is set if the content shows it, not the name alone.
	Certain bool
}

// Judge says what secret a file holds. name is a slash-separated path; folders in it
// count, and upper and lower case do not differ. head are the first bytes of the file,
// at most [HeadBytes]; it may be nil for a file larger than [MaxBytes].
func Judge(name string, head []byte) Finding {
	name = strings.ToLower(path.Clean(strings.ReplaceAll(name, `\`, "/")))
	base := path.Base(name)
	if code[path.Ext(base)] && !inSecretFolder(name) {
		return Finding{}
	}
	if !prose[path.Ext(base)] {
		if what := content(head); what != "" {
			return Finding{what, true}
		}
	}
	if needsContent[path.Ext(base)] {
		return Finding{}
	}
	return Finding{What: byName(name, base)}
}

// code are extensions of source code and of what is made from it. Libraries that handle
// keys contain their headers, and credentials.js or secrets.ts are modules.
var code = extensions(`js cjs mjs jsx ts cts mts tsx map css scss less vue svelte go py rb java class php cs rs c cc cpp
	h hpp wasm node so dylib dll proto graphql gql`)

// prose are extensions of texts for people. They show examples of keys.
var prose = extensions(`md markdown mdx rst adoc html htm`)

// needsContent are extensions that hold certificates and public keys as often as private
// ones, such as the CA bundle of Amazon RDS: only their content tells.
var needsContent = extensions(`pem key crt cer der pub asc`)

func extensions(list string) map[string]bool {
	set := map[string]bool{}
	for _, ext := range strings.Fields(list) {
		set["."+ext] = true
	}
	return set
}
