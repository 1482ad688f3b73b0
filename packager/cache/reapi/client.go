package reapi

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/bazelbuild/remote-apis/build/bazel/remote/execution/v2"
	"google.golang.org/genproto/googleapis/bytestream"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/featherpack/featherpack/packager/cache"
	"github.com/featherpack/featherpack/packager/cache/stall"
)

// Client is a [cache.Store] on a server.
type Client struct {
	o         Options
	conn      *grpc.ClientConn
	results   remoteexecution.ActionCacheClient
	blobs     remoteexecution.ContentAddressableStorageClient
	streams   bytestream.ByteStreamClient
	abilities remoteexecution.CapabilitiesClient

	mu      sync.Mutex
	asked   bool
	smaller int64 // blobs below this size go in one message
	update  bool  // whether results may be written
}

// Options are those of a client.
type Options struct {
	// Instance is the name of the instance, often "".
	Instance string
	// Authorization is the value of that header, "" for none.
	Authorization string
	// Stall is how long a request may take without any progress.
	Stall time.Duration
	// Plain sends everything unencrypted. TLS may be nil.
	Plain bool
	TLS   *tls.Config
}

const (
	// maxMessage bounds a message, in bytes. It is the default of gRPC.
	maxMessage = 4 << 20
	// oneMessage is the size of blobs that go in one message, if the server takes as much.
	oneMessage = 2 << 20
)

// New returns a client of the server at host:port. It connects with the first request.
func New(address string, o Options) (*Client, error) {
	secure := credentials.NewTLS(o.TLS)
	if o.Plain {
		secure = insecure.NewCredentials()
	}
	conn, err := grpc.NewClient("dns:///"+address, grpc.WithTransportCredentials(secure), grpc.WithUserAgent("featherpack"),
		grpc.WithDisableServiceConfig(), grpc.WithDisableRetry(),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessage+1<<16)))
	if err != nil {
		return nil, errors.New("the address cannot be used")
	}
	return &Client{
		o: o, conn: conn, results: remoteexecution.NewActionCacheClient(conn), blobs: remoteexecution.NewContentAddressableStorageClient(conn),
		streams: bytestream.NewByteStreamClient(conn), abilities: remoteexecution.NewCapabilitiesClient(conn),
	}, nil
}

// StatusError is an answer that is an error.
type StatusError codes.Code

func (e StatusError) Error() string { return "it answers " + codes.Code(e).String() }

var (
	errReach    = errors.New("it cannot be reached")
	errFunction = errors.New("it does not know SHA-256")
)

// reason is what went wrong, without the server's text.
func reason(ctx context.Context, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	switch code := status.Code(err); code {
	case codes.NotFound:
		return cache.ErrMissing
	case codes.DeadlineExceeded:
		return stall.Err
	case codes.Unavailable:
		return errReach
	case codes.ResourceExhausted, codes.Internal:
		if strings.Contains(status.Convert(err).Message(), "received message larger than max") { // said by gRPC itself
			return cache.ErrWrong
		}
		return StatusError(code)
	default:
		return StatusError(code)
	}
}

// request returns the context of a request that is one message each way.
func (c *Client) request(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.o.Stall, stall.Err)
	return c.authorized(ctx), cancel
}

func (c *Client) authorized(ctx context.Context) context.Context {
	if c.o.Authorization == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", c.o.Authorization)
}

// ready asks once what the server can do.
func (c *Client) ready(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.asked {
		return nil
	}
	ctx, cancel := c.request(ctx)
	defer cancel()
	can, err := c.abilities.GetCapabilities(ctx, &remoteexecution.GetCapabilitiesRequest{InstanceName: c.o.Instance})
	if err != nil {
		return reason(ctx, err)
	}
	known := false
	for _, f := range can.GetCacheCapabilities().GetDigestFunctions() {
		known = known || f == remoteexecution.DigestFunction_SHA256
	}
	if !known {
		return errFunction
	}
	c.asked, c.smaller = true, oneMessage
	if most := can.GetCacheCapabilities().GetMaxBatchTotalSizeBytes(); most > 0 {
		c.smaller = min(c.smaller, most/2)
	}
	c.update = can.GetCacheCapabilities().GetActionCacheUpdateCapabilities().GetUpdateEnabled()
	return nil
}

func digest(d cache.Digest) *remoteexecution.Digest {
	return &remoteexecution.Digest{Hash: d.Hash, SizeBytes: d.Size}
}

// Result is that of [cache.Store].
func (c *Client) Result(ctx context.Context, action cache.Digest) (cache.Result, error) {
	if !action.Valid() {
		return cache.Result{}, cache.ErrMissing
	}
	if err := c.ready(ctx); err != nil {
		return cache.Result{}, err
	}
	ctx, cancel := c.request(ctx)
	defer cancel()
	got, err := c.results.GetActionResult(ctx, &remoteexecution.GetActionResultRequest{
		InstanceName: c.o.Instance, ActionDigest: digest(action), InlineStdout: true,
	})
	if err != nil {
		return cache.Result{}, reason(ctx, err)
	}
	if len(got.StdoutRaw) == 0 && got.StdoutDigest.GetHash() == cache.Of([]byte(action.Hash)).Hash {
		got.StdoutRaw = []byte(action.Hash) // a server may keep it apart
	}
	raw, err := proto.Marshal(got)
	if err != nil {
		return cache.Result{}, cache.ErrWrong
	}
	r, err := cache.DecodeResult(action, raw)
	if err != nil {
		return r, cache.ErrWrong
	}
	return r, nil
}

// SetResult is that of [cache.Store].
func (c *Client) SetResult(ctx context.Context, action cache.Digest, r cache.Result) error {
	if err := c.ready(ctx); err != nil {
		return err
	}
	if !c.update {
		return StatusError(codes.PermissionDenied)
	}
	var message remoteexecution.ActionResult
	if err := proto.Unmarshal(cache.EncodeResult(action, r), &message); err != nil {
		return err
	}
	ctx, cancel := c.request(ctx)
	defer cancel()
	_, err := c.results.UpdateActionResult(ctx, &remoteexecution.UpdateActionResultRequest{
		InstanceName: c.o.Instance, ActionDigest: digest(action), ActionResult: &message,
	})
	return reason(ctx, err)
}

// Open is that of [cache.Store]. The error is [cache.ErrWrong] if the content is not the
// blob's.
func (c *Client) Open(ctx context.Context, d cache.Digest) (io.ReadCloser, error) {
	if !d.Valid() {
		return nil, cache.ErrMissing
	}
	if err := c.ready(ctx); err != nil {
		return nil, err
	}
	if d.Size > c.smaller {
		return c.read(ctx, d)
	}
	ctx, cancel := c.request(ctx)
	defer cancel()
	got, err := c.blobs.BatchReadBlobs(ctx, &remoteexecution.BatchReadBlobsRequest{InstanceName: c.o.Instance, Digests: []*remoteexecution.Digest{digest(d)}})
	if err != nil {
		return nil, reason(ctx, err)
	}
	if len(got.Responses) != 1 {
		return nil, cache.ErrWrong
	}
	switch code := codes.Code(got.Responses[0].GetStatus().GetCode()); {
	case code == codes.NotFound:
		return nil, cache.ErrMissing
	case code != codes.OK:
		return nil, StatusError(code)
	case cache.Of(got.Responses[0].Data) != d:
		return nil, cache.ErrWrong
	}
	return io.NopCloser(bytes.NewReader(got.Responses[0].Data)), nil
}

// Put is that of [cache.Store].
func (c *Client) Put(ctx context.Context, d cache.Digest, content io.Reader) error {
	if !d.Valid() {
		return errors.New("the digest is malformed")
	}
	if err := c.ready(ctx); err != nil {
		return err
	}
	if d.Size > c.smaller {
		return c.write(ctx, d, content)
	}
	data, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	ctx, cancel := c.request(ctx)
	defer cancel()
	done, err := c.blobs.BatchUpdateBlobs(ctx, &remoteexecution.BatchUpdateBlobsRequest{
		InstanceName: c.o.Instance, Requests: []*remoteexecution.BatchUpdateBlobsRequest_Request{{Digest: digest(d), Data: data}},
	})
	if err != nil {
		return reason(ctx, err)
	}
	for _, one := range done.Responses {
		if code := codes.Code(one.GetStatus().GetCode()); code != codes.OK {
			return StatusError(code)
		}
	}
	return nil
}

// Close ends the connection.
func (c *Client) Close() error { return c.conn.Close() }
