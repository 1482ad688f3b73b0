package lint

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/gobin"
)

// Rule is one kind of advice.
type Rule struct {
	// Code is a stable kebab-case name, such as "whole-package".
	Code string
	// module reads one of the project's Node modules, program a Go program as a
	// whole, source one of the project's own Go packages.
	module  func(*module)
	program func(*program)
	source  func(*sourcePackage)
}

// Rules lists every rule, in the order in which they are asked.
func Rules() []Rule {
	return []Rule{
		{Code: "whole-package", module: (*module).wholePackage},
		{Code: "aws-sdk-v2", module: (*module).awsSDKv2},
		{Code: "namespace-kept", module: (*module).namespaceKept},
		{Code: "reflect-method", program: (*program).reflectMethod},
		{Code: "lambda-norpc", program: (*program).lambdaNoRPC},
		{Code: "template-reached", program: (*program).templateReached},
		{Code: "build-tag", program: (*program).buildTag}, // leaves out tags proposed before
		{Code: "blank-import", program: (*program).blankImport},
		{Code: "heavy-dependency", program: (*program).heavyDependency},
		{Code: "embedded-not-read", source: (*sourcePackage).embeddedNotRead},
		{Code: "init-work", source: (*sourcePackage).initWork},
		{Code: "body-not-closed", source: (*sourcePackage).bodyNotClosed},
		{Code: "body-not-read", source: (*sourcePackage).bodyNotRead},
		{Code: "keep-alive-off", module: (*module).keepAliveOff, source: (*sourcePackage).keepAliveOff},
		{Code: "client-in-handler", module: (*module).clientInHandler, source: (*sourcePackage).clientInHandler},
	}
}

// bestPractices is the source of what several rules say.
const bestPractices = "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html"

// Advice is something that makes a function slow to start or to answer, or larger
// than it need be. What following it saves is not known here.
type Advice struct {
	analyzer.Diagnostic
	// Package is what the advice is about, where that is a package of somebody
	// else: one that is imported whole, or one that is heavy for its use.
	Package string
	// BehaviourChanges is what may be different afterwards, a clause; "" for
	// nothing. Advice that has one is never applied on its own.
	BehaviourChanges string
	// Source is where the advice can be checked.
	Source string
	// Chain is how a Go program gets there.
	Chain []gobin.Step
	// Kept is what a Go program holds of it, in bytes, where that is known. It is
	// the most that a removal could save, not a saving.
	Kept int64
	// Change is how the advice is tried, where it can be.
	Change Change
}

// Change is how a Go program is changed for a trial build.
type Change struct {
	// Tags are build tags to add.
	Tags []string
	// Overlay replaces files, by path relative to the project's root, or to the
	// toolchain's where it begins with "$GOROOT/". A file below the module cache is
	// never replaced: the go command refuses that.
	Overlay map[string][]byte
}
