package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
)

// The parts of CycloneDX 1.6 that list the components of a binary. Source:
// cyclonedx.org/docs/1.6/json. The optional serial number and time are left out,
// because they would differ between two equal builds.
type (
	bom struct {
		Format       string          `json:"bomFormat"`
		Spec         string          `json:"specVersion"`
		Version      int             `json:"version"`
		Metadata     bomMetadata     `json:"metadata"`
		Components   []bomComponent  `json:"components"`
		Dependencies []bomDependency `json:"dependencies"`
	}
	bomMetadata struct {
		Component bomComponent `json:"component"`
	}
	bomComponent struct {
		Type       string        `json:"type"`
		Ref        string        `json:"bom-ref"`
		Name       string        `json:"name"`
		Version    string        `json:"version"`
		PURL       string        `json:"purl"`
		Hashes     []bomHash     `json:"hashes,omitempty"`
		Licences   []bomLicence  `json:"licenses"`
		Properties []bomProperty `json:"properties,omitempty"`
	}
	bomHash struct {
		Algorithm string `json:"alg"`
		Content   string `json:"content"`
	}
	bomLicence struct {
		Licence bomLicenceID `json:"license"`
	}
	bomLicenceID struct {
		ID string `json:"id"`
	}
	bomProperty struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	bomDependency struct {
		Ref       string   `json:"ref"`
		DependsOn []string `json:"dependsOn"`
	}
)

// writeComponents writes the list of the components of one binary.
func writeComponents(name, version string, p platform, binary string, linked []component) error {
	content, err := os.ReadFile(binary)
	if err != nil {
		return err
	}
	digest := sha256.Sum256(content)
	own := purl("github.com/featherpack/featherpack", moduleVersion(version))
	list := bom{
		Format: "CycloneDX", Spec: "1.6", Version: 1,
		Metadata: bomMetadata{bomComponent{
			Type: "application", Ref: own, Name: "featherpack", Version: version, PURL: own,
			Hashes:     []bomHash{{"SHA-256", hex.EncodeToString(digest[:])}},
			Licences:   licences("MIT"),
			Properties: []bomProperty{{"featherpack:platform", p.os + "-" + p.cpu}},
		}},
	}
	depends := bomDependency{Ref: own}
	for _, c := range linked {
		ref := purl(c.path, c.version)
		list.Components = append(list.Components, bomComponent{
			Type: "library", Ref: ref, Name: c.path, Version: c.version, PURL: ref, Licences: licences(c.licence),
		})
		depends.DependsOn = append(depends.DependsOn, ref)
	}
	list.Dependencies = []bomDependency{depends}
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(name, append(text, '\n'), 0o644)
}

// purl returns the package URL of a Go module, which scanners use. Source: github.com/package-url/purl-spec
func purl(path, version string) string { return "pkg:golang/" + path + "@" + version }

func licences(id string) []bomLicence { return []bomLicence{{bomLicenceID{id}}} }
