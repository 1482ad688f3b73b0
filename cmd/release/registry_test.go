package main

import (
	"archive/tar"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// registry serves the tarballs of a release to npm. For platforms that were not built it
// serves only the metadata by which npm decides to skip them. Their tarballs do not
// exist, so downloading one fails.
func registry(t *testing.T, dir, version string) string {
	t.Helper()
	published := map[string]map[string]any{}
	for _, p := range platforms {
		name := "@featherpack/" + p.os + "-" + p.cpu
		published[name] = map[string]any{"name": name, "version": version, "os": []string{p.os}, "cpu": []string{p.cpu}}
	}
	tarballs, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, file := range tarballs {
		manifest := packedManifest(t, file)
		name := manifest["name"].(string)
		published[name] = manifest
		files[name] = file
	}
	answers := map[string][]byte{} // by path, which npm escapes
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, ok := answers[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if !strings.HasSuffix(r.URL.Path, ".tgz") {
			w.Header().Set("Content-Type", "application/json")
		}
		w.Write(answer)
	}))
	t.Cleanup(server.Close)
	for name, manifest := range published {
		tarball := "/tarballs/" + strings.ReplaceAll(name, "/", "-") + ".tgz"
		digest := sha512.Sum512(nil)
		if file := files[name]; file != "" {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			digest = sha512.Sum512(content)
			answers[tarball] = content
		}
		one := maps.Clone(manifest)
		one["dist"] = map[string]string{"tarball": server.URL + tarball,
			"integrity": "sha512-" + base64.StdEncoding.EncodeToString(digest[:])}
		document, err := json.Marshal(map[string]any{"name": name, "dist-tags": map[string]string{"latest": version},
			"versions": map[string]any{version: one}})
		if err != nil {
			t.Fatal(err)
		}
		answers["/"+name] = document
	}
	return server.URL
}

// packed returns the modes and contents of the files in a tarball.
func packed(t *testing.T, file string) (modes map[string]int64, contents map[string]string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	modes, contents = map[string]int64{}, map[string]string{}
	for r := tar.NewReader(unzipped); ; {
		header, err := r.Next()
		if err == io.EOF {
			return modes, contents
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		modes[header.Name], contents[header.Name] = header.Mode, string(content)
	}
}

func packedManifest(t *testing.T, file string) map[string]any {
	t.Helper()
	_, contents := packed(t, file)
	var manifest map[string]any
	if err := json.Unmarshal([]byte(contents["package/package.json"]), &manifest); err != nil {
		t.Fatal(err)
	}
	return manifest
}
