// Package pricing speaks to the pricing service over gRPC. Its messages are
// well-known types, so it needs no generated code.
package pricing

import (
	"context"
	"fmt"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/structpb"
)

const method = "/acme.pricing.v1.Pricing/Quote"

// Client asks for quotes.
type Client struct{ conn *grpc.ClientConn }

// Dial returns a client of the service at target; it connects when first asked.
func Dial(target string) (*Client, error) {
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(credentials.NewTLS(nil)))
	if err != nil {
		return nil, fmt.Errorf("preparing the connection to %s: %w", target, err)
	}
	return &Client{conn}, nil
}

// InProcess returns a client of a price list served by this very process, for
// stages that have no pricing service.
func InProcess(cents map[string]int) (*Client, error) {
	listener := bufconn.Listen(64 << 10)
	server := grpc.NewServer()
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "acme.pricing.v1.Pricing",
		HandlerType: (*any)(nil),
		Methods:     []grpc.MethodDesc{{MethodName: "Quote", Handler: quoteFrom(cents)}},
	}, nil)
	go server.Serve(listener) // ends with the process
	conn, err := grpc.NewClient("passthrough:///pricing",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, fmt.Errorf("preparing the in-process connection: %w", err)
	}
	return &Client{conn}, nil
}

func quoteFrom(cents map[string]int) grpc.MethodHandler {
	return func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		var in structpb.Struct
		if err := decode(&in); err != nil {
			return nil, err
		}
		sku := in.GetFields()["sku"].GetStringValue()
		each, ok := cents[sku]
		if !ok {
			return nil, status.Errorf(codes.NotFound, "no price for %q", sku)
		}
		count := in.GetFields()["count"].GetNumberValue()
		return structpb.NewStruct(map[string]any{"cents": count * float64(each)})
	}
}

// Quote asks what count pieces of sku cost, in cents.
func (c *Client) Quote(ctx context.Context, sku string, count int) (int, error) {
	in, err := structpb.NewStruct(map[string]any{"sku": sku, "count": count})
	if err != nil {
		return 0, fmt.Errorf("asking for %s: %w", sku, err)
	}
	var out structpb.Struct
	if err := c.conn.Invoke(ctx, method, in, &out); err != nil {
		return 0, err
	}
	return int(out.GetFields()["cents"].GetNumberValue()), nil
}
