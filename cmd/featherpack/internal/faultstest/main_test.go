package faultstest

import (
	"testing"

	"github.com/featherpack/featherpack/cmd/featherpack/internal/clitest"
)

func TestMain(m *testing.M) { clitest.Main(m) }
