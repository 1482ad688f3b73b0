package libraries

import (
	"maps"
	"slices"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/js"
	"github.com/featherpack/featherpack/packager/node/installed"
	"github.com/featherpack/featherpack/packager/node/linker"
)

// NameReaders are libraries that use the name of a class or function as data: a
// table, a GraphQL type, a route, an activity. Renaming a class then changes what
// the program does, although nothing in the code shows it. The value says what
// the library reads, and the source of that.
var NameReaders = map[string]string{
	"typeorm":                 "table and relation names come from class names; typeorm.io/docs/entity/entities",
	"@mikro-orm/core":         "entities are discovered by class name; mikro-orm.io/docs/deployment",
	"@nestjs/core":            "modules, controllers and providers are told apart by class name in logs and module tokens; docs.nestjs.com/faq/serverless",
	"@nestjs/graphql":         "GraphQL types are named by class; docs.nestjs.com/graphql/resolvers",
	"@nestjs/swagger":         "schemas are named by class; docs.nestjs.com/openapi/types-and-parameters",
	"class-transformer":       "discriminators may name classes; github.com/typestack/class-transformer",
	"sequelize":               "a model is named by its class unless modelName is given; sequelize.org/docs/v6/core-concepts/model-basics",
	"sequelize-typescript":    "a model is named by its class; github.com/sequelize/sequelize-typescript",
	"type-graphql":            "GraphQL types are named by class; typegraphql.com/docs/types-and-fields",
	"@typegoose/typegoose":    "a collection is named by its class; typegoose.github.io/typegoose/docs/guides",
	"objection":               "relations and errors name the model class; vincit.github.io/objection.js",
	"@loopback/core":          "binding keys hold class names; loopback.io/doc/en/lb4/Binding.html",
	"@temporalio/worker":      "activities and workflows are addressed by function name; docs.temporal.io/develop/typescript",
	"routing-controllers":     "controllers are described by class name; github.com/typestack/routing-controllers",
	"redis-errors":            "error classes are named by the server's answers; github.com/NodeRedis/redis-errors",
	"mongodb":                 "error names and options are read from constructors; github.com/mongodb/node-mongodb-native",
	"bookshelf":               "relations are named by model class; bookshelfjs.org",
	"@loopback/repository":    "a model is named by its class; loopback.io/doc/en/lb4/Model.html",
	"tsoa":                    "models are named by class; tsoa-community.github.io/docs",
	"@tsed/core":              "models and providers are named by class; tsed.dev/docs/providers.html",
	"inversify-express-utils": "controllers are registered by class name; github.com/inversify/inversify-express-utils",
}

// tracer is an application performance monitor that instruments packages by
// hooking require. Inside a bundle, packages are no longer required.
type tracer struct {
	name string
	// packages are the tracer's own npm packages, which must stay files too.
	packages []string
	// layers are parts of a layer's name or ARN, options parts of NODE_OPTIONS.
	layers, options []string
}

// tracers are the known ones, each with the page that says that bundling breaks it.
var tracers = []tracer{
	{"Datadog", []string{"dd-trace", "datadog-lambda-js"}, []string{":Datadog-Node", "Datadog-Node"}, []string{"dd-trace"}},
	// docs.datadoghq.com/tracing/trace_collection/automatic_instrumentation/dd_libraries/nodejs/#bundling
	{"OpenTelemetry", []string{"@opentelemetry/instrumentation", "@opentelemetry/auto-instrumentations-node"}, []string{":aws-otel-nodejs", ":opentelemetry-nodejs"}, []string{"@opentelemetry/", "/opt/wrapper"}},
	// github.com/open-telemetry/opentelemetry-js: instrumentation relies on require-in-the-middle
	{"New Relic", []string{"newrelic", "@newrelic/aws-sdk"}, []string{":NewRelicNodeJS"}, []string{"newrelic"}},
	// docs.newrelic.com/docs/apm/agents/nodejs-agent/installation-configuration/nodejs-agent-bundling
	{"Sentry", []string{"@sentry/aws-serverless", "@sentry/node", "@sentry/serverless", "@sentry/opentelemetry"}, []string{":SentryNodeServerlessSDK"}, []string{"@sentry/"}},
	// docs.sentry.io/platforms/javascript/guides/aws-lambda
	{"Elastic APM", []string{"elastic-apm-node"}, []string{":elastic-apm-node"}, []string{"elastic-apm-node"}},
	// elastic.co/docs/reference/apm/agents/nodejs/starting-agent
}

// hookedPackages are what these tracers instrument by name: the union of their
// documented lists of supported libraries, as far as they run in a function.
var hookedPackages = map[string]bool{
	"@apollo/server": true, "@aws-sdk/smithy-client": true, "@elastic/elasticsearch": true,
	"@google-cloud/pubsub": true, "@grpc/grpc-js": true, "@hapi/hapi": true, "@koa/router": true,
	"@node-redis/client": true, "@prisma/client": true, "@redis/client": true, "@smithy/core": true,
	"@smithy/smithy-client": true, "amqplib": true, "aws-sdk": true, "bluebird": true, "bunyan": true,
	"cassandra-driver": true, "connect": true, "express": true, "fastify": true, "graphql": true, "hono": true,
	"ioredis": true, "kafkajs": true, "knex": true, "koa": true, "koa-router": true, "langchain": true,
	"lru-memoizer": true, "memcached": true, "mongodb": true, "mongodb-core": true, "mongoose": true, "mysql": true,
	"mysql2": true, "openai": true, "oracledb": true, "pg": true, "pg-pool": true, "pino": true, "redis": true,
	"restify": true, "router": true, "socket.io": true, "tedious": true, "undici": true, "winston": true,
}

// hooks reports whether a tracer instruments the package.
func (t *tracer) hooks(name string) bool {
	return hookedPackages[name] || strings.HasPrefix(name, "@aws-sdk/client-")
}

// Instrumented returns the packages that must stay files because a tracer
// hooks require to instrument them, and the tracer itself with its name.
func Instrumented(f analyzer.Function, l *linker.Linked) (name string, packages []string) {
	tracer := tracerOf(f, l)
	if tracer == nil {
		return "", nil
	}
	found := map[string]bool{}
	for _, importer := range l.Reached {
		for _, im := range l.Inputs[importer].Imports {
			name := js.PackageName(im.Original)
			if name == "" || js.Builtin(im.Original) || im.External {
				continue
			}
			if slices.Contains(tracer.packages, name) || tracer.hooks(name) {
				found[name] = true
			}
		}
	}
	return tracer.name, slices.Sorted(maps.Keys(found))
}

// tracerOf returns the tracer that will be active in the function, nil if none:
// in its graph, in NODE_OPTIONS or in a layer.
func tracerOf(f analyzer.Function, l *linker.Linked) *tracer {
	names := map[string]bool{}
	for _, name := range l.Reached {
		if dir := installed.PackageDir(name); dir != "" {
			names[installed.NameOf(dir)] = true
		}
		for _, im := range l.Inputs[name].Imports {
			if im.External {
				names[js.PackageName(im.Path)] = true
			}
		}
	}
	names[js.PackageName(strings.TrimPrefix(f.Wrapper, "node_modules/"))] = true
	contains := func(parts []string, texts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool {
			return slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(text, part) })
		})
	}
	for i := range tracers {
		t := &tracers[i]
		inGraph := slices.ContainsFunc(t.packages, func(p string) bool { return names[p] })
		if inGraph || contains(t.layers, f.Layers...) || contains(t.options, f.Environment["NODE_OPTIONS"]) {
			return t
		}
	}
	return nil
}
