package remotetest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
	"github.com/featherpack/featherpack/packager/cache"
)

// memory is a server that works.
type memory struct {
	mu    sync.Mutex
	files map[string][]byte
	puts  int
	// headers are those of the last request.
	headers http.Header
}

func (m *memory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.headers = r.Header.Clone()
	switch r.Method {
	case http.MethodGet:
		content, ok := m.files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(content)
	case http.MethodPut:
		content, err := io.ReadAll(r.Body)
		if sum := sha256.Sum256(content); err != nil || path.Base(path.Dir(r.URL.Path)) == "cas" && hex.EncodeToString(sum[:]) != path.Base(r.URL.Path) {
			http.Error(w, "", http.StatusBadRequest)
			return
		}
		m.puts++
		m.files[r.URL.Path] = content
		w.WriteHeader(http.StatusCreated)
	}
}

// behaviour is a server, given one that works and has all functions.
type behaviour struct {
	name  string
	serve func(t testing.TB, good *memory) http.HandlerFunc
	// says is a part of the one warning, "" if there is none.
	says string
	// unchanged is how many functions the server brings.
	unchanged int
}

// answer replaces the content of answers to GET requests of a kind.
func answer(kind string, change func(good *memory, name string, content []byte) []byte) func(testing.TB, *memory) http.HandlerFunc {
	return func(_ testing.TB, good *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			content, ok := good.file(r.URL.Path)
			if !ok || r.Method != http.MethodGet || !strings.Contains(r.URL.Path, kind) {
				good.ServeHTTP(w, r)
				return
			}
			_, _ = w.Write(change(good, r.URL.Path, content))
		}
	}
}

// answering answers requests of a method with a status.
func answering(method string, code int) func(testing.TB, *memory) http.HandlerFunc {
	return func(_ testing.TB, good *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method != method {
				http.NotFound(w, r)
				return
			}
			http.Error(w, "\x1b[31m"+r.Header.Get("Authorization"), code)
		}
	}
}

// hang waits until the client goes away, after what begin does.
func hang(begin func(w http.ResponseWriter)) func(testing.TB, *memory) http.HandlerFunc {
	return func(testing.TB, *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			if begin != nil {
				begin(w)
				_ = http.NewResponseController(w).Flush()
			}
			<-r.Context().Done()
		}
	}
}

// file is the content of a name, which a request may write meanwhile.
func (m *memory) file(name string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	content, ok := m.files[name]
	return content, ok
}

// sorted are the names of a kind.
func (m *memory) sorted(kind string) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Sorted(maps.Keys(m.files)), func(name string) bool { return !strings.Contains(name, kind) })
}

var behaviours = []behaviour{
	{name: "good", serve: func(_ testing.TB, good *memory) http.HandlerFunc { return good.ServeHTTP }, unchanged: 5},
	{name: "empty", serve: func(testing.TB, *memory) http.HandlerFunc { return (&memory{files: map[string][]byte{}}).ServeHTTP }},
	{name: "error", serve: answering(http.MethodGet, 500), says: "it answers 500 Internal Server Error"},
	{name: "forbidden", serve: answering(http.MethodGet, 403), says: "it answers 403 Forbidden"},
	{name: "unknown status", serve: answering(http.MethodGet, 799), says: "it answers 799"},
	{name: "full", serve: answering(http.MethodPut, 507), says: "it answers 507 Insufficient Storage"},
	{name: "too large", serve: answering(http.MethodPut, 413), says: "it answers 413 Request Entity Too Large"},
	{name: "no writing", serve: answering(http.MethodPut, 405), says: "it answers 405 Method Not Allowed"},
	{name: "error when writing", serve: answering(http.MethodPut, 500), says: "it answers 500 Internal Server Error"},
	{name: "slow", says: "it is too slow", serve: func(_ testing.TB, good *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(1500 * time.Millisecond)
			good.ServeHTTP(w, r)
		}
	}},
	{name: "a byte at a time", says: "it is too slow", serve: func(_ testing.TB, good *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			content, _ := good.file(r.URL.Path)
			for _, b := range content {
				if _, err := w.Write([]byte{b}); err != nil {
					return
				}
				_ = http.NewResponseController(w).Flush()
				time.Sleep(20 * time.Millisecond)
			}
		}
	}},
	{name: "hangs", serve: hang(nil), says: "it does not answer in time"},
	{name: "hangs after headers", serve: hang(func(w http.ResponseWriter) { w.WriteHeader(200) }), says: "it does not answer in time"},
	{name: "hangs in the content", serve: hang(func(w http.ResponseWriter) { _, _ = w.Write([]byte{0x12}) }), says: "it does not answer in time"},
	{name: "hangs up", says: "the connection fails", serve: func(testing.TB, *memory) http.HandlerFunc {
		return func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	}},
	{name: "endless", says: "it sends wrong content", serve: func(testing.TB, *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			for piece := bytes.Repeat([]byte{0x12}, 1<<16); r.Method == http.MethodGet; {
				if _, err := w.Write(piece); err != nil {
					return
				}
			}
		}
	}},
	{name: "endless blobs", says: "it sends wrong content", serve: func(_ testing.TB, good *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.URL.Path, "/cas/") || r.Method != http.MethodGet {
				good.ServeHTTP(w, r)
				return
			}
			for content, _ := good.file(r.URL.Path); len(content) > 0; {
				if _, err := w.Write(content); err != nil {
					return
				}
			}
		}
	}},
	{name: "truncated", says: "it sends wrong content", serve: func(_ testing.TB, good *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			content, _ := good.file(r.URL.Path)
			w.Header().Set("Content-Length", fmt.Sprint(len(content)))
			_, _ = w.Write(content[:len(content)/2])
		}
	}},
	{name: "other blobs", says: "it sends wrong content", serve: answer("/cas/", func(good *memory, name string, _ []byte) []byte {
		all := good.sorted("/cas/")
		next, _ := good.file(all[(slices.Index(all, name)+1)%len(all)])
		return next
	})},
	{name: "changed blobs", says: "it sends wrong content", serve: answer("/cas/", func(_ *memory, _ string, content []byte) []byte {
		content = bytes.Clone(content)
		content[len(content)-1] ^= 1
		return content
	})},
	{name: "other results", says: "it sends wrong content", serve: answer("/ac/", func(good *memory, name string, _ []byte) []byte {
		all := good.sorted("/ac/")
		next, _ := good.file(all[(slices.Index(all, name)+1)%len(all)])
		return next
	})},
	// It lies well: results that say that they are those of the action.
	{name: "results that name other blobs", says: "it sends wrong content", serve: answer("/ac/", func(good *memory, name string, _ []byte) []byte {
		all := good.sorted("/ac/")
		other := all[(slices.Index(all, name)+1)%len(all)]
		text, _ := good.file(other)
		r, err := cache.DecodeResult(cache.Digest{Hash: path.Base(other)}, text)
		if err != nil {
			panic(err)
		}
		return cache.EncodeResult(cache.Digest{Hash: path.Base(name)}, r)
	})},
	{name: "results of other files", says: "", serve: answer("/ac/", func(good *memory, name string, content []byte) []byte {
		action := cache.Digest{Hash: path.Base(name)}
		r, err := cache.DecodeResult(action, content)
		if err != nil {
			panic(err)
		}
		for i, f := range r.Files { // the zip has the content of the source map
			if strings.HasSuffix(f.Name, ".zip") {
				r.Files[i].Digest = r.Files[0].Digest
			}
		}
		return cache.EncodeResult(action, r)
	})},
	{name: "garbage", says: "it sends wrong content", serve: answer("/ac/", func(*memory, string, []byte) []byte {
		return []byte("<html>please log in</html>")
	})},
	{name: "results without blobs", serve: func(_ testing.TB, good *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/cas/") {
				http.NotFound(w, r)
				return
			}
			good.ServeHTTP(w, r)
		}
	}},
	{name: "redirects elsewhere", says: "it redirects to another host", serve: func(t testing.TB, good *memory) http.HandlerFunc {
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			t.Errorf("the other host was asked, with %q", r.Header["Authorization"])
			good.ServeHTTP(w, r)
		}))
		t.Cleanup(other.Close)
		return func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path, http.StatusFound)
		}
	}},
	{name: "redirects to itself", says: "it redirects too often", serve: func(testing.TB, *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		}
	}},
	{name: "redirects on the same host", unchanged: 5, serve: func(_ testing.TB, good *memory) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if moved, ok := strings.CutPrefix(r.URL.Path, "/moved"); ok {
				r.URL.Path = moved
				good.ServeHTTP(w, r)
				return
			}
			http.Redirect(w, r, "/moved"+r.URL.Path, http.StatusTemporaryRedirect)
		}
	}},
}

// Whatever a server does, the build succeeds with the bytes of a build without it, and says
// at most once what is wrong.
func TestBehaviours(t *testing.T) {
	clitest.SkipUnlessLong(t)
	want := newMachine(t).build("--cache", "off")
	good := &memory{files: map[string][]byte{}}
	server := httptest.NewServer(good)
	newMachine(t).build("--cache", server.URL, "--cache-write")
	server.Close()
	if len(good.sorted("/ac/")) != 10 {
		t.Fatalf("the server has %q", slices.Sorted(maps.Keys(good.files)))
	}
	// Most of the time is spent waiting, so more of them run at once than there are processors.
	var all sync.WaitGroup
	defer all.Wait()
	free := make(chan struct{}, 8)
	run := func(name string, test func(t *testing.T)) {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			t.Run(name, test)
		})
	}
	for _, b := range behaviours {
		run(b.name, func(t *testing.T) {
			own := &memory{files: maps.Clone(good.files)}
			server := httptest.NewServer(b.serve(t, own))
			t.Cleanup(func() { // requests that hang end with their connections
				server.CloseClientConnections()
				server.Close()
			})
			check(t, b, server.URL, want)
			if b.unchanged == 5 && own.headers.Get("Authorization") != "Bearer "+secret {
				t.Errorf("the last request had %q", own.headers)
			}
		})
	}
	for name, address := range map[string]func(testing.TB) string{
		"nobody listens": func(t testing.TB) string {
			l := listen(t)
			l.Close()
			return l.Addr().String()
		},
		"nobody accepts": func(t testing.TB) string { return listen(t).Addr().String() },
		"another protocol": func(t testing.TB) string {
			l := listen(t)
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					_, _ = c.Write([]byte("SSH-2.0-OpenSSH_9.2\r\n"))
					c.Close()
				}
			}()
			return l.Addr().String()
		},
	} {
		run(name, func(t *testing.T) {
			says := map[string]string{"nobody listens": "it cannot be reached", "nobody accepts": "it does not answer in time"}[name]
			check(t, behaviour{name: name, says: says + " "}, "http://"+address(t), want)
		})
	}
	run("no certificate that is trusted", func(t *testing.T) {
		server := httptest.NewUnstartedServer(good)
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		t.Cleanup(server.Close)
		check(t, behaviour{says: "its certificate is not trusted"}, server.URL, want)
	})
	run("no such host", func(t *testing.T) {
		check(t, behaviour{says: "the cache at http://cache.invalid is no longer used"}, "http://cache.invalid/x", want)
	})
}

// check builds on a machine that has nothing, and may write.
func check(t *testing.T, b behaviour, url string, want built) {
	t.Helper()
	m := newMachine(t)
	m.env = []string{"FEATHERPACK_CACHE_TOKEN=" + secret}
	since := time.Now()
	got := m.build("--cache", url, "--cache-write")
	t.Logf("took %d ms", time.Since(since).Milliseconds())
	got.same(t, want)
	told := got.warnings()
	if strings.Contains(url, "cache.invalid") { // the credentials would go there unencrypted
		if len(told) != 2 {
			t.Errorf("%q", told)
		}
		told = told[min(1, len(told)):]
	}
	if b.says == "" && len(told) > 0 || b.says != "" && (len(told) != 1 || !strings.Contains(told[0]+" ", b.says)) {
		t.Errorf("the warnings are %q, want one with %q", told, b.says)
	}
	if got.unchanged != b.unchanged {
		t.Errorf("%d functions are unchanged, want %d\n%s", got.unchanged, b.unchanged, got.stderr)
	}
}

func listen(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}
