package lint

import "github.com/featherpack/featherpack/analyzer"

// Rule is one kind of advice.
type Rule struct {
	// Code is a stable kebab-case name, such as "whole-package".
	Code string
	// module reads one of the project's Node modules.
	module func(*module)
}

// Rules lists every rule, in the order in which they are asked.
func Rules() []Rule {
	return []Rule{
		{"whole-package", (*module).wholePackage},
		{"aws-sdk-v2", (*module).awsSDKv2},
		{"namespace-kept", (*module).namespaceKept},
		{"keep-alive-off", (*module).keepAliveOff},
		{"client-in-handler", (*module).clientInHandler},
	}
}

// Advice is something in a module that makes a function slow to start or to
// answer, or larger than it need be.
type Advice struct {
	analyzer.Diagnostic
	// Package is what is imported whole, where the advice is about that.
	Package string
	// BehaviourChanges is what may be different afterwards, a clause.
	BehaviourChanges string
	// Source is where the advice can be checked.
	Source string
}
