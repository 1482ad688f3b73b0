package boot

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Limits of the Runtime API, in bytes except for the last. maxAnswer, for a
// buffered answer, is Lambda's own. maxStreamed limits how much a check keeps in
// memory (Lambda streams up to 200 MiB).
// Source: docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxAnswer      = 6*1024*1024 + 100
	maxStreamed    = 20 * 1024 * 1024
	maxErrorBody   = 256 * 1024
	maxConnections = 128
)

// The only invocation of a check. Its ids are constants, so an answer that holds
// them is the same on every run.
const (
	requestID  = "8d0c5b4e-6a1f-4f0e-9c3d-2b7a1e5f6a90"
	traceID    = "Root=1-67891233-abcdef012345678912345678;Parent=0123456789abcdef;Sampled=0"
	accountID  = "123456789012"
	regionName = "us-east-1"
)

// runtimeAPI serves the Lambda Runtime API to one process, for at most one
// invocation. It is a state machine. A request that is not allowed in the current
// state gets the answer that Lambda gives, and is recorded as misuse.
//
// Source: docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, the OpenAPI
// description linked there, and for the extension endpoints (which aws-lambda-go
// uses to be notified of SIGTERM) docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html
type runtimeAPI struct {
	event   []byte // nil if the function is only loaded
	arn     string
	timeout time.Duration // sets the deadline of the invocation
	// measure is called at the first "next", before it is answered.
	measure func() (load, cpu time.Duration)

	ready chan struct{} // closed at the first "next"
	ended chan struct{} // closed when the outcome is final

	mu      sync.Mutex
	state   apiState
	outcome outcome
}

type apiState int

const (
	stateStarting apiState = iota
	stateIdle              // ready, with no event to send
	stateInvoked
	stateAnswering // the answer is being read
	stateAnswered
	stateEnded
)

// outcome is what the process reported through the API.
type outcome struct {
	answered bool
	answer   []byte
	err      *Failure
	// misuse describes the first request that was not allowed, as a clause.
	misuse string
	// load and cpu are the times until it was ready, 0 before that.
	load, cpu time.Duration
	// handler is the processor time that the runtime client says loading the handler took.
	handler time.Duration
}

func newRuntimeAPI(event []byte, arn string, timeout time.Duration, measure func() (load, cpu time.Duration)) *runtimeAPI {
	return &runtimeAPI{
		event: event, arn: arn, timeout: timeout, measure: measure,
		ready: make(chan struct{}), ended: make(chan struct{}),
	}
}

// serve answers requests until stop is called.
func (a *runtimeAPI) serve(l net.Listener) (stop func()) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", a.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/response", a.response)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/error", a.invocationError)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", a.initError)
	mux.HandleFunc("POST /2020-01-01/extension/register", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Lambda-Extension-Identifier", requestID)
		writeJSON(w, http.StatusOK, map[string]string{"functionName": "boot", "functionVersion": "$LATEST"})
	})
	mux.HandleFunc("GET /2020-01-01/extension/event/next", func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
	})
	ctx, cancel := context.WithCancel(context.Background())
	server := &http.Server{
		Handler:           mux,
		ReadHeaderTimeout: 10 * time.Second,
		MaxHeaderBytes:    1 << 20,
		ErrorLog:          discardLog,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	go server.Serve(&limitedListener{Listener: l, slots: make(chan struct{}, maxConnections)})
	return func() {
		cancel()
		server.Close()
	}
}

func (a *runtimeAPI) result() outcome {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.outcome
}

// misused records the first request that was not allowed and ends the check. On
// Lambda the request would fail, and the invocation might be lost.
func (a *runtimeAPI) misused(w http.ResponseWriter, status int, kind, what string) {
	if a.outcome.misuse == "" {
		a.outcome.misuse = what
	}
	a.end()
	writeJSON(w, status, map[string]string{"errorType": kind, "errorMessage": what})
}

func (a *runtimeAPI) end() {
	if a.state != stateEnded {
		a.state = stateEnded
		close(a.ended)
	}
}

// next handles a request for the next event. The first one means that the runtime
// is ready. Lambda counts an invocation as finished when the runtime requests the
// event after it.
func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	switch a.state {
	case stateStarting:
		a.outcome.load, a.outcome.cpu = a.measure()
		if micros, err := strconv.ParseInt(r.Header.Get("Featherpack-Load-Micros"), 10, 64); err == nil && micros >= 0 {
			a.outcome.handler = min(time.Duration(micros)*time.Microsecond, a.outcome.cpu)
		}
		close(a.ready)
		if a.event == nil {
			a.state = stateIdle
			break
		}
		a.state = stateInvoked
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", requestID)
		h.Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(a.timeout).UnixMilli()))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", a.arn)
		h.Set("Lambda-Runtime-Trace-Id", traceID)
		a.mu.Unlock()
		w.Write(a.event)
		return
	case stateInvoked, stateAnswering:
		a.misused(w, http.StatusForbidden, "InvalidStateTransition", "requested the next invocation without answering the current one")
		a.mu.Unlock()
		return
	case stateAnswered:
		a.end()
	}
	a.mu.Unlock()
	<-r.Context().Done()
}

func (a *runtimeAPI) response(w http.ResponseWriter, r *http.Request) {
	if !a.claim(w, r, "answered") {
		return
	}
	streamed := strings.EqualFold(r.Header.Get("Lambda-Runtime-Function-Response-Mode"), "streaming")
	limit := int64(maxAnswer)
	if streamed {
		limit = maxStreamed
	}
	body, err := readBody(w, r, limit)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.state != stateAnswering:
		return // the check ended meanwhile
	case errors.As(err, new(*http.MaxBytesError)):
		message := fmt.Sprintf("response payload size exceeded maximum allowed payload size (%d bytes)", limit)
		a.outcome.err = &Failure{Type: "Function.ResponseSizeTooLarge", Message: message}
		a.state = stateAnswered
		writeJSON(w, http.StatusRequestEntityTooLarge, map[string]string{"errorType": "RequestEntityTooLarge", "errorMessage": message})
		return
	case err != nil:
		a.misused(w, http.StatusBadRequest, "TruncatedResponse", "closed the connection before its answer was complete")
		return
	}
	a.state = stateAnswered
	if failed := r.Trailer.Get("Lambda-Runtime-Function-Error-Type"); failed != "" {
		text, _ := base64.StdEncoding.DecodeString(r.Trailer.Get("Lambda-Runtime-Function-Error-Body"))
		a.outcome.err = failureOf(failed, text)
	} else {
		a.outcome.answered, a.outcome.answer = true, body
	}
	writeJSON(w, http.StatusAccepted, map[string]string{"status": "OK"})
}

func (a *runtimeAPI) invocationError(w http.ResponseWriter, r *http.Request) {
	if !a.claim(w, r, "reported an error for") {
		return
	}
	body, _ := readBody(w, r, maxErrorBody)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state == stateAnswering {
		a.state = stateAnswered
		a.outcome.err = failureOf(r.Header.Get("Lambda-Runtime-Function-Error-Type"), body)
		writeJSON(w, http.StatusAccepted, map[string]string{"status": "OK"})
	}
}

func (a *runtimeAPI) initError(w http.ResponseWriter, r *http.Request) {
	body, _ := readBody(w, r, maxErrorBody)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.state != stateStarting {
		a.misused(w, http.StatusForbidden, "InvalidStateTransition", "reported an init error after it was ready")
		return
	}
	a.outcome.err = failureOf(r.Header.Get("Lambda-Runtime-Function-Error-Type"), body)
	writeJSON(w, http.StatusAccepted, map[string]string{"status": "OK"})
	a.end()
}

// claim moves the invocation from invoked to answering. It returns false, and
// answers the request with an error, if there is no such open invocation.
func (a *runtimeAPI) claim(w http.ResponseWriter, r *http.Request, verb string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.state == stateEnded:
		writeJSON(w, http.StatusForbidden, map[string]string{"errorType": "InvalidStateTransition", "errorMessage": "the check is over"})
	case r.PathValue("id") != requestID:
		a.misused(w, http.StatusBadRequest, "InvalidRequestID", verb+" an invocation that does not exist")
	case a.state == stateInvoked:
		a.state = stateAnswering
		return true
	case a.state == stateAnswering || a.state == stateAnswered:
		a.misused(w, http.StatusForbidden, "InvalidStateTransition", verb+" its invocation a second time")
	default:
		a.misused(w, http.StatusForbidden, "InvalidStateTransition", verb+" an invocation before it received one")
	}
	return false
}

func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	return io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
}

func writeJSON(w http.ResponseWriter, status int, value map[string]string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(value)
}

// limitedListener closes connections beyond its number of slots at once, so a
// function that opens connections without end takes bounded resources.
type limitedListener struct {
	net.Listener
	slots chan struct{}
}

func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		select {
		case l.slots <- struct{}{}:
			return &limitedConn{Conn: c, release: sync.OnceFunc(func() { <-l.slots })}, nil
		default:
			c.Close()
		}
	}
}

type limitedConn struct {
	net.Conn
	release func()
}

func (c *limitedConn) Close() error {
	c.release()
	return c.Conn.Close()
}
