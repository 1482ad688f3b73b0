package prooftest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/packager/boot"
	"github.com/featherpack/featherpack/reporters"
)

// TestIngest builds those functions of the Go service that compile quickly, and invokes
// them: those without the AWS SDK, unless FEATHERPACK_LONG=1 is set.
func TestIngest(t *testing.T) {
	clitest.ProveChanged(t, "ingest", func(dir string) {
		manifest := "functions:\n"
		names := []string{"health", "intake", "sweep"}
		if clitest.More(t) {
			names = append(names, "receipts")
		}
		for _, name := range names {
			manifest += "  " + name + ": {entry: ./cmd/" + name + ", runtime: provided.al2023, arch: x86_64}\n"
		}
		at := filepath.Join(dir, "featherpack.yaml")
		if err := os.Remove(at); err != nil { // it may be a link
			t.Fatal(err)
		}
		clitest.Write(t, at, manifest)
	}, boot.Options{OtherArchitecture: true})
}

// TestIngestWhole builds the Go service and invokes every function.
func TestIngestWhole(t *testing.T) {
	clitest.SkipUnlessLong(t) // compiles gRPC, gin and pgx
	clitest.Prove(t, "ingest")
}

// TestIngestRatios limits the size of the sample's zips to a share of a plain `go build`
// of the same package for the same machine. That is built with -trimpath, with which it is
// smaller: our build compiles the same packages. Both are deflated at level 9 by the same
// encoder. The test also prints the share of the build's own zip, which uses another
// encoder.
func TestIngestRatios(t *testing.T) {
	clitest.SkipUnlessLong(t) // compiles the AWS SDK
	work := t.TempDir()
	copied, out := filepath.Join(work, "ingest"), filepath.Join(work, "out")
	clitest.Copy(t, clitest.Testdata(t, "apps", "ingest"), copied)
	stdout := clitest.Must(t, "build", "--out", out, "--only", "health", "--only", "receipts", "--json", copied)
	report, err := reporters.Read(strings.NewReader(stdout))
	if err != nil {
		t.Fatal(err)
	}
	most := map[string]float64{"health": 0.42, "receipts": 0.365} // a minimal function, and one with AWS SDK clients
	if len(report.Functions) != len(most) {
		t.Fatalf("%d functions built", len(report.Functions))
	}
	for _, f := range report.Functions {
		plain := filepath.Join(work, f.ID)
		cmd := exec.Command("go", "build", "-trimpath", "-o", plain, "./cmd/"+f.ID)
		cmd.Dir = copied
		cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
		if output, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
		before, err := os.ReadFile(plain)
		if err != nil {
			t.Fatal(err)
		}
		after := clitest.Zip(t, filepath.Join(out, f.ID+".zip"))["bootstrap"].Content
		plainZip, ourZip := zippedAt9(t, before), zippedAt9(t, after)
		share := float64(ourZip) / float64(plainZip)
		t.Logf("%s: program %d -> %d B (%.3fx), zip at level 9 %d -> %d B (%.4fx), zip as built %d B (%.4fx)", f.ID,
			len(before), len(after), float64(len(after))/float64(len(before)), plainZip, ourZip, share,
			f.Artifact.ZipBytes, float64(f.Artifact.ZipBytes)/float64(plainZip))
		if share > most[f.ID] {
			t.Errorf("%s: the zip is %.4fx of a plain build's, more than %.3fx", f.ID, share, most[f.ID])
		}
		if built := float64(f.Artifact.ZipBytes) / float64(plainZip); built > most[f.ID] {
			t.Errorf("%s: the zip that was built is %.4fx of a plain build's, more than %.3fx", f.ID, built, most[f.ID])
		}
	}
}

// zippedAt9 returns the size of a zip with only a program, deflated at level 9 by the
// standard library.
func zippedAt9(t *testing.T, program []byte) int64 {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, 9) })
	w, err := z.Create("bootstrap")
	if err == nil {
		_, err = w.Write(program)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return int64(b.Len())
}
