package pipeline

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/golang"
	"github.com/featherpack/featherpack/packager/node"
)

// builders maps each family of runtimes to its builder. To add a family, add a line
// here and two packages: one to build it and one to analyse it.
var builders = map[analyzer.Family]packager.Builder{
	analyzer.Node: node.Builder{},
	analyzer.Go:   golang.Builder{},
}
