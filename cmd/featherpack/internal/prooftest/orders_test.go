package prooftest

import (
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

// TestOrders builds the sample service and invokes every function.
func TestOrders(t *testing.T) { clitest.Prove(t, "orders") }
