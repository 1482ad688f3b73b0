package pipeline

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/packager"
	"github.com/featherpack/featherpack/packager/golang"
	"github.com/featherpack/featherpack/packager/node"
)

// builders are the families of runtimes. A new one is two folders and a line here.
var builders = map[analyzer.Family]packager.Builder{
	analyzer.Node: node.Builder{},
	analyzer.Go:   golang.Builder{},
}
