package reapitest

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/bazelbuild/remote-apis/build/bazel/remote/execution/v2"
	"google.golang.org/genproto/googleapis/bytestream"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// Server is a server.
type Server struct {
	remoteexecution.UnimplementedActionCacheServer
	remoteexecution.UnimplementedContentAddressableStorageServer
	remoteexecution.UnimplementedCapabilitiesServer
	bytestream.UnimplementedByteStreamServer

	Address string
	// Before is called with each request's method and authorization. It may be nil, and its
	// error is the answer.
	Before func(ctx context.Context, method, authorization string) error
	// Change replaces what a blob's reader gets. It may be nil.
	Change func(content []byte) []byte
	// ReadOnly takes no results. Functions are the digest functions, SHA-256 if it is empty.
	ReadOnly  bool
	Functions []remoteexecution.DigestFunction_Value

	mu      sync.Mutex
	blobs   map[string][]byte
	results map[string]*remoteexecution.ActionResult
}

// Start starts a server. It ends with the test.
func Start(t testing.TB, s *Server) *Server {
	t.Helper()
	s.blobs, s.results = map[string][]byte{}, map[string]*remoteexecution.ActionResult{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.Address = listener.Addr().String()
	before := func(ctx context.Context, method string) error {
		if s.Before == nil {
			return nil
		}
		md, _ := metadata.FromIncomingContext(ctx)
		return s.Before(ctx, method[strings.LastIndexByte(method, '/')+1:], strings.Join(md["authorization"], ","))
	}
	g := grpc.NewServer(grpc.UnaryInterceptor(func(ctx context.Context, r any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
		if err := before(ctx, info.FullMethod); err != nil {
			return nil, err
		}
		return next(ctx, r)
	}), grpc.StreamInterceptor(func(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, next grpc.StreamHandler) error {
		if err := before(stream.Context(), info.FullMethod); err != nil {
			return err
		}
		return next(srv, stream)
	}))
	remoteexecution.RegisterActionCacheServer(g, s)
	remoteexecution.RegisterContentAddressableStorageServer(g, s)
	remoteexecution.RegisterCapabilitiesServer(g, s)
	bytestream.RegisterByteStreamServer(g, s)
	go func() { _ = g.Serve(listener) }()
	t.Cleanup(g.Stop)
	return s
}

// Results is how many results it has.
func (s *Server) Results() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.results)
}

func (s *Server) GetCapabilities(context.Context, *remoteexecution.GetCapabilitiesRequest) (*remoteexecution.ServerCapabilities, error) {
	functions := s.Functions
	if len(functions) == 0 {
		functions = []remoteexecution.DigestFunction_Value{remoteexecution.DigestFunction_SHA256}
	}
	return &remoteexecution.ServerCapabilities{CacheCapabilities: &remoteexecution.CacheCapabilities{
		DigestFunctions: functions, MaxBatchTotalSizeBytes: 1 << 20,
		ActionCacheUpdateCapabilities: &remoteexecution.ActionCacheUpdateCapabilities{UpdateEnabled: !s.ReadOnly},
	}}, nil
}

func (s *Server) GetActionResult(_ context.Context, r *remoteexecution.GetActionResultRequest) (*remoteexecution.ActionResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	result, ok := s.results[r.InstanceName+"/"+r.ActionDigest.Hash]
	if !ok {
		return nil, status.Error(codes.NotFound, "there is none")
	}
	return result, nil
}

// UpdateActionResult refuses results whose blobs it does not have.
func (s *Server) UpdateActionResult(_ context.Context, r *remoteexecution.UpdateActionResultRequest) (*remoteexecution.ActionResult, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range r.ActionResult.OutputFiles {
		if content, ok := s.blobs[f.Digest.Hash]; !ok || int64(len(content)) != f.Digest.SizeBytes {
			return nil, status.Error(codes.FailedPrecondition, "a blob is missing")
		}
	}
	s.results[r.InstanceName+"/"+r.ActionDigest.Hash] = proto.CloneOf(r.ActionResult)
	return r.ActionResult, nil
}

func (s *Server) put(hash string, size int64, content []byte) codes.Code {
	sum := sha256.Sum256(content)
	if hex.EncodeToString(sum[:]) != hash || size != int64(len(content)) {
		return codes.InvalidArgument
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blobs[hash] = content
	return codes.OK
}

func (s *Server) get(hash string) ([]byte, codes.Code) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content, ok := s.blobs[hash]
	switch {
	case !ok:
		return nil, codes.NotFound
	case s.Change != nil:
		return s.Change(append([]byte(nil), content...)), codes.OK
	}
	return content, codes.OK
}

func (s *Server) BatchUpdateBlobs(_ context.Context, r *remoteexecution.BatchUpdateBlobsRequest) (*remoteexecution.BatchUpdateBlobsResponse, error) {
	var answer remoteexecution.BatchUpdateBlobsResponse
	for _, one := range r.Requests {
		code := s.put(one.Digest.Hash, one.Digest.SizeBytes, one.Data)
		answer.Responses = append(answer.Responses, &remoteexecution.BatchUpdateBlobsResponse_Response{
			Digest: one.Digest, Status: status.New(code, "").Proto(),
		})
	}
	return &answer, nil
}

func (s *Server) BatchReadBlobs(_ context.Context, r *remoteexecution.BatchReadBlobsRequest) (*remoteexecution.BatchReadBlobsResponse, error) {
	var answer remoteexecution.BatchReadBlobsResponse
	for _, d := range r.Digests {
		content, code := s.get(d.Hash)
		answer.Responses = append(answer.Responses, &remoteexecution.BatchReadBlobsResponse_Response{
			Digest: d, Data: content, Status: status.New(code, "").Proto(),
		})
	}
	return &answer, nil
}

func (s *Server) Read(r *bytestream.ReadRequest, stream bytestream.ByteStream_ReadServer) error {
	parts := strings.Split(r.ResourceName, "/")
	content, code := s.get(parts[len(parts)-2])
	if code != codes.OK {
		return status.Error(code, "")
	}
	for len(content) > 0 {
		n := min(len(content), 1<<16)
		if err := stream.Send(&bytestream.ReadResponse{Data: content[:n]}); err != nil {
			return err
		}
		content = content[n:]
	}
	return nil
}

func (s *Server) Write(stream bytestream.ByteStream_WriteServer) error {
	var name string
	var content []byte
	for {
		r, err := stream.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		if r.ResourceName != "" {
			name = r.ResourceName
		}
		content = append(content, r.Data...)
		if r.FinishWrite {
			break
		}
	}
	parts := strings.Split(name, "/")
	if len(parts) < 5 || parts[len(parts)-5] != "uploads" && parts[len(parts)-3] != "blobs" {
		return status.Error(codes.InvalidArgument, "the name is malformed")
	}
	size, err := strconv.ParseInt(parts[len(parts)-1], 10, 64)
	if err != nil {
		return status.Error(codes.InvalidArgument, "the name is malformed")
	}
	if code := s.put(parts[len(parts)-2], size, content); code != codes.OK {
		return status.Error(code, "")
	}
	return stream.SendAndClose(&bytestream.WriteResponse{CommittedSize: int64(len(content))})
}
