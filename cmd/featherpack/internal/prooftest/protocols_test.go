package prooftest

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/featherpack/featherpack/analyzer/manifest"
	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// TestProtocols runs functions that call AWS clients of every protocol, from their source
// and from their zips. The signed requests and what the functions make of the answers,
// errors included, must be equal to the byte.
func TestProtocols(t *testing.T) {
	clitest.SkipUnlessLong(t) // installs and builds 28 functions
	source := clitest.Testdata(t, "apps", "protocols")
	clitest.Install(t, source)
	work := t.TempDir()
	copied, out := filepath.Join(work, "protocols"), filepath.Join(work, "out")
	clitest.Copy(t, source, copied)
	clitest.Must(t, "build", "--quiet", "--compress=fast", "--out", out, copied)

	s := &server{seen: map[string][]string{}}
	if err := json.Unmarshal(clitest.Read(t, filepath.Join(copied, "answers.json")), &s.answers); err != nil {
		t.Fatal(err)
	}
	listening := httptest.NewUnstartedServer(s)
	listening.Config.Protocols = new(http.Protocols)
	listening.Config.Protocols.SetHTTP1(true)
	listening.Config.Protocols.SetUnencryptedHTTP2(true) // Kinesis and Transcribe
	listening.Start()
	defer listening.Close()

	functions := manifest.Discover(copied, manifest.Options{}).Functions
	if len(functions) < 20 {
		t.Fatalf("%d functions found", len(functions))
	}
	sources, zips := map[string]string{}, map[string]string{}
	for _, f := range functions {
		sources[f.ID] = filepath.Join(copied, f.Entry)
		task := filepath.Join(work, "task", f.ID)
		for name, entry := range clitest.Zip(t, filepath.Join(out, f.ID+".zip")) {
			clitest.Write(t, filepath.Join(task, name), string(entry.Content))
		}
		found, err := filepath.Glob(filepath.Join(task, strings.TrimSuffix(f.Entry, filepath.Ext(f.Entry))+".*js"))
		if err != nil || len(found) != 1 {
			t.Fatal(f.ID, found, err)
		}
		zips[f.ID] = found[0]
	}
	before := call(t, listening.URL, sources)
	sent := s.take()
	if err := os.Rename(copied, filepath.Join(work, "away")); err != nil {
		t.Fatal(err)
	}
	after := call(t, listening.URL, zips)
	sentAfter := s.take()
	for _, f := range functions {
		t.Run(f.ID, func(t *testing.T) {
			if len(sent[f.ID]) != 2 || !strings.Contains(sent[f.ID][0], "AWS4-HMAC-SHA256") {
				t.Fatalf("the source sent %d requests, signed ones were expected: %q", len(sent[f.ID]), sent[f.ID])
			}
			if !slices.Equal(sent[f.ID], sentAfter[f.ID]) {
				t.Errorf("the source sent\n%s\nand the zip\n%s", strings.Join(sent[f.ID], "\n"), strings.Join(sentAfter[f.ID], "\n"))
			}
			if before[f.ID] != after[f.ID] {
				t.Errorf("the source answered\n%s\nand the zip\n%s", before[f.ID], after[f.ID])
			}
			if strings.Count(before[f.ID], `"threw"`) != 1 || !strings.Contains(before[f.ID], `"httpStatusCode":400`) {
				t.Errorf("of the source's two calls one must fail by the server's error: %s", before[f.ID])
			}
		})
	}
}

// A server answers the first call of each function well and the second with an error.
type server struct {
	answers map[string]struct {
		Type, Good, Bad string
		Hex             bool // the bodies are in hexadecimal
		Events          [][2]string
		Headers         map[string]string
		Error, Query    string // headers of an error
	}
	mu   sync.Mutex
	seen map[string][]string // the requests of each function
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := strings.Split(r.URL.Path, "/")[1]
	answer, known := s.answers[id]
	if !known {
		http.Error(w, "nobody", http.StatusNotFound)
		return
	}
	s.mu.Lock()
	good := len(s.seen[id])%2 == 0
	s.seen[id] = append(s.seen[id], "")
	at := len(s.seen[id]) - 1
	s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		body = append(body, err.Error()...)
	}
	text := strings.Builder{}
	fmt.Fprintf(&text, "%s %s %s %s\n", r.Method, r.Host, r.RequestURI, r.Proto)
	_ = r.Header.Write(&text)
	fmt.Fprintf(&text, "%q", body)
	s.mu.Lock()
	s.seen[id][at] = text.String()
	s.mu.Unlock()

	w.Header().Set("Content-Type", answer.Type)
	w.Header().Set("x-amzn-requestid", "request")
	w.Header().Set("Date", "Thu, 26 Nov 2026 12:00:00 GMT") // the client's clock follows the server's
	for name, value := range answer.Headers {
		w.Header().Set(name, value)
	}
	content := []byte(answer.Good)
	if !good {
		content = []byte(answer.Bad)
		if answer.Error != "" {
			w.Header().Set("x-amzn-errortype", answer.Error)
		}
		if answer.Query != "" {
			w.Header().Set("x-amzn-query-error", answer.Query)
		}
		if answer.Events != nil {
			w.Header().Set("Content-Type", "application/json")
		}
		defer func() { _, _ = w.Write(content) }()
		w.WriteHeader(http.StatusBadRequest)
	}
	if answer.Hex {
		content, _ = hex.DecodeString(string(content))
	}
	if good {
		for _, event := range answer.Events {
			content = append(content, message(event[0], event[1])...)
		}
		_, _ = w.Write(content)
	}
}

// take returns the requests since it was called last.
func (s *server) take() map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.seen
	s.seen = map[string][]string{}
	return seen
}

// message encodes an event of a stream: lengths, their checksum, headers, the payload and
// a checksum of all.
// https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html
func message(event, payload string) []byte {
	var headers []byte
	for _, h := range [][2]string{{":message-type", "event"}, {":event-type", event}, {":content-type", "application/json"}} {
		headers = append(append(headers, byte(len(h[0]))), h[0]...)
		headers = append(headers, 7) // a string
		headers = append(binary.BigEndian.AppendUint16(headers, uint16(len(h[1]))), h[1]...)
	}
	m := binary.BigEndian.AppendUint32(nil, uint32(16+len(headers)+len(payload)))
	m = binary.BigEndian.AppendUint32(m, uint32(len(headers)))
	m = binary.BigEndian.AppendUint32(m, crc32.ChecksumIEEE(m))
	m = append(append(m, headers...), payload...)
	return binary.BigEndian.AppendUint32(m, crc32.ChecksumIEEE(m))
}

// fixed is loaded before a function: the time and what is random are always the same.
const fixed = `
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
const Real = Date, now = Real.UTC(2026, 10, 26, 12)
globalThis.Date = class Date extends Real {
  constructor(...a) { a.length ? super(...a) : super(now) }
  static now() { return now }
}
const fill = (a) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength).fill(7) && a
const set = (on, values) => { for (const [name, value] of Object.entries(values)) Object.defineProperty(on, name, { value }) }
const randomUUID = () => '00000000-0000-4000-8000-000000000000'
set(crypto, { randomUUID, randomFillSync: fill, randomBytes: (n) => Buffer.alloc(n, 7) })
set(crypto.webcrypto, { randomUUID, getRandomValues: fill })
Math.random = () => 0.5
syncBuiltinESMExports()
`

// caller calls the handlers of functions one after the other.
const caller = `
import fs from 'node:fs'
import { pathToFileURL } from 'node:url'
const answers = {}
for (const [id, file] of Object.entries(JSON.parse(fs.readFileSync(process.argv[2])))) {
  const m = await import(pathToFileURL(file))
  answers[id] = JSON.stringify(await (m.handler ?? m.default.handler)())
}
fs.writeFileSync(process.argv[3], JSON.stringify(answers))
process.exit(0)
`

// call runs functions in one process and returns their answers as JSON. The environment
// is ours without AWS's variables, and with more.
func call(t *testing.T, url string, files map[string]string, more ...string) (answers map[string]string) {
	t.Helper()
	dir := t.TempDir()
	list, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"fixed.mjs": fixed, "call.mjs": caller, "list.json": string(list)} {
		clitest.Write(t, filepath.Join(dir, name), text)
	}
	cmd := exec.CommandContext(t.Context(), "node", "--no-warnings", "--import", filepath.Join(dir, "fixed.mjs"),
		filepath.Join(dir, "call.mjs"), filepath.Join(dir, "list.json"), filepath.Join(dir, "answers.json"))
	cmd.Dir = dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "AWS_") }),
		"SERVER="+url, "HOME="+dir, "AWS_EC2_METADATA_DISABLED=true")
	cmd.Env = append(cmd.Env, more...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, output.String())
	}
	if err := json.Unmarshal(clitest.Read(t, filepath.Join(dir, "answers.json")), &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}
