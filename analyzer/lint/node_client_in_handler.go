package lint

import (
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
)

// clientInHandler finds clients that are created on every invocation, in the handler or
// in what it calls.
func (f *function) clientInHandler() {
	for _, n := range f.invoked() {
		what := ""
		proxy, never, closes := n.module.proxyAgent(n.Node)
		switch n.Kind {
		case js.New:
			if what = constructed(exportOf(n.X)); proxy != "" && never == "" {
				what = "an HTTP agent (" + proxy + ")"
			}
		case js.Call:
			what = made(n.Node)
		}
		if what == "" || n.outlives() || n.depends(n.taker()) || closed(n.Node) || idle(n.Node) || lent(n.Node, n.fn) {
			continue
		}
		if kept, _ := n.module.kept(n.Node, n.fn); kept {
			continue
		}
		hint, changes := "create it once, outside the handler, to reuse its connections and credentials", "its credentials and connections live as long as the execution environment"
		if strings.HasPrefix(what, "a whole application") {
			hint, changes = "create it once, outside the handler: its routes and modules are the same for each request", "what it keeps lives as long as the execution environment"
		}
		if d := n.Parent; d != nil && d.Kind == js.Declare && !strings.HasPrefix(what, "a whole application") {
			if start := startedBy(d.X); start != "" {
				hint = "create it and call its " + start + "() once, on first use or outside the handler, to reuse its connections and credentials"
			}
		}
		if from, name := exportOf(n.X); agentClass(from, strings.TrimPrefix(name, "default.")) && withoutKeepAlive(n.Node) || closes {
			hint = "create it once, outside the handler, with keepAlive: true, to reuse its connections"
		}
		n.module.add(n.Node, Advice{
			Diagnostic: analyzer.Diagnostic{
				Message: n.module.by(n.fn) + " creates " + what + " on every invocation",
				Hint:    hint,
			},
			Edits:            n.module.hoist(n.Node, n.fn),
			Source:           bestPractices,
			BehaviourChanges: changes,
		})
	}
}

// by says where code is: in the handler itself, or in what the handler calls.
func (m *module) by(fn *js.Node) string {
	if m == m.entry {
		return "the handler"
	}
	return "code that the handler calls"
}

// constructors are the classes, by module and export, whose objects hold connections or
// fetched keys.
var constructors = map[string]string{
	"@prisma/client PrismaClient": "a database client", "pg Pool": "a database client", "pg Client": "a database client",
	"mongodb MongoClient": "a database client", "sequelize Sequelize": "a database client", "typeorm DataSource": "a database client",
	"mssql ConnectionPool": "a database client", "tedious Connection": "a database client", "cassandra-driver Client": "a database client",
	"@neondatabase/serverless Pool": "a database client",
	"ioredis default":               "a Redis client", "ioredis Redis": "a Redis client", "ioredis Cluster": "a Redis client", "ioredis *": "a Redis client",
	"kafkajs Kafka": "a Kafka client", "@opensearch-project/opensearch Client": "a search client", "@elastic/elasticsearch Client": "a search client",
	"openai default": "an HTTP client", "openai OpenAI": "an HTTP client", "openai AzureOpenAI": "an HTTP client", "@anthropic-ai/sdk default": "an HTTP client",
	"stripe default": "an HTTP client", "stripe Stripe": "an HTTP client", "stripe *": "an HTTP client", "@slack/web-api WebClient": "an HTTP client",
	"http Agent": "an HTTP agent", "https Agent": "an HTTP agent", "agentkeepalive *": "an HTTP agent", "agentkeepalive default": "an HTTP agent",
	"@aws-lambda-powertools/parameters/secrets SecretsProvider": "a cache of secrets", "@aws-lambda-powertools/parameters/ssm SSMProvider": "a cache of parameters",
	"@aws-lambda-powertools/parameters/appconfig AppConfigProvider": "a cache of its configuration", "@aws-lambda-powertools/parameters/dynamodb DynamoDBProvider": "a cache of parameters",
	"bullmq Queue": "a Redis client", "fauna Client": "a database client", "@apollo/server ApolloServer": "a whole application",
	"memcached *": "a cache client", "memcached default": "a cache client", "@google-cloud/storage Storage": "a Google Cloud client",
	"@google-cloud/firestore Firestore": "a Google Cloud client", "@google-cloud/pubsub PubSub": "a Google Cloud client", "@google-cloud/bigquery BigQuery": "a Google Cloud client",
	"@google-cloud/datastore Datastore": "a Google Cloud client", "@google-cloud/secret-manager SecretManagerServiceClient": "a Google Cloud client",
	"agentkeepalive HttpsAgent": "an HTTP agent", "undici Agent": "an HTTP agent", "undici Pool": "an HTTP client", "undici Client": "an HTTP client",
}

// makers are the functions, by module and export, that make such objects.
var makers = map[string]string{
	"mysql createConnection": "a database client", "mysql createPool": "a database client",
	"mysql2 createConnection": "a database client", "mysql2 createPool": "a database client",
	"mysql2/promise createConnection": "a database client", "mysql2/promise createPool": "a database client",
	"knex default": "a database client", "knex knex": "a database client", "knex *": "a database client",
	"postgres default": "a database client", "postgres *": "a database client", "mongoose createConnection": "a database client",
	"redis createClient": "a Redis client", "redis createCluster": "a Redis client", "amqplib connect": "a client of a message broker",
	"nodemailer createTransport": "a mail client", "jwks-rsa default": "a client that keeps signing keys", "jwks-rsa *": "a client that keeps signing keys",
	"jose createRemoteJWKSet": "a set of signing keys that it keeps", "aws-jwt-verify CognitoJwtVerifier.create": "a client that keeps signing keys",
	"aws-jwt-verify JwtVerifier.create": "a client that keeps signing keys", "aws-jwt-verify JwtRsaVerifier.create": "a client that keeps signing keys",
	"@nestjs/core NestFactory.create": "a whole application", "@nestjs/core NestFactory.createApplicationContext": "a whole application",
	"graphql-yoga createYoga": "a whole application", "express default": "a whole application", "express *": "a whole application",
	"fastify default": "a whole application", "fastify *": "a whole application", "fastify fastify": "a whole application",
	"mongodb MongoClient.connect": "a database client",
	"twilio default":              "an HTTP client", "twilio *": "an HTTP client", "@clickhouse/client createClient": "a database client",
	"snowflake-sdk createConnection": "a database client", "oracledb createPool": "a database client", "memjs Client.create": "a cache client",
	"neo4j-driver default.driver": "a database client", "neo4j-driver driver": "a database client",
}

// constructed describes what a constructor of a known library creates, "" if there is
// nothing to keep.
func constructed(module, name string) string {
	service, isSDK := strings.CutPrefix(module, "@aws-sdk/client-")
	switch {
	case isSDK && strings.HasSuffix(name, "Client"):
		return "an AWS client (" + name + ")"
	case isSDK && name != "" && strings.EqualFold(name, strings.ReplaceAll(service, "-", "")):
		return "an AWS client (" + name + ")"
	case strings.HasPrefix(module, "aws-sdk/clients/") && (name == "*" || name == "default" || name == "DocumentClient"):
		return "an AWS client (" + strings.TrimPrefix(module, "aws-sdk/clients/") + ")"
	case module == "aws-sdk" && isService(strings.TrimPrefix(name, "default.")):
		return "an AWS client (" + strings.TrimPrefix(name, "default.") + ")"
	}
	return named(constructors, module, name)
}

// made describes what a call of a known library makes.
func made(call *js.Node) string {
	module, name := exportOf(call.X)
	if strings.HasPrefix(module, "drizzle-orm/") && name == "drizzle" && len(call.List) > 0 && connects(call.List[0]) {
		return "a database client (drizzle)"
	}
	if module == "knex" && !slices.ContainsFunc(call.List, func(o *js.Node) bool { return o.Kind != js.Object || propertyOf(o, "connection") != nil }) {
		return "" // it only writes queries
	}
	return named(makers, module, name)
}

// credentialOptions are options of clients that hold credentials, which expire.
var credentialOptions = map[string]bool{
	"credentials": true, "accessKeyId": true, "secretAccessKey": true, "sessionToken": true, "accessToken": true, "token": true, "authProvider": true,
}

// lent reports whether a client has credentials that the function has just waited for: they expire,
// and the client with them.
func lent(client, fn *js.Node) (found bool) {
	var waited func(n *js.Node, depth int) bool
	waited = func(n *js.Node, depth int) (found bool) {
		if depth > maxNames || n.Kind == js.Unary && n.Name == "await" {
			return true
		}
		if n.Kind == js.Name && usesLocal(n, fn) {
			b := n.Scope.Find(n.Name)
			return slices.ContainsFunc(b.Writes, func(w js.Write) bool { return w.From != nil && waited(w.From, depth+1) })
		}
		n.Each(func(c *js.Node) { found = found || waited(c, depth+1) })
		return found
	}
	var look func(*js.Node)
	look = func(n *js.Node) {
		if n.Kind == js.Property && credentialOptions[n.Name] && n.Y != nil && waited(n.Y, 0) {
			found = true
		}
		n.Each(look)
	}
	for _, arg := range client.List {
		look(arg)
	}
	return found
}

// closed reports whether the code closes the client that it has made: it is meant to live
// for one invocation.
func closed(n *js.Node) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		switch p.Kind {
		case js.Unary, js.Call, js.Member:
			continue
		case js.Declare:
			if p.X.Kind != js.Name || p.X.Scope == nil {
				return false
			}
			b := p.X.Scope.Find(p.X.Name)
			return b != nil && slices.ContainsFunc(b.Refs, func(ref *js.Node) bool {
				m := ref.Parent
				if m == nil || m.Kind != js.Member || m.X != ref {
					return false
				}
				switch m.Name {
				case "end", "close", "destroy", "disconnect", "quit", "$disconnect":
					return true
				}
				return false
			})
		}
		return false
	}
	return false
}

// signers are functions, by module and export, that only take credentials and settings from a
// client: it opens no connection for them.
var signers = map[string]bool{"@aws-sdk/s3-request-presigner getSignedUrl": true, "@aws-sdk/s3-presigned-post createPresignedPost": true}

// idle reports whether a client is made for something that needs no connection: to sign URLs,
// or to read what it was made with.
func idle(n *js.Node) bool {
	p := n.Parent
	for of := n; p != nil && p.Kind == js.Member && p.X == of; p = p.Parent {
		of = p
		if next := p.Parent; next == nil || (next.Kind != js.Member || next.X != p) && (next.Kind != js.Call || next.X != p) {
			return true
		}
	}
	if signs(n) {
		return true
	}
	if p == nil || p.Kind != js.Declare || p.X.Kind != js.Name || p.X.Scope == nil {
		return false
	}
	b, used := p.X.Scope.Find(p.X.Name), false
	if b == nil {
		return false
	}
	for _, ref := range b.Refs {
		if ref == p.X {
			continue
		}
		if used = true; !signs(ref) {
			return false
		}
	}
	return used
}

// signs reports whether an expression is an argument of one of the signers.
func signs(n *js.Node) bool {
	call := n.Parent
	if call == nil || call.Kind != js.Call || call.X == n {
		return false
	}
	module, name := exportOf(call.X)
	return signers[module+" "+name]
}

// connects reports whether an argument says where to connect, rather than being a client
// that exists.
func connects(n *js.Node) bool {
	return n.IsPlainString() || n.Kind == js.Object || n.Kind == js.Member
}

func named(kinds map[string]string, module, name string) string {
	what := kinds[module+" "+name]
	if what == "" {
		what = kinds[module+" "+strings.TrimPrefix(name, "default.")]
	}
	if what == "" {
		return ""
	}
	if name == "*" || name == "default" {
		name = module
	}
	return what + " (" + strings.TrimPrefix(name, "default.") + ")"
}

// isService reports whether an export of the AWS SDK v2 is the class of a service,
// such as S3 or DynamoDB.DocumentClient.
func isService(name string) bool {
	name = strings.TrimSuffix(name, ".DocumentClient")
	switch name {
	case "", "Config", "Endpoint", "HttpRequest", "HttpResponse", "HttpClient", "NodeHttpClient", "Request", "Response",
		"Service", "Signers", "XML", "JSON":
		return false
	}
	return name[0] >= 'A' && name[0] <= 'Z' && !strings.Contains(name, ".") &&
		!strings.HasSuffix(name, "Credentials") && !strings.HasSuffix(name, "Chain")
}

// enclosingCall returns the call that takes a new client as an argument, such as
// one that adds tracing. Without such a call it returns n, the client itself.
func enclosingCall(n *js.Node) *js.Node {
	if p := n.Parent; p != nil && p.Kind == js.Call && p.X != n {
		return p
	}
	return n
}
