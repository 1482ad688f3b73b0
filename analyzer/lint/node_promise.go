package lint

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer/js"
)

// started returns the call in an expression that certainly makes a promise of work, and says
// that nobody waits for it. The expression's value is not used. The call is nil if the
// expression may be something else, or if the work answers the request itself.
func (m *module) started(n, fn *js.Node) (call *js.Node, what string) {
	switch n.Kind {
	case js.Binary:
		if n.Op == js.OpAnd || n.Op == js.OpOr || n.Op == js.OpNullish {
			return m.started(n.Y, fn)
		}
	case js.Cond:
		if call, what = m.started(n.Y, fn); call != nil {
			return call, what
		}
		return m.started(n.Z, fn)
	case js.Call:
		what = m.promised(source(n), fn)
		if what != "" && !answers(n) {
			return n, what
		}
	}
	return nil, ""
}

// source is the call whose promise a chain of then, catch and finally begins with.
func source(call *js.Node) *js.Node {
	for settles(call) && call.X.X.Kind == js.Call {
		call = call.X.X
	}
	return call
}

// settles matches calls of a promise's methods.
func settles(call *js.Node) bool {
	return call.X.Kind == js.Member && slices.Contains([]string{"then", "catch", "finally"}, call.X.Name)
}

// requesters are the functions, by module and export, that send a request and return a promise.
var requesters = map[string]bool{
	"undici fetch": true, "undici request": true, "node-fetch default": true, "node-fetch *": true, "cross-fetch default": true, "cross-fetch *": true,
	"axios default": true, "axios *": true, "got default": true, "got got": true, "ky default": true,
}

// methods of axios, got and ky that send a request.
var requestMethods = []string{"get", "post", "put", "patch", "delete", "head", "request"}

// promised says that nobody waits for a call, "" if it is not certain that it returns a
// promise of work.
func (m *module) promised(call, fn *js.Node) string { return m.promisedAt(call, fn, 0) }

func (m *module) promisedAt(call, fn *js.Node, depth int) string {
	from, name := exportOf(call.X)
	name = strings.TrimPrefix(name, "default.")
	switch {
	case call.X.IsGlobal("fetch"), requesters[from+" "+name]:
		return "nobody waits for this request"
	case slices.Contains([]string{"axios", "got", "ky"}, from) && slices.Contains(requestMethods, strings.TrimPrefix(name, "got.")):
		return "nobody waits for this request"
	case from == "fs/promises" || from == "fs" && strings.HasPrefix(name, "promises."):
		return "nobody waits for this access to a file"
	case call.X.Kind == js.Member && call.X.X.IsGlobal("Promise") && slices.Contains([]string{"all", "allSettled", "any", "race"}, call.X.Name):
		return "nobody waits for these promises"
	case m.sendsToAWS(call), m.sendsBy(call):
		return "nobody waits for this request"
	}
	near := nearest(call)
	for near != nil && near != fn && runsAtOnce(near) {
		near = nearest(near)
	}
	if near != fn {
		return "" // of a function that may be called at another time
	}
	callees := m.callees(call)
	for _, callee := range callees {
		if callee.module.returnsWork(callee.Node, depth) {
			continue
		}
		if !callee.module.isAsync(callee.Node) || !waits(callee.Node) {
			return ""
		}
	}
	if len(callees) == 0 {
		return ""
	}
	if isFunction(call.X) {
		return "nobody waits for this async function"
	}
	return "nobody waits for " + call.X.Name
}

// runsAtOnce reports whether a function is given to a method of a list, which runs it at once.
func runsAtOnce(fn *js.Node) bool {
	p := fn.Parent
	return p != nil && p.Kind == js.Call && p.X != fn && p.X.Kind == js.Member && slices.Contains([]string{"forEach", "map", "flatMap", "filter", "reduce"}, p.X.Name)
}

// sending are the methods of the clients of known packages that send a request and return a
// promise, unless they are given a callback.
var sending = map[string][]string{
	"pg": {"query"}, "kafkajs": {"send", "sendBatch"}, "nodemailer": {"sendMail"}, "bullmq": {"add", "addBulk"}, "mongodb": {"insertOne", "insertMany", "updateOne", "updateMany", "deleteOne", "deleteMany", "replaceOne", "bulkWrite"},
	"@slack/web-api": {"postMessage"},
	"redis":          {"set", "del", "incr", "expire", "publish", "hSet", "lPush", "rPush", "sAdd", "zAdd", "xAdd", "setEx"},
	"ioredis":        {"set", "del", "incr", "expire", "publish", "hset", "lpush", "rpush", "sadd", "zadd", "xadd", "setex"},
}

// sendsBy matches requests by such a client.
func (m *module) sendsBy(call *js.Node) bool {
	if call.X.Kind != js.Member || slices.ContainsFunc(call.List, func(arg *js.Node) bool { return isFunction(arg) || arg.Kind == js.Spread }) {
		return false
	}
	from := m.senderOf(call.X.X, 0)
	return slices.Contains(sending[from], call.X.Name) && (from != "pg" || len(call.List) < 3)
}

// senderOf is the package of sending whose client an expression is, "" for anything else: what the
// package makes, what it or a method of a client returns, a name of one, and what a function of
// the project returns.
func (m *module) senderOf(n *js.Node, depth int) string {
	if depth > maxNames {
		return ""
	}
	switch n.Kind {
	case js.New, js.Call:
		if from, _ := exportOf(n.X); sending[from] != nil {
			return from
		}
		for _, callee := range m.callees(n) {
			for _, returned := range js.Returns(callee.Node) {
				if from := callee.module.senderOf(returned, depth+1); from != "" {
					return from
				}
			}
		}
		if n.X.Kind == js.Member && slices.Contains([]string{"producer", "connect", "db", "collection"}, n.X.Name) { // not redis.multi(), which only collects
			return m.senderOf(n.X.X, depth+1)
		}
	case js.Member: // slack.chat
		return m.senderOf(n.X, depth+1)
	case js.Unary:
		if n.Name == "await" {
			return m.senderOf(n.X, depth+1)
		}
	case js.Name:
		for _, v := range m.values(n) {
			if from := v.module.senderOf(v.Node, depth+1); from != "" {
				return from
			}
		}
	}
	return ""
}

// sendsToAWS matches client.send(new XCommand()), client.x({}) of the AWS SDK v3, and
// client.x({}).promise() of v2.
func (m *module) sendsToAWS(call *js.Node) bool {
	if call.X.Kind != js.Member {
		return false
	}
	if call.X.Name == "send" && len(call.List) == 1 {
		if command := commandOf(call.List[0]); command.Kind == js.New {
			return isCommand(exportOf(command.X))
		}
	}
	promise := call.X.Name == "promise" && call.X.X.Kind == js.Call && call.X.X.X.Kind == js.Member
	if promise {
		call = call.X.X
	}
	if len(call.List) > 1 || len(call.List) == 1 && isFunction(call.List[0]) {
		return false // it takes a callback
	}
	for _, v := range m.values(call.X.X) {
		if v.Kind != js.New {
			continue
		}
		from, name := exportOf(v.X)
		v3 := strings.HasPrefix(from, "@aws-sdk/client-") && !strings.HasSuffix(name, "Client")
		if constructed(from, name) != "" && (v3 && !promise && call.X.Name != "destroy" || strings.HasPrefix(from, "aws-sdk") && promise) {
			return true
		}
	}
	return false
}

// returnsWork reports whether all that a function returns are promises of work that it starts
// itself, and that it always returns one.
func (m *module) returnsWork(fn *js.Node, depth int) bool {
	returned := js.Returns(fn)
	if depth > maxHelpers || len(returned) == 0 || fn.X.Kind == js.Block && (len(fn.X.List) == 0 || fn.X.List[len(fn.X.List)-1].Kind != js.Return) {
		return false
	}
	for _, r := range returned {
		if r.Kind != js.Call || m.promisedAt(source(r), fn, depth+1) == "" || answers(r) {
			return false
		}
	}
	return true
}

func isCommand(module, name string) bool {
	return (strings.HasPrefix(module, "@aws-sdk/client-") || module == "@aws-sdk/lib-dynamodb") && strings.HasSuffix(name, "Command")
}

// waits reports whether an async function certainly waits for something, and tells nobody
// else of its progress: it assigns nothing that outlives it.
func waits(fn *js.Node) bool {
	if fn.X == nil {
		return false
	}
	found, alone := false, true
	var look func(n *js.Node, certain bool)
	look = func(n *js.Node, certain bool) {
		switch {
		case isFunction(n), n.Kind == js.Class:
			return
		case n.Kind == js.Unary && n.Name == "await":
			found = found || certain
		case n.Kind == js.Unary && n.Name == "yield":
			alone = false
		case n.Kind == js.Assign && outerName(n.X, fn) != "":
			alone = false
		}
		switch n.Kind {
		case js.If, js.Cond, js.Switch, js.While, js.For, js.Binary:
			look(n.X, certain && n.Kind != js.While && n.Kind != js.For)
			n.Each(func(c *js.Node) {
				if c != n.X {
					look(c, false)
				}
			})
		default:
			n.Each(func(c *js.Node) { look(c, certain) })
		}
	}
	look(fn.X, true)
	return found && alone
}

// answering are names of parameters through which code answers a request or settles a promise.
var answering = []string{"res", "response", "reply", "ctx", "callback", "cb", "next", "done", "resolve", "reject", "stream", "responseStream", "socket", "writer"}

// answers reports whether an expression answers the request or settles a promise: it calls
// a parameter of the code around it, or hands one on that is there for that.
func answers(n *js.Node) (found bool) {
	var look func(*js.Node)
	look = func(c *js.Node) {
		if b := parameter(c); b != nil && (b.Param.Start < n.Start || b.Param.End > n.End) {
			p := c.Parent
			read := p.Kind == js.Member && p.X == c && (p.Parent.Kind != js.Call || p.Parent.X != p && !settles(p.Parent))
			given := b.ParamIndex > 0 || slices.Contains(answering, c.Name) || b.Param.Parent != nil && b.Param.Parent.Kind == js.New
			found = found || p.Kind == js.Call && p.X == c || given && !read
		}
		c.Each(look)
	}
	look(n)
	return found
}

// parameter is the parameter that a name refers to, nil if it is something else.
func parameter(n *js.Node) *js.Binding {
	if n.Kind != js.Name || n.Scope == nil || n.IsTarget() {
		return nil
	}
	if b := n.Scope.Find(n.Name); b != nil && b.Param != nil {
		return b
	}
	return nil
}
