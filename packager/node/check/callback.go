package check

import (
	"fmt"
	"path"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// noCallbacks is the first major version of Node whose runtime starts no handler that takes
// a callback. Source: docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
const noCallbacks = 24

// callbackHandler refuses a handler that the runtime does not start, because it takes three
// parameters. It judges a function that the entry certainly exports; the boot check judges
// what a call returns, such as middleware's. A tool's wrapper may call the handler itself.
func (f *Function) callbackHandler() []analyzer.Diagnostic {
	_, name, _ := strings.Cut(path.Base(f.Handler), ".")
	if f.Node < noCallbacks || name == "" || f.Wrapper != "" || f.Environment["AWS_LAMBDA_EXEC_WRAPPER"] != "" {
		return nil
	}
	source, err := f.Packages.ReadModule(f.Packages.Absolute(f.Entry))
	if err != nil {
		return nil
	}
	text, err := js.Read(js.File{Path: f.Entry, Source: source, Loader: f.Resolution.Loader(f.Packages.Absolute(f.Entry))})
	if err != nil {
		return nil
	}
	text.Bind()
	handler := text.ExportedFunction(name)
	if handler == nil || handler.Length() < 3 {
		return nil
	}
	at := js.Place{Start: int(handler.Start), End: int(handler.End)}
	text.Locate(&at)
	return []analyzer.Diagnostic{{
		Code: "callback-handler", Severity: analyzer.Error, Function: f.ID, Position: analyzer.Position{File: f.Entry, Line: at.Line, Column: at.Column},
		Message: fmt.Sprintf("the handler takes %d parameters, and %s starts no handler that takes a callback", handler.Length(), f.Runtime),
		Hint:    "leave the third parameter out, and return a promise; a handler that is not async must be one that returns it",
	}}
}
