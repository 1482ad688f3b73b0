package terraform

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/outdir"
	"github.com/featherpack/featherpack/reporters"
)

// recordFile holds the last answer and its fingerprint.
const recordFile = "external.json"

// maxRecord limits what is read of a record.
const maxRecord = 16 << 20

// record is the content of recordFile.
type record struct {
	Fingerprint string            `json:"fingerprint"`
	Answer      map[string]string `json:"answer"`
	// Zips maps the names of the artifacts to their SHA-256 in hex.
	Zips map[string]string `json:"zips"`
}

// recorded returns the last answer. It returns nil if that is no longer valid:
// something has changed, or a zip is not the one that was written.
func recorded(o *outdir.Dir, state fingerprint) map[string]string {
	file, err := o.Read(recordFile)
	if err != nil {
		return nil
	}
	defer file.Close()
	var r record
	if !state.reliable || json.NewDecoder(io.LimitReader(file, maxRecord)).Decode(&r) != nil || r.Fingerprint != state.sum || len(r.Zips) == 0 {
		return nil
	}
	for name, want := range r.Zips {
		if !filepath.IsLocal(filepath.FromSlash(name)) || digestOf(o, name) != want {
			return nil
		}
	}
	return r.Answer
}

// digestOf returns the SHA-256 in hex of a file of the out-dir, "" if it cannot be
// read.
func digestOf(o *outdir.Dir, name string) string {
	f, err := o.Read(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

func forget(o *outdir.Dir) error {
	if err := o.Remove(recordFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return o.Fault(err)
	}
	return nil
}

func remember(o *outdir.Dir, state fingerprint, r reporters.Report, answer map[string]string) error {
	zips := map[string]string{}
	for _, f := range r.Functions {
		zips[f.Artifact.Name] = f.Artifact.SHA256
	}
	return o.Write(recordFile, func(w io.Writer) error {
		return json.NewEncoder(w).Encode(record{state.sum, answer, zips})
	})
}
