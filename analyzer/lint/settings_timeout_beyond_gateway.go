package lint

import (
	"fmt"
	"strconv"

	"github.com/featherpack/featherpack/analyzer"
)

// gatewaySeconds are how long API Gateway waits for a function where nothing else is set.
// Source: docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html and
// docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
var gatewaySeconds = map[string]int{"HTTP API": 30, "REST API": 29}

// timeoutBeyondGateway finds functions that only API Gateway invokes, and that may go on after
// it has answered the client.
func (s *settings) timeoutBeyondGateway() {
	waits := gatewaySeconds[s.Deployment.Gateway]
	if waits == 0 || s.TimeoutSeconds <= waits || s.Deployment.TimeoutAt.Line == 0 {
		return
	}
	gateway := "a " + s.Deployment.Gateway
	if s.Deployment.Gateway == "HTTP API" {
		gateway = "an HTTP API"
	}
	s.add(Advice{
		Diagnostic: analyzer.Diagnostic{
			Position: s.Deployment.TimeoutAt,
			Message:  fmt.Sprintf("its timeout is %d s, and its only events are those of %s, which answers with an error after %d s while the function goes on and is billed", s.TimeoutSeconds, gateway, waits),
			Hint:     "set the timeout to what the gateway waits, and do what takes longer behind a queue",
		},
		Config:           s.setting("timeout", "Timeout", "timeout", strconv.Itoa(waits)),
		Source:           "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html",
		BehaviourChanges: fmt.Sprintf("an invocation that lasts longer than %d s ends", waits),
	})
}
