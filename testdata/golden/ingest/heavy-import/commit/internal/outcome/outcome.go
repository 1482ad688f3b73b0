// Package outcome says how a run ended, in the terms that callers know from gRPC.
package outcome

import (
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Of is the code of an error: OK, Unknown, or what a service gave it.
func Of(err error) string { return status.Code(err).String() }

// Missing says that nothing was sent.
func Missing(what string) error { return status.Error(codes.InvalidArgument, what+" is missing") }
