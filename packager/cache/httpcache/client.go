package httpcache

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/cache/stall"
)

// Client is a [cache.Store] on a server.
type Client struct {
	base          *url.URL
	authorization string
	stall         time.Duration
	http          *http.Client
}

// Options are those of a client.
type Options struct {
	// Authorization is the value of that header, "" for none.
	Authorization string
	// Stall is how long a request may take without any progress.
	Stall time.Duration
	// TLS may be nil.
	TLS *tls.Config
}

const (
	// maxResult bounds a result, in bytes.
	maxResult = 4 << 20
	// maxHeader bounds the headers of an answer, in bytes.
	maxHeader    = 64 << 10
	maxRedirects = 3
)

// New returns a client of the server at a URL, which has no user, query or fragment.
func New(base *url.URL, o Options) *Client {
	c := &Client{base: base, authorization: o.Authorization, stall: o.Stall}
	c.http = &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: o.Stall}).DialContext,
			TLSHandshakeTimeout:    o.Stall,
			TLSClientConfig:        o.TLS,
			ForceAttemptHTTP2:      true,
			DisableCompression:     true, // a blob's bytes are those of its digest
			MaxIdleConnsPerHost:    32,
			MaxResponseHeaderBytes: maxHeader,
			IdleConnTimeout:        30 * time.Second,
		},
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			switch {
			case len(via) > maxRedirects:
				return errRedirects
			case next.URL.Scheme != base.Scheme || next.URL.Host != base.Host || next.URL.User != nil:
				return errElsewhere
			case via[0].Method != http.MethodGet:
				return errRedirected
			}
			return nil
		},
	}
	return c
}

var (
	errElsewhere  = errors.New("it redirects to another host")
	errRedirects  = errors.New("it redirects too often")
	errRedirected = errors.New("it redirects what is written")
)

// StatusError is an answer with an unexpected status.
type StatusError int

func (e StatusError) Error() string {
	// The text of the server may be anything.
	return strings.TrimSpace(fmt.Sprintf("it answers %d %s", int(e), http.StatusText(int(e))))
}

// Open is that of [cache.Store]. The error is [cache.ErrWrong] if the content is not the blob's.
func (c *Client) Open(ctx context.Context, d cache.Digest) (io.ReadCloser, error) {
	if !d.Valid() {
		return nil, cache.ErrMissing
	}
	body, size, err := c.get(ctx, "cas", d)
	if err != nil {
		return nil, err
	}
	if size >= 0 && size != d.Size {
		body.Close()
		return nil, cache.ErrWrong
	}
	return &checked{ReadCloser: body, sum: sha256.New(), left: d.Size, want: d.Hash}, nil
}

// checked fails at the end of a content that is not the blob, and once there is too much.
type checked struct {
	io.ReadCloser
	sum  hash.Hash
	left int64
	want string
}

func (c *checked) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	c.sum.Write(p[:n])
	c.left -= int64(n)
	switch {
	case c.left < 0, err == io.EOF && (c.left > 0 || hex.EncodeToString(c.sum.Sum(nil)) != c.want):
		return 0, cache.ErrWrong
	}
	return n, err
}

// Result is that of [cache.Store].
func (c *Client) Result(ctx context.Context, action cache.Digest) (cache.Result, error) {
	if !action.Valid() {
		return cache.Result{}, cache.ErrMissing
	}
	body, _, err := c.get(ctx, "ac", action)
	if err != nil {
		return cache.Result{}, err
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, maxResult+1))
	if err != nil {
		return cache.Result{}, err
	}
	r, err := cache.DecodeResult(action, raw)
	if err != nil || len(raw) > maxResult {
		return cache.Result{}, cache.ErrWrong
	}
	return r, nil
}

// Put is that of [cache.Store].
func (c *Client) Put(ctx context.Context, d cache.Digest, content io.Reader) error {
	return c.put(ctx, "cas", d, d.Size, content)
}

// SetResult is that of [cache.Store].
func (c *Client) SetResult(ctx context.Context, action cache.Digest, r cache.Result) error {
	raw := cache.EncodeResult(action, r)
	if len(raw) > maxResult {
		return errors.New("the result is too large")
	}
	return c.put(ctx, "ac", action, int64(len(raw)), bytes.NewReader(raw))
}

// Close ends all connections.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// get returns the body of an answer, and its length if the server says it, else -1.
func (c *Client) get(ctx context.Context, kind string, d cache.Digest) (io.ReadCloser, int64, error) {
	w := stall.Start(ctx, c.stall)
	response, err := c.do(w, http.MethodGet, kind, d, 0, nil)
	if err == nil && response.StatusCode != http.StatusOK {
		drain(response)
		err = StatusError(response.StatusCode)
		if response.StatusCode == http.StatusNotFound || response.StatusCode == http.StatusGone {
			err = cache.ErrMissing
		}
	}
	if err != nil {
		w.End()
		return nil, 0, err
	}
	return &body{response.Body, w}, response.ContentLength, nil
}

func (c *Client) put(ctx context.Context, kind string, d cache.Digest, size int64, content io.Reader) error {
	if !d.Valid() {
		return errors.New("the digest is malformed")
	}
	w := stall.Start(ctx, c.stall)
	defer w.End()
	response, err := c.do(w, http.MethodPut, kind, d, size, &progress{content, w})
	if err != nil {
		return err
	}
	drain(response)
	switch response.StatusCode {
	case http.StatusOK, http.StatusCreated, http.StatusAccepted, http.StatusNoContent:
		return nil
	}
	return StatusError(response.StatusCode)
}

// drain ends an answer whose content does not matter. If it is short, the connection can be
// used for the next request.
func drain(response *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxHeader))
	_ = response.Body.Close()
}

func (c *Client) do(w *stall.Watch, method, kind string, d cache.Digest, size int64, content io.Reader) (*http.Response, error) {
	if content != nil && size == 0 {
		content = http.NoBody
	}
	request, err := http.NewRequestWithContext(w.Ctx, method, c.base.JoinPath(kind, d.Hash).String(), content)
	if err != nil {
		return nil, errors.New("the address cannot be used")
	}
	request.ContentLength = size
	request.Header.Set("User-Agent", "featherpack")
	if c.authorization != "" {
		request.Header.Set("Authorization", c.authorization)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, reason(w, err)
	}
	w.Progress()
	return response, nil
}

// reason is what went wrong, without the address and what the server may have put into it.
func reason(w *stall.Watch, err error) error {
	if w.Ctx.Err() != nil {
		return context.Cause(w.Ctx)
	}
	for _, own := range []error{errElsewhere, errRedirects, errRedirected} {
		if errors.Is(err, own) {
			return own
		}
	}
	var (
		dns     *net.DNSError
		op      *net.OpError
		invalid *tls.CertificateVerificationError
		timeout interface{ Timeout() bool }
	)
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return stall.Err
	case errors.As(err, &dns):
		return errors.New("its name cannot be resolved")
	case errors.As(err, &invalid):
		return errors.New("its certificate is not trusted")
	case errors.As(err, &op) && op.Op == "dial":
		return errors.New("it cannot be reached")
	}
	return errors.New("the connection fails")
}

// body is the content of an answer.
type body struct {
	io.ReadCloser
	w *stall.Watch
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.w.Progress()
	}
	switch err {
	case nil, io.EOF:
	case io.ErrUnexpectedEOF:
		err = cache.ErrWrong
	default:
		err = reason(b.w, err)
	}
	return n, err
}

func (b *body) Close() error {
	b.w.End()
	return b.ReadCloser.Close()
}

// progress is content that is being sent.
type progress struct {
	io.Reader
	w *stall.Watch
}

func (p *progress) Read(b []byte) (int, error) {
	p.w.Progress()
	return p.Reader.Read(b)
}
