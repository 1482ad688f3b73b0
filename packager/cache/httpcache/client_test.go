package httpcache

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/cache/stall"
)

// secret is a credential that no error may hold.
const secret = "Bearer tok-5f1e9c77"

// short is how long a request may take without progress, where a test waits for that.
const short = 200 * time.Millisecond

func clientOf(t testing.TB, address string, change ...func(*Options)) *Client {
	t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Authorization: secret, Stall: 20 * time.Second}
	for _, c := range change {
		c(&o)
	}
	c := New(base, o)
	t.Cleanup(func() { c.Close() })
	return c
}

func impatient(o *Options) { o.Stall = short }

// serve starts a server that answers like that.
func serve(t testing.TB, answer http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return server
}

// memory is a server that behaves.
type memory struct {
	sync.Mutex
	files map[string][]byte
}

func (m *memory) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.Lock()
	defer m.Unlock()
	if r.Header.Get("Authorization") != secret || !strings.HasPrefix(r.URL.Path, "/below/") {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	switch r.Method {
	case http.MethodPut:
		text, err := io.ReadAll(r.Body)
		if err != nil || int64(len(text)) != r.ContentLength {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		m.files[r.URL.Path] = text
		w.WriteHeader(http.StatusCreated)
	case http.MethodGet:
		text, ok := m.files[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = w.Write(text)
	}
}

func TestPutAndGet(t *testing.T) {
	m := &memory{files: map[string][]byte{}}
	plain, safe := httptest.NewServer(m), httptest.NewUnstartedServer(m)
	defer plain.Close()
	defer safe.Close()
	safe.EnableHTTP2 = true
	safe.StartTLS()
	trusted := x509.NewCertPool()
	trusted.AddCert(safe.Certificate())
	for _, address := range []string{plain.URL + "/below/", safe.URL + "/below"} {
		clear(m.files)
		c := clientOf(t, address, func(o *Options) { o.TLS = &tls.Config{RootCAs: trusted} })
		for _, text := range []string{"", "a blob", strings.Repeat("large ", 1<<20)} {
			d := cache.Of([]byte(text))
			if _, err := cache.Read(t.Context(), c, d); !errors.Is(err, cache.ErrMissing) {
				t.Errorf("%s: before: %v", address, err)
			}
			if err := c.Put(t.Context(), d, strings.NewReader(text)); err != nil {
				t.Fatal(address, err)
			}
			if got, err := cache.Read(t.Context(), c, d); err != nil || string(got) != text {
				t.Errorf("%s: %d bytes, %v", address, len(got), err)
			}
		}
		action := cache.Of([]byte("action"))
		want := cache.Result{Files: []cache.File{{Name: "a.zip", Digest: cache.Of([]byte("a"))}}}
		if err := c.SetResult(t.Context(), action, want); err != nil {
			t.Fatal(err)
		}
		if got, err := c.Result(t.Context(), action); err != nil || len(got.Files) != 1 || got.Files[0] != want.Files[0] {
			t.Errorf("%s: %v, %v", address, got, err)
		}
		if _, err := c.Result(t.Context(), cache.Of(nil)); !errors.Is(err, cache.ErrMissing) {
			t.Errorf("%s: of another action: %v", address, err)
		}
	}
	c := clientOf(t, safe.URL+"/below")
	if err := c.Put(t.Context(), cache.Of(nil), http.NoBody); err == nil || err.Error() != "its certificate is not trusted" {
		t.Errorf("a certificate of somebody's own: %v", err)
	}
}

// Whatever a server answers, it is refused or it is the blob, and no error holds what the server
// or the user has written.
func TestAnswers(t *testing.T) {
	blob := []byte("the content of a blob")
	d := cache.Of(blob)
	send := func(text string, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			_, _ = io.WriteString(w, text)
		}
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "text of the server")
		}
	}
	sized := strconv.Itoa(len(blob))
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   string // the error, "" for none
	}{
		"the blob":               {send(string(blob)), ""},
		"the blob in pieces":     {trickle(blob), ""},
		"nothing":                {send(""), cache.ErrWrong.Error()},
		"other content":          {send("THE content of a blob"), cache.ErrWrong.Error()},
		"a longer one":           {send(string(blob) + "!"), cache.ErrWrong.Error()},
		"a shorter one":          {send(string(blob[1:])), cache.ErrWrong.Error()},
		"cut off":                {send(string(blob[1:]), "Content-Length", sized), cache.ErrWrong.Error()},
		"a wrong length":         {send(string(blob), "Content-Length", "5"), cache.ErrWrong.Error()},
		"a huge length":          {send(string(blob), "Content-Length", "9000000000000000000"), cache.ErrWrong.Error()},
		"compressed":             {send(string(blob), "Content-Encoding", "gzip"), ""},
		"404":                    {status(404), cache.ErrMissing.Error()},
		"410":                    {status(410), cache.ErrMissing.Error()},
		"401":                    {status(401), "it answers 401 Unauthorized"},
		"500":                    {status(500), "it answers 500 Internal Server Error"},
		"206":                    {status(206), "it answers 206 Partial Content"},
		"304":                    {status(304), "it answers 304 Not Modified"},
		"999":                    {status(999), "it answers 999"},
		"a redirect to nowhere":  {status(302), "it answers 302 Found"},
		"a header that is large": {send(string(blob), "X", strings.Repeat("x", 1<<20)), "the connection fails"},
		"an end":                 {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "the connection fails"},
	} {
		t.Run(name, func(t *testing.T) {
			c := clientOf(t, serve(t, test.answer).URL)
			got, err := cache.Read(t.Context(), c, d)
			if test.want == "" && (err != nil || !bytes.Equal(got, blob)) || test.want != "" && (err == nil || err.Error() != test.want) {
				t.Errorf("%q, %v, want %q", got, err, test.want)
			}
		})
	}
}

// trickle sends a content byte by byte, so that its length is not said.
func trickle(content []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := range content {
			_, _ = w.Write(content[i : i+1])
			w.(http.Flusher).Flush()
		}
	}
}

// A content without an end is read no further than the blob is long.
func TestHugeContent(t *testing.T) {
	var sent atomic.Int64
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for piece := make([]byte, 1<<20); sent.Load() < 1<<30; sent.Add(1 << 20) {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	})
	c := clientOf(t, server.URL)
	if _, err := cache.Read(t.Context(), c, cache.Of(make([]byte, 1<<20))); !errors.Is(err, cache.ErrWrong) {
		t.Errorf("a blob: %v", err)
	}
	if _, err := c.Result(t.Context(), cache.Of(nil)); !errors.Is(err, cache.ErrWrong) {
		t.Errorf("a result: %v", err)
	}
	if n := sent.Load(); n >= 1<<30 {
		t.Errorf("%d bytes were taken", n)
	}
}

func TestResultsOfOthers(t *testing.T) {
	action := cache.Of([]byte("action"))
	other := cache.EncodeResult(cache.Of([]byte("other")), cache.Result{Files: []cache.File{{Name: "a", Digest: cache.Of(nil)}}})
	for _, text := range []string{"", "<html>log in</html>", string(other), "\x12\xff\xff\xff\xff\x0f"} {
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
		if r, err := clientOf(t, server.URL).Result(t.Context(), action); !errors.Is(err, cache.ErrWrong) {
			t.Errorf("%q: %v, %v", text, r, err)
		}
	}
}

// Credentials go to the server alone.
func TestRedirects(t *testing.T) {
	blob := []byte("a blob")
	d := cache.Of(blob)
	var asked atomic.Int64
	elsewhere := serve(t, func(w http.ResponseWriter, r *http.Request) { asked.Add(1) })
	to := func(code int, target string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/moved") {
				if r.Header.Get("Authorization") != secret {
					w.WriteHeader(http.StatusUnauthorized)
					return
				}
				_, _ = w.Write(blob)
				return
			}
			w.Header().Set("Location", strings.ReplaceAll(target, "HOST", r.Host))
			w.WriteHeader(code)
		}
	}
	port := elsewhere.URL[strings.LastIndexByte(elsewhere.URL, ':'):]
	for name, test := range map[string]struct {
		target   string
		get, put error
	}{
		"the same host":     {"/moved", nil, errRedirected},
		"its full address":  {"http://HOST/moved", nil, errRedirected},
		"another port":      {elsewhere.URL, errElsewhere, errElsewhere},
		"another name":      {"http://localhost" + port, errElsewhere, errElsewhere},
		"another scheme":    {"https://HOST/moved", errElsewhere, errElsewhere},
		"a user":            {"http://user:password@HOST/moved", errElsewhere, errElsewhere},
		"itself":            {"/again", errRedirects, errRedirected},
		"no address":        {"http://[", errors.New("the connection fails"), errors.New("the connection fails")},
		"a file":            {"file:///etc/passwd", errElsewhere, errElsewhere},
		"a place by scheme": {"//" + strings.TrimPrefix(elsewhere.URL, "http://"), errElsewhere, errElsewhere},
	} {
		t.Run(name, func(t *testing.T) {
			c := clientOf(t, serve(t, to(http.StatusFound, test.target)).URL)
			same := func(err, want error) bool {
				return err == nil && want == nil || err != nil && want != nil && err.Error() == want.Error()
			}
			if got, err := cache.Read(t.Context(), c, d); !same(err, test.get) || err == nil && !bytes.Equal(got, blob) {
				t.Errorf("get: %q, %v, want %v", got, err, test.get)
			}
			if err := c.Put(t.Context(), d, bytes.NewReader(blob)); !same(err, test.put) {
				t.Errorf("put: %v, want %v", err, test.put)
			}
		})
	}
	var status StatusError
	c := clientOf(t, serve(t, to(http.StatusTemporaryRedirect, elsewhere.URL)).URL) // asks for the content a second time
	if err := c.Put(t.Context(), d, bytes.NewReader(blob)); !errors.As(err, &status) && !errors.Is(err, errElsewhere) {
		t.Error(err)
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("another host was asked %d times", n)
	}
}

// A request ends when nothing comes or goes any more, and lasts as long as something does.
func TestSlow(t *testing.T) {
	blob := []byte("slow content")
	d := cache.Of(blob)
	over := make(chan bool)
	hang := func() { <-over }
	for name, test := range map[string]struct {
		answer   http.HandlerFunc
		get, put error
	}{
		"no answer": {func(http.ResponseWriter, *http.Request) { hang() }, stall.Err, stall.Err},
		"half an answer": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(blob[:3])
			w.(http.Flusher).Flush()
			hang()
		}, stall.Err, nil},
		"a byte now and then": {func(w http.ResponseWriter, r *http.Request) {
			for i := range blob {
				_, _ = w.Write(blob[i : i+1])
				w.(http.Flusher).Flush()
				time.Sleep(short / 4)
			}
		}, nil, nil},
	} {
		server := serve(t, test.answer)
		t.Run(name, func(t *testing.T) {
			c := clientOf(t, server.URL, impatient)
			if _, err := cache.Read(t.Context(), c, d); !errors.Is(err, test.get) {
				t.Errorf("get: %v, want %v", err, test.get)
			}
			if err := c.Put(t.Context(), d, bytes.NewReader(blob)); test.put != nil && !errors.Is(err, test.put) {
				t.Errorf("put: %v, want %v", err, test.put)
			}
		})
	}
	close(over) // before the servers end
}

func TestNoServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	d := cache.Of([]byte("a"))
	go func() { // something else listens there
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(conn, "220 smtp.example.org ESMTP\r\n")
			conn.Close()
		}
	}()
	if _, err := clientOf(t, address).Open(t.Context(), d); err == nil || err.Error() != "the connection fails" {
		t.Errorf("no HTTP: %v", err)
	}
	listener.Close()
	if _, err := clientOf(t, address).Open(t.Context(), d); err == nil || err.Error() != "it cannot be reached" {
		t.Errorf("nothing listens: %v", err)
	}
	if _, err := clientOf(t, "http://no-such-host.invalid").Open(t.Context(), d); err == nil || strings.Contains(err.Error(), "no-such-host") {
		t.Errorf("no such name: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := clientOf(t, address).Result(ctx, d); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

func TestPutRefused(t *testing.T) {
	large := bytes.Repeat([]byte("x"), 8<<20)
	d := cache.Of(large)
	for _, code := range []int{401, 403, 413, 500, 507} {
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(code)
			_, _ = w.Write(large)
		})
		var status StatusError
		if err := clientOf(t, server.URL).Put(t.Context(), d, bytes.NewReader(large)); !errors.As(err, &status) || int(status) != code {
			t.Errorf("%d: %v", code, err)
		}
	}
	early := serve(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusInsufficientStorage) }) // reads nothing
	if err := clientOf(t, early.URL).Put(t.Context(), d, bytes.NewReader(large)); err == nil || strings.Contains(err.Error(), early.URL) {
		t.Errorf("an early answer: %v", err)
	}
	broken := errors.New("the disk fails")
	good := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) })
	if err := clientOf(t, good.URL).Put(t.Context(), d, io.MultiReader(strings.NewReader("x"), failing{broken})); err == nil {
		t.Error("half a blob was put")
	}
	if err := clientOf(t, good.URL).Put(t.Context(), cache.Digest{Hash: "../../etc"}, http.NoBody); err == nil {
		t.Error("a path was put")
	}
}

type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }
