package lint

import (
	"regexp"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// fetch is a request for a value that seldom changes.
type fetch struct {
	what string
	// rotates is set if the source changes the value by itself.
	rotates bool
}

// commands are the requests for configuration and secrets, by the name of the AWS
// SDK's operation.
var commands = map[string]fetch{
	"GetParameter": {"a parameter", false}, "GetParameters": {"parameters", false}, "GetParametersByPath": {"parameters", false},
	"GetSecretValue": {"a secret", true}, "BatchGetSecretValue": {"secrets", true},
	"StartConfigurationSession": {"its configuration", false}, "GetLatestConfiguration": {"its configuration", false},
	"Decrypt": {"a value that it decrypts", false}, // of the environment only
}

// configurationServices are the services that have them, as in the names of the SDK's
// packages and classes.
var configurationServices = map[string]bool{"ssm": true, "secretsmanager": true, "appconfigdata": true, "kms": true}

// tokenText matches the address or the body of a request for an access token or for signing keys.
var tokenText = regexp.MustCompile(`(?i)/oauth2?(/v\d+)?/token\b|/connect/token\b|^grant_type=client_credentials|\.well-known/jwks\.json`)

// fetchedPerInvocation finds configuration, secrets, tokens and keys that every
// invocation fetches again, although they are the same each time.
func (f *function) fetchedPerInvocation() {
	f.fetchedByMiddy()
	for _, n := range f.invoked() {
		if n.Kind != js.Call {
			continue
		}
		request, fetches := n.module.fetches(n.Node)
		if !fetches || n.depends(request) || n.module.decrypts(n.Node) && !fromEnvironment(request, 0) {
			continue
		}
		if kept, _ := n.module.kept(n.Node, n.fn); kept || n.outlives() {
			continue
		}
		fetched, _ := n.module.fetched(n.Node)
		n.module.add(n.Node, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: n.module.by(n.fn) + " fetches " + fetched.what + " on every invocation",
				Hint:    "fetch it once and keep it for a few minutes, as Powertools' parameters and the Parameters and Secrets extension do",
			},
			Source:           "https://docs.aws.amazon.com/powertools/typescript/latest/features/parameters/",
			BehaviourChanges: "a changed value is seen only when the kept one expires",
		})
	}
}

// decrypts reports whether a call decrypts a value, rather than fetching one.
func (m *module) decrypts(call *js.Node) bool {
	found, _ := m.fetched(call)
	return found == commands["Decrypt"]
}

// fromEnvironment reports whether an expression has a variable of the environment.
func fromEnvironment(n *js.Node, depth int) (found bool) {
	if depth > maxNames {
		return false
	}
	if n.Kind == js.Member && n.Name == "env" && n.X.IsGlobal("process") {
		return true
	}
	if n.Kind == js.Name {
		from := boundOnce(n)
		return from != nil && fromEnvironment(from, depth+1)
	}
	n.Each(func(c *js.Node) { found = found || fromEnvironment(c, depth+1) })
	return found
}

// fetches returns the expression that says what a call fetches.
func (m *module) fetches(call *js.Node) (request *js.Node, ok bool) {
	if _, ok = m.fetched(call); !ok {
		return nil, false
	}
	if len(call.List) > 0 && commandOf(call.List[0]).Kind == js.New {
		return commandOf(call.List[0]), true
	}
	return &js.Node{Kind: js.Array, List: call.List}, true
}

// fetched describes what a call fetches: client.send(new GetParameterCommand(...)),
// client.getParameter(...) or a request for a token.
func (m *module) fetched(call *js.Node) (fetch, bool) {
	if call.Kind != js.Call || len(call.List) == 0 {
		return fetch{}, false
	}
	first := commandOf(call.List[0])
	if call.X.Kind == js.Member && call.X.Name == "send" && first.Kind == js.New {
		from, name := exportOf(first.X)
		service := strings.ReplaceAll(strings.TrimPrefix(from, "@aws-sdk/client-"), "-", "")
		found, ok := commands[strings.TrimSuffix(name, "Command")]
		return found, ok && configurationServices[service]
	}
	if call.X.Kind == js.Member && call.X.Name != "" && call.X.X.Kind == js.Name && len(call.List) == 1 {
		found, ok := commands[strings.ToUpper(call.X.Name[:1])+call.X.Name[1:]]
		if !ok {
			return m.tokenRequest(call)
		}
		for _, v := range m.values(call.X.X) {
			if v.Kind == js.New && isConfigurationClient(exportOf(v.X)) {
				return found, true
			}
		}
		return fetch{}, false
	}
	return m.tokenRequest(call)
}

// commandOf is what a request sends, or the only value of the name that it sends.
func commandOf(n *js.Node) *js.Node {
	if n.Kind == js.Name {
		if named := boundOnce(n); named != nil {
			return named
		}
	}
	return n
}

func isConfigurationClient(module, name string) bool {
	service := strings.TrimPrefix(strings.TrimPrefix(module, "@aws-sdk/client-"), "aws-sdk/clients/")
	if module == "aws-sdk" {
		service = strings.TrimPrefix(name, "default.")
	}
	return configurationServices[strings.ToLower(strings.ReplaceAll(service, "-", ""))]
}

// tokenRequest describes an HTTP request whose address or body asks for an access token
// or for signing keys.
func (m *module) tokenRequest(call *js.Node) (fetch, bool) {
	from, name := exportOf(call.X)
	switch {
	case call.X.IsGlobal("fetch"), from == "undici" && (name == "fetch" || name == "request"), from == "node-fetch":
	case (from == "axios" || from == "got" || from == "ky") && strings.TrimPrefix(name, "default.") != "create":
	default:
		return fetch{}, false
	}
	asks := false
	var look func(n *js.Node)
	look = func(n *js.Node) {
		switch n.Kind {
		case js.String:
			asks = asks || tokenText.MatchString(n.Name)
		case js.Template:
			asks = asks || slices.ContainsFunc(n.Texts, tokenText.MatchString)
		case js.Property:
			asks = asks || n.Name == "grant_type" && n.Y != nil && n.Y.Kind == js.String && n.Y.Name == "client_credentials"
		case js.Function, js.Arrow:
			return
		}
		n.Each(look)
	}
	for _, arg := range call.List {
		look(arg)
	}
	return fetch{"an access token or signing keys", true}, asks
}

// middyFetchers are the middlewares of middy that fetch values, with what they fetch.
var middyFetchers = map[string]string{
	"@middy/ssm": "parameters", "@middy/secrets-manager": "secrets", "@middy/appconfig": "its configuration", "@middy/dynamodb": "items that it configures", "@middy/s3": "objects that it configures",
}

// fetchedByMiddy finds middlewares of middy that are told to cache nothing.
func (f *function) fetchedByMiddy() {
	for _, path := range f.Paths {
		m := f.module(path)
		if m == nil || f.Handler == "" {
			continue
		}
		m.each(func(n *js.Node) {
			if n.Kind != js.Call || n.Parent == nil || n.Parent.Kind != js.Call || n.Parent.X.Kind != js.Member || n.Parent.X.Name != "use" {
				return
			}
			from, name := exportOf(n.X)
			what, off := middyFetchers[from], optionOf(n, "cacheExpiry", "0")
			if what == "" || off == nil || name != "default" && name != "*" {
				return
			}
			m.add(off, Advice{
				Diagnostic: analyzer.Diagnostic{
					Message: "cacheExpiry: 0 makes " + from + " fetch " + what + " on every invocation",
					Hint:    "set it to some minutes, in milliseconds: 0 caches nothing, and the default -1 has no end",
				},
				Source: "https://middy.js.org/docs/middlewares/ssm", BehaviourChanges: "a changed value is seen only when the kept one expires",
			})
		})
	}
}
