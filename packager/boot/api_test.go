package boot

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

// apiUnderTest serves the API and returns a function that sends a request to it.
func apiUnderTest(t *testing.T, event string) (*runtimeAPI, func(held bool,
	method, path, body string) (int, http.Header, string)) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var payload []byte
	if event != "" {
		payload = []byte(event)
	}
	api := newRuntimeAPI(payload, "arn:aws:lambda:x", 5*time.Second,
		func() (time.Duration, time.Duration) { return 7, 5 })
	stop := api.serve(l)
	t.Cleanup(func() { stop(); l.Close() })
	return api, func(held bool, method, path, body string) (int, http.Header, string) {
		t.Helper()
		client := &http.Client{Timeout: 20 * time.Second}
		if held {
			client.Timeout = 300 * time.Millisecond
		}
		r, err := http.NewRequest(method, "http://"+l.Addr().String()+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		res, err := client.Do(r)
		if err != nil {
			return 0, nil, "" // not answered: Lambda would freeze the process
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, res.Header, string(text)
	}
}

const (
	nextPath     = "/2018-06-01/runtime/invocation/next"
	responsePath = "/2018-06-01/runtime/invocation/" + requestID + "/response"
	errorPath    = "/2018-06-01/runtime/invocation/" + requestID + "/error"
	initPath     = "/2018-06-01/runtime/init/error"
)

func TestNextReturnsEventAndHeaders(t *testing.T) {
	_, ask := apiUnderTest(t, `{"a":1}`)
	status, h, body := ask(false, "GET", nextPath, "")
	if status != 200 || body != `{"a":1}` {
		t.Fatalf("%d %s", status, body)
	}
	deadline, err := strconv.ParseInt(h.Get("Lambda-Runtime-Deadline-Ms"), 10, 64)
	if left := time.Until(time.UnixMilli(deadline)); err != nil || left < 4*time.Second || left > 5*time.Second {
		t.Errorf("deadline %v away, %v", left, err)
	}
	for name, value := range map[string]string{
		"Lambda-Runtime-Aws-Request-Id": requestID, "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:x",
		"Lambda-Runtime-Trace-Id": traceID, "Content-Type": "application/json",
	} {
		if h.Get(name) != value {
			t.Errorf("%s is %q", name, h.Get(name))
		}
	}
}

// Each row is a sequence of requests from one process with the status of each
// answer, where 0 means that the API does not answer. The last fields are the
// outcome of the sequence.
func TestRequestSequences(t *testing.T) {
	type ask struct {
		method, path, body string
		want               int
	}
	for _, c := range []struct {
		name, event string
		asks        []ask
		ended       bool
		misuse      string
		err         string
		answer      string
	}{
		{"load only", "", []ask{{"GET", nextPath, "", 0}}, false, "", "", ""},
		{"answer", "{}", []ask{{"GET", nextPath, "", 200}, {"POST", responsePath, "1", 202}, {"GET", nextPath, "", 0}},
			true, "", "", "1"},
		{"answer, not yet done", "{}", []ask{{"GET", nextPath, "", 200}, {"POST", responsePath, "1", 202}}, false, "",
			"", "1"},
		{"error", "{}", []ask{{"GET", nextPath, "", 200}, {"POST", errorPath, `{"errorType":"E"}`, 202},
			{"GET", nextPath, "", 0}}, true, "", "E", ""},
		{"init error", "{}", []ask{{"POST", initPath, `{"errorType":"E"}`, 202}}, true, "", "E", ""},
		{"two answers", "{}", []ask{{"GET", nextPath, "", 200}, {"POST", responsePath, "1", 202},
			{"POST", responsePath, "2", 403}}, true, "a second time", "", "1"},
		{"answer, then error", "{}", []ask{{"GET", nextPath, "", 200}, {"POST", responsePath, "1", 202},
			{"POST", errorPath, "{}", 403}}, true, "a second time", "", "1"},
		{"another id", "{}",
			[]ask{{"GET", nextPath, "", 200}, {"POST", strings.Replace(responsePath, requestID, "x", 1), "1", 400}},
			true, "does not exist", "", ""},
		{"answer before an event", "{}", []ask{{"POST", responsePath, "1", 403}}, true, "before it received one", "",
			""},
		{"next, next", "{}", []ask{{"GET", nextPath, "", 200}, {"GET", nextPath, "", 403}}, true, "without answering",
			"", ""},
		{"init error late", "{}", []ask{{"GET", nextPath, "", 200}, {"POST", initPath, "{}", 403}}, true,
			"after it was ready", "", ""},
		{"too large", "{}", []ask{{"GET", nextPath, "", 200}, {"POST", responsePath, strings.Repeat("x", maxAnswer+1),
			413}, {"GET", nextPath, "", 0}}, true, "", "Function.ResponseSizeTooLarge", ""},
		{"largest allowed answer", "{}",
			[]ask{{"GET", nextPath, "", 200}, {"POST", responsePath, strings.Repeat("1", maxAnswer), 202}}, false, "",
			"", strings.Repeat("1", maxAnswer)},
		{"unknown paths", "{}", []ask{{"GET", "/", "", 404}, {"POST", nextPath, "", 405},
			{"GET", "/2018-06-01/runtime/restore/next", "", 404}}, false, "", "", ""},
		{"extension", "{}", []ask{{"POST", "/2020-01-01/extension/register", "{}", 200},
			{"GET", "/2020-01-01/extension/event/next", "", 0}}, false, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			api, do := apiUnderTest(t, c.event)
			for i, a := range c.asks {
				if status, _, body := do(a.want == 0, a.method, a.path, a.body); status != a.want {
					t.Fatalf("request %d: %d %s, want %d", i+1, status, body, a.want)
				}
			}
			ended := false
			select {
			case <-api.ended:
				ended = true
			default:
			}
			got := api.result()
			kind := ""
			if got.err != nil {
				kind = got.err.Type
			}
			if ended != c.ended || kind != c.err || string(got.answer) != c.answer || !strings.Contains(got.misuse,
				c.misuse) || (got.misuse == "") != (c.misuse == "") {
				t.Errorf("ended %v, misuse %q, error %q, answer of %d bytes", ended, got.misuse, kind, len(got.answer))
			}
		})
	}
}

// A streamed answer ends with trailers. They decide whether it is an answer or an
// error.
func TestStreamedResponse(t *testing.T) {
	for _, c := range []struct{ name, trailers, answer, kind string }{
		{"whole", "\r\n", "abcd", ""},
		{"failed midway",
			"Lambda-Runtime-Function-Error-Type: Broken\r\nLambda-Runtime-Function-Error-Body: " +
				"eyJlcnJvclR5cGUiOiJCcm9rZW4iLCJlcnJvck1lc3NhZ2UiOiJtIn0=\r\n\r\n", "", "Broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			api := newRuntimeAPI([]byte(`{}`), "arn", time.Second,
				func() (time.Duration, time.Duration) { return 1, 1 })
			defer api.serve(l)()
			conn, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(5 * time.Second))
			answer := make([]byte, 4096)
			io.WriteString(conn, "GET "+nextPath+" HTTP/1.1\r\nHost: x\r\n\r\n")
			if _, err := conn.Read(answer); err != nil {
				t.Fatal(err)
			}
			io.WriteString(conn,
				"POST "+responsePath+" HTTP/1.1\r\nHost: x\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n"+
					"Transfer-Encoding: chunked\r\nTrailer: Lambda-Runtime-Function-Error-Type, "+
					"Lambda-Runtime-Function-Error-Body\r\n\r\n2\r\nab\r\n2\r\ncd\r\n0\r\n"+c.trailers)
			n, err := conn.Read(answer)
			if err != nil || !strings.HasPrefix(string(answer[:n]), "HTTP/1.1 202") {
				t.Fatalf("%s %v", answer[:n], err)
			}
			got := api.result()
			if string(got.answer) != c.answer || (got.err == nil) != (c.kind == "") || got.err != nil &&
				(got.err.Type != c.kind || got.err.Message != "m") {
				t.Errorf("%+v %+v", got, got.err)
			}
		})
	}
}
