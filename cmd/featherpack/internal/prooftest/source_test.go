package prooftest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/reporters"
)

// Every function of the sample projects runs as its source: the comparison has no false
// alarm on ordinary code. The event of each function's proof is sent; the answer that
// the proof expects is not used.
func TestRunsAsSource(t *testing.T) {
	if !clitest.Long() {
		t.Skip("starts 158 functions and their sources, which takes minutes; .ci/long does")
	}
	for _, name := range []string{"orders", "packages"} {
		t.Run(name, func(t *testing.T) {
			source := clitest.Testdata(t, "apps", name)
			clitest.Install(t, source)
			work := t.TempDir()
			copied := filepath.Join(work, name)
			clitest.Copy(t, source, copied)
			sendProofs(t, copied)
			stdout := clitest.Must(t, "build", "--boot", "--compress=fast", "--json", "--out", filepath.Join(work, "out"), copied)
			report, err := reporters.Read(strings.NewReader(stdout))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range report.Functions {
				if f.Boot == nil || f.Boot.Source == nil {
					t.Errorf("%s was not compared", f.ID)
				} else if s := f.Boot.Source; s.Verdict != "runs as its source" || s.Event == "" {
					t.Errorf("%s %s: %s", f.ID, s.Verdict, s.Reason)
				}
			}
		})
	}
}

// sendProofs writes the event of each proof to where a build looks for it.
func sendProofs(t testing.TB, dir string) {
	t.Helper()
	proofs, err := filepath.Glob(filepath.Join(dir, "proofs", "*.json"))
	if err != nil || len(proofs) == 0 {
		t.Fatal(err, "there are no proofs")
	}
	if err := os.Mkdir(filepath.Join(dir, "events"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range proofs {
		var proof struct{ Event json.RawMessage }
		if err := json.Unmarshal(clitest.Read(t, name), &proof); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "events", filepath.Base(name)), proof.Event, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
