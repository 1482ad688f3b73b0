package golang

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin/programtest"
	"github.com/featherpack/featherpack/packager"
)

// sample returns the Go service in testdata/apps and its functions, for this machine's
// architecture.
func sample(t *testing.T) analyzer.Project {
	// The functions, by the program of testdata/programs that has the same modules.
	all := map[string][]string{
		"minimal": {"health", "intake", "sweep"}, "aws": {"receipts"},
		"gin": {"catalog"}, "grpc": {"quotes"}, "pgx": {"statements"}, // up to 20 MB
	}
	var names []string
	for _, kind := range programtest.Kinds() {
		if programtest.Quick("amd64", kind) { // or as quick for arm64, on such a machine
			programtest.Compile(t, runtime.GOARCH, kind)
			names = append(names, all[kind]...)
		}
	}
	programtest.More(t) // the other kinds
	root, err := filepath.Abs("../../testdata/apps/ingest")
	if err != nil {
		t.Fatal(err)
	}
	p := analyzer.Project{Root: root, Dir: "."}
	for _, name := range names {
		f := function(name, "./cmd/"+name)
		if runtime.GOARCH == "arm64" {
			f.Architecture = "arm64"
		}
		p.Functions = append(p.Functions, f)
	}
	return p
}

// The functions of the sample answer as their proofs say, their bytes are
// those of their packages, and their zips stay below the figures that were
// measured for the recipe: 2,677,426 of 6,481,154 B (minimal) and 4,225,757 of
// 11,696,234 B (AWS SDK). The same sources in another folder give the same programs.
func TestSample(t *testing.T) {
	p := sample(t)
	t.Run("large programs", func(t *testing.T) {
		programtest.SkipUnlessQuick(t, "amd64", "gin")
		if len(p.Functions) != 7 {
			t.Errorf("%d of the functions are built", len(p.Functions))
		}
	})
	if runtime.GOOS != "linux" {
		t.Skip("runs the programs")
	}
	bundles := build(t, p, setup{}, p.Functions...)
	for id, b := range bundles {
		t.Run(id, func(t *testing.T) {
			program := programOf(t, b)
			checkParts(t, program, b.Files[0].Parts)
			var proof struct{ Event, Answer json.RawMessage }
			text, err := os.ReadFile(filepath.Join(p.Root, "proofs", id+".json"))
			if err != nil || json.Unmarshal(text, &proof) != nil {
				t.Fatalf("there is no proof: %v", err)
			}
			answer := invoke(t, program, proof.Event)
			if diff := cmp.Diff(decoded(t, proof.Answer), decoded(t, answer)); diff != "" {
				t.Errorf("answers %s\n%s", answer, diff)
			}
			if limit := map[string]float64{"health": 0.42, "receipts": 0.365}[id]; limit > 0 {
				checkRatio(t, p, id, program, limit)
			}
		})
	}
	t.Run("in another folder", func(t *testing.T) {
		moved := p
		moved.Root = filepath.Join(t.TempDir(), "a folder", "of another name")
		if err := os.CopyFS(moved.Root, os.DirFS(p.Root)); err != nil {
			t.Fatal(err)
		}
		t.Setenv("TZ", "Pacific/Chatham")
		for id, b := range build(t, moved, setup{}, p.Functions...) {
			if sha(t, b) != sha(t, bundles[id]) {
				t.Errorf("%s differs", id)
			}
		}
	})
}

// checkParts checks that a program's bytes are attributed to packages.
func checkParts(t *testing.T, program string, parts []packager.Part) {
	t.Helper()
	owned, sum := int64(0), int64(0)
	for _, part := range parts {
		sum += part.Bytes
		if part.Input >= 0 {
			owned += part.Bytes
		}
	}
	size := sizeOf(t, program)
	if sum != size {
		t.Errorf("the parts sum to %d, the program has %d bytes", sum, size)
	}
	if share := float64(owned) / float64(size); share < 0.94 {
		t.Errorf("%.1f%% of the bytes have a package", 100*share)
	} else {
		t.Logf("%d bytes, %.1f%% have a package", size, 100*share)
	}
}

// checkRatio compares with plain go build plus -trimpath. Without -trimpath everything
// would be compiled again; it saves 0.1%.
func checkRatio(t *testing.T, p analyzer.Project, id, program string, limit float64) {
	t.Helper()
	plain := filepath.Join(t.TempDir(), id)
	build := exec.Command("go", "build", "-trimpath", "-o", plain, "./cmd/"+id)
	build.Dir, build.Env = p.Root, append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%s", out)
	}
	ours, theirs := deflated(t, program), deflated(t, plain)
	ratio := float64(ours) / float64(theirs)
	t.Logf("deflate level 9 gives %d B against %d B of plain go build: %.3f", ours, theirs, ratio)
	if ratio > limit {
		t.Errorf("the zip is %.3f of the zip of plain go build, over %.3f", ratio, limit)
	}
}

func sizeOf(t *testing.T, name string) int64 {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func decoded(t *testing.T, text []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// deflated returns a file's size after deflate at the standard library's level 9.
func deflated(t *testing.T, name string) int64 {
	t.Helper()
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	var out counter
	w, _ := flate.NewWriter(&out, 9)
	if _, err := io.Copy(w, in); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return int64(out)
}

type counter int64

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }

// invoke starts a program like Lambda does, sends it one event over the runtime API
// and returns its response.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func invoke(t *testing.T, program string, event []byte) []byte {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	answers := make(chan []byte, 1)
	asked := make(chan bool, 1)
	asked <- true
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-asked:
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", "4102444800000")
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:sample")
			w.Write(event)
		case <-r.Context().Done():
		case <-ctx.Done():
		}
	})
	take := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.WriteHeader(http.StatusAccepted)
		select {
		case answers <- body:
		default:
		}
	}
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{what}", take)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", take)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: mux}
	go server.Serve(listener)
	defer server.Close()

	cmd := exec.CommandContext(ctx, program)
	cmd.Env = []string{
		"AWS_LAMBDA_RUNTIME_API=" + listener.Addr().String(), "AWS_REGION=eu-west-1", "TZ=:UTC",
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=example", "AWS_LAMBDA_FUNCTION_NAME=sample",
	}
	var messages bytes.Buffer
	cmd.Stdout, cmd.Stderr = &messages, &messages
	cmd.Dir = t.TempDir()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	defer func() { stop(); <-ended }()
	select {
	case body := <-answers:
		return body
	case err := <-ended:
		ended <- err
		t.Fatalf("the program ended: %v\n%s", err, &messages)
	case <-ctx.Done():
		t.Fatalf("the program does not answer\n%s", &messages)
	}
	return nil
}
