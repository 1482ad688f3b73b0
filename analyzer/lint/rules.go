package lint

// Rules lists every rule, in the order in which they run.
func Rules() []Rule {
	return []Rule{
		{Code: "whole-package", Kind: Size, module: (*module).wholePackage, Title: "a package that is bundled whole",
			Explain: "Some packages are one large CommonJS file, or hang every function on one object. No bundler can tell which part of them is used, " +
				"so all of it is downloaded, parsed and run in every cold start. Most have a modular twin, or the language now has what they offer. " +
				"The saving is measured by a build that imports the parts in use, such as lodash/pick, where each use is known. Otherwise it is measured by a build without the package: a replacement adds its own size."},
		{Code: "required-whole", Kind: Size, function: (*function).requiredWhole, Title: "a CommonJS package that is loaded whole for a few of its members",
			Explain: "A package of CommonJS modules cannot be tree-shaken: its entry point requires all of them. Many such packages have a file for each member, which package.json lets others load, such as date-fns/format, validator/lib/isEmail or ramda/src/pick. " +
				"The rule is given where every member that the function's own modules use has such a file. It is silent where the package is handed on as a value, or another package loads all of it. " +
				"The saving is measured by a build that loads those files. An import in an ES module does the same without a list of files, where the package has ES modules too."},
		{Code: "meta-package", Kind: Size, module: (*module).metaPackage, Title: "a package that brings many others, of which few are used",
			Explain: "Some packages are a collection: every service of a cloud, every instrumentation, or a browser's installer. Where a package or an entry point of its own has all that the code uses, that one loads less. The rule has a short table of such packages, " +
				"and is given only where each use in the module is covered: it is silent where the package is handed on as a value, or a member is used that the table does not have. Types of TypeScript do not count, since they are not bundled. " +
				"The saving is measured by a build that imports the parts in use, where they are installed. Otherwise it is measured by a build without the package: what takes its place adds its own size."},
		{Code: "locales-bundled", Kind: Size, module: (*module).localesBundled, Title: "locales that nothing uses",
			Explain: "require(\"date-fns/locale\") loads about a hundred locales, whichever of them the code takes out. Each has an entry point of its own, such as date-fns/locale/de. An import of single names can be tree-shaken and is left alone; so is a require " +
				"whose value is handed on or indexed, since any locale may be asked for. The saving is measured by a build that requires the locales in use instead. The build by itself leaves out the locales of moment that nothing names."},
		{Code: "encodings-bundled", Kind: Size, function: (*function).encodingsBundled, Title: "tables of encodings that requests seldom use",
			Explain: "express and body-parser read the bodies of requests with iconv-lite, which has tables for the encodings of East Asia and for code pages. They are more than half of a small function with express, and a body of JSON may only be UTF-8 there. " +
				"Node's TextDecoder has the usual ones without a table. A module of a few lines gives it the functions that these packages call; build.alias puts it in iconv-lite's place. The rule is silent where anything else imports iconv-lite, such as mysql2. The saving is measured by a build with such a module."},
		{Code: "aws-sdk-v2", Kind: Size, module: (*module).awsSDKv2, Title: "the AWS SDK for JavaScript v2",
			Explain: "Version 2 has one client for every service of AWS in one package of tens of megabytes, is no longer in the runtimes since Node 18, and has been out of support since " +
				"September 2025. The clients of version 3 are packages of their own and can be tree-shaken. aws-sdk/clients/NAME is a first step: it loads one service of version 2. " +
				"The saving is measured by a build that imports those, where each use is known."},
		{Code: "sdk-credentials", Kind: Size, families: "Node", Title: "credential providers of the AWS SDK that Lambda never uses",
			Explain: "A client of the AWS SDK v3 looks for credentials in the environment, in configuration files, with SSO, in a helper process, with a web identity token and over HTTP. On Lambda they are in the environment, " +
				"or come over HTTP in containers and with SnapStart. build.sdkCredentials: lambda leaves the others out; using one of them is then an error that names the setting. The saving is measured by a build with the setting."},
		{Code: "namespace-kept", Kind: Size, module: (*module).namespaceKept, Title: "a namespace that is used as a value",
			Explain: "import * as X can be tree-shaken while the code only uses members of X by name. If X itself is passed on, or a member is computed, every export may be " +
				"used, so every export ships."},
		{Code: "replaceable-package", Kind: Size, module: (*module).replaceablePackage, Title: "a package for what Node does by itself",
			Explain: "The list of e18e's module-replacements names small packages that the language or Node has replaced since, such as is-finite or object.values. It is given only where the " +
				"project's own code imports nothing else of the package and only calls it, and where the function's runtime has the replacement. Packages with odd edge cases are among them, so look at the calls."},
		{Code: "package-twice", Kind: Size, function: (*function).packageTwice, Title: "a package that is in the bundle in several copies",
			Explain: "Two dependencies ask for versions that do not agree, or the installation was never deduplicated, so two copies of one package ship, load and take memory. Copies that are equal to the byte are " +
				"merged by the build where nothing can tell; these differ, or find other packages below them. npm dedupe helps where the ranges allow one version, an update of the older dependant or an override where they do not."},
		{Code: "both-formats", Kind: Size, function: (*function).bothFormats, Title: "a package that is in the bundle in both formats",
			Explain: "A package that has a CommonJS and an ES module build is loaded twice where one module imports it and another requires it. The two halves share nothing: classes of one are not instanceof those of the other, and caches and " +
				"registries exist twice. The build takes one of them where that is safe. The rule is silent for a package whose ES modules are a wrapper of its CommonJS code."},
		{Code: "polyfill-bundled", Kind: Size, module: (*module).polyfillBundled, Title: "a polyfill for what Node has",
			Explain: "An import such as array.prototype.at/auto adds a method where it is missing. Lambda's Node has had most of them for years, so the polyfill and the packages that it needs load for nothing. The rule knows the native replacements of " +
				"e18e's module-replacements, single features of core-js, and the polyfills of Intl of FormatJS with their locales. It is silent where the import's value is used, and for entry points of many features, which grow with the language. The saving is measured by a build without the package."},
		{Code: "dev-tool-bundled", Kind: Size, function: (*function).devToolBundled, Title: "a developer's tool in the bundle",
			Explain: "Compilers, test runners and bundlers are large and of no use to a request. Usually one import of a helper, of a type or of a configuration file drags one in. The import chain shows where."},
		{Code: "reflect-method", Kind: Size, program: (*program).reflectMethod, Title: "methods that are looked up by reflection",
			Explain: "Go's linker drops methods that nothing calls. A call of reflect's Method or MethodByName with a name that is not a constant makes it keep every exported " +
				"method of every type that the program uses. The saving is measured by a build without the lookup."},
		{Code: "lambda-norpc", Kind: Size, program: (*program).lambdaNoRPC, Title: "net/rpc for a runtime that has ended",
			Explain: "aws-lambda-go carries net/rpc, and with it a template engine, for the go1.x runtime. Functions on provided.al2 and provided.al2023 never use it. " +
				"featherpack sets the build tag by itself, unless the project's own tags say otherwise."},
		{Code: "template-reached", Kind: Size, program: (*program).templateReached, Title: "text/template in the program",
			Explain: "text/template calls methods by names that it reads from templates, so the linker must keep every exported method of every type in use. One small dependency " +
				"that formats a message with a template can cost a third of a program."},
		{Code: "json-v2", Kind: Size, program: (*program).jsonV2, Title: "encoding/json on top of encoding/json/v2",
			Explain: "Some toolchains build encoding/json on its successor, which is larger. GOEXPERIMENT=nojsonv2 builds the older code. What it saves is measured."},
		{Code: "build-tag", Kind: Size, program: (*program).buildTag, Title: "a build tag that leaves code out", // skips tags that rules above proposed
			Explain: "Libraries offer build tags that leave out what few programs need, such as drivers, codecs or debug pages. The tags that the linked packages understand are tried, " +
				"and those that save bytes are shown."},
		{Code: "blank-import", Kind: Size, program: (*program).blankImport, Title: "an import only for its side effects",
			Explain: "import _ \"x\" links x for what its init function registers: a driver, a codec, a profiler. If nothing asks for what it registers, all of it is dead weight."},
		{Code: "heavy-dependency", Kind: Size, program: (*program).heavyDependency, Title: "a dependency that is large for what is used of it",
			Explain: "The project calls one or two functions of a package that, with what only it needs, makes up a large part of the program. The saving is measured with an empty " +
				"package in its place: a replacement adds its own size."},
		{Code: "embedded-not-read", Kind: Size, source: (*sourcePackage).embeddedNotRead, Title: "embedded files that nobody reads",
			Explain: "go:embed puts every file that its pattern matches into the program, read or not."},
		{Code: "init-work", Kind: Load, source: (*sourcePackage).initWork, Title: "work in package variables",
			Explain: "Package variables are set before main starts, in every cold start, whether the request needs them or not. sync.OnceValue does the work on first use."},
		{Code: "body-not-closed", Kind: Latency, source: (*sourcePackage).bodyNotClosed, Title: "a response body that is not closed",
			Projected: "a new connection is 2 to 3 round trips more for each request, projected from TCP and TLS 1.3 or 1.2", ProjectedFrom: "https://www.rfc-editor.org/rfc/rfc8446#section-2",
			Explain: "Go's HTTP client can use a connection again only after the response body is read to its end and closed. Otherwise each request pays for a new connection and TLS handshake."},
		{Code: "body-not-read", Kind: Latency, source: (*sourcePackage).bodyNotRead, Title: "a response body that is closed before it is read",
			Projected: "a new connection is 2 to 3 round trips more for each request, projected from TCP and TLS 1.3 or 1.2", ProjectedFrom: "https://www.rfc-editor.org/rfc/rfc8446#section-2",
			Explain: "A body that is closed with unread data closes its connection too. Read the rest to io.Discard first."},
		{Code: "keep-alive-off", Kind: Latency, module: (*module).keepAliveOff, function: (*function).keepAliveByDefault, source: (*sourcePackage).keepAliveOff, Title: "connections that are not kept alive",
			Projected: "a new connection is 2 to 3 round trips more for each request, projected from TCP and TLS 1.3 or 1.2", ProjectedFrom: "https://www.rfc-editor.org/rfc/rfc8446#section-2",
			Explain: "A new connection costs a round trip, and TLS one or two more, before the first byte of the request. The global agents of Node 19 and later, the AWS SDK v3 and Go's default transport keep connections " +
				"alive by default, and a kept connection survives between invocations. Code that turns it off pays in every request. So does new https.Agent() without keepAlive: true, which is off on every version of Node; the rule speaks where such an agent " +
				"is handed to a request, to axios, got, node-fetch, superagent or a client of AWS, or to an instance such as axios.create() or got.extend(), and to nothing else, or takes the place of https.globalAgent. It also knows the header Connection: close, pipelining: 0 and reset: true of undici, the versions of node-fetch that close each connection, and the AWS SDK v2, " +
				"which needs AWS_NODEJS_CONNECTION_REUSE_ENABLED=1 on every version of Node."},
		{Code: "client-in-handler", Kind: Latency, function: (*function).clientInHandler, source: (*sourcePackage).clientInHandler, Title: "a client that every invocation creates",
			Projected: "a new connection is 2 to 3 round trips more for each invocation, projected from TCP and TLS 1.3 or 1.2", ProjectedFrom: "https://www.rfc-editor.org/rfc/rfc8446#section-2",
			Explain: "Code outside the handler runs once in each execution environment; the handler runs for every request. A client that is created in the handler resolves credentials, opens connections " +
				"and shakes hands again each time. Create it outside, or on first use, and keep it. The rule follows what the handler calls through functions, classes, factories, " +
				"middlewares, routes of web frameworks, resolvers of GraphQL and controllers of Nest. It says nothing where the client depends on the event, is kept for later invocations, or where the code closes it."},
		{Code: "fetched-per-invocation", Kind: Latency, function: (*function).fetchedPerInvocation, Title: "configuration, secrets or tokens that every invocation fetches",
			Projected: "each invocation waits for one request more; a million requests are USD 0 (standard parameters, tokens) to 5 (Secrets Manager), by list prices", ProjectedFrom: "https://aws.amazon.com/secrets-manager/pricing/",
			Explain: "A parameter, a secret, an access token or a set of signing keys is the same for minutes or days. Fetched in every invocation it costs a request each, in latency, in money for the call and against the " +
				"service's rate limit. Keep it with the time at which it was fetched: Powertools' parameters do so for five seconds by default and for as long as maxAge says, the Parameters and " +
				"Secrets extension does so for any language, and a promise outside the handler does it with four lines of code."},
		{Code: "cached-for-ever", Kind: Failures, function: (*function).cachedForEver, Title: "a secret that is kept without an end",
			Explain: "An execution environment can live for hours. A secret or a token that is fetched once and kept for all of them goes on being used after its source has rotated it, until requests fail. " +
				"Keep the time with it, and fetch again when it is old or was refused."},
		{Code: "read-per-invocation", Kind: Latency, function: (*function).readPerInvocation, Title: "a file that every invocation reads",
			Explain: "Files in the package do not change. A template, a certificate or a table that the handler reads with readFileSync or readFile is read and parsed for every request. Read it once, outside the handler."},
		{Code: "compiled-per-invocation", Kind: Latency, function: (*function).compiledPerInvocation, Title: "a schema or a template that every invocation compiles",
			Explain: "Ajv writes and compiles a function for a schema, and pug, ejs, Handlebars and lodash one for a template. That takes milliseconds, and more where CPU is scarce. The handler that does it pays for it in every request. " +
				"Compile it once, outside the handler; Ajv's standalone code and pug's compileClient do it at build time. The rule is silent where the schema or the template depends on the event, and where what is compiled is kept."},
		{Code: "promise-not-awaited", Kind: Failures, function: (*function).promiseNotAwaited, Title: "work that nobody waits for",
			Explain: "When an async handler returns, Lambda freezes the execution environment. What was started and not awaited goes on when the next invocation thaws it, possibly much later, or never; its errors are seen by nobody. " +
				"list.forEach(async ...) is a usual case: forEach returns before the first await. So is fetch() at the end, with .catch() or without. The rule knows requests, the AWS SDK, promises of Node, and async functions of the project that certainly wait. It is silent " +
				"where the promise is kept or handed on, where its code answers the request, for handlers with a callback or without an answer, and for streamed responses."},
		{Code: "exit-in-handler", Kind: Failures, function: (*function).exitInHandler, Title: "process.exit while an invocation runs",
			Explain: "process.exit ends the runtime: the invocation fails with Runtime.ExitError, kept connections are lost, and the next request is a cold start. Return an answer, or throw."},
		{Code: "timer-at-load", Kind: Failures, function: (*function).timerAtLoad, Title: "a timer, a listener or a connection that keeps a callback handler waiting",
			Explain: "A handler that answers by its callback is done when the event loop is empty. A setInterval outside the handler never ends, and neither do a function that sets a timer for itself, a watcher of files and a schedule. A connection of mongoose, MongoDB, PostgreSQL, MySQL or Redis stays open. So each invocation lasts until its timeout, and is billed for it. " +
				"Call unref() on the timer, or set context.callbackWaitsForEmptyEventLoop to false. Async handlers are not concerned."},
		{Code: "work-at-load", Kind: Load, function: (*function).workAtLoad, Title: "slow work before the first request",
			Explain: "Code outside the handler runs in every cold start, before the first request is answered. Since August 2025 this time is billed for every kind of package, so it is not free either. Deriving keys, hashing passwords " +
				"or starting another program takes tens to hundreds of milliseconds, compiling a template or reading a large file some: do it when the package is built, or on first use. On first use, mind that below 1,769 MB a handler has less than one CPU. " +
				"The rule follows the functions, methods and classes that the top of a module calls for certain, but not past a condition, a loop or an await. Regular expressions are not advised against: V8 compiles one when it is first used, and a thousand new ones took 1.1 to 1.7 ms in measurements."},
		{Code: "server-at-load", Kind: Load, function: (*function).serverAtLoad, Title: "a server that listens on a port when the function is loaded",
			Explain: "Lambda hands each event to the handler; no request ever reaches a port of the function. A file that serves both a developer's machine and Lambda often calls app.listen() for both. On Lambda that costs load time in each cold start, and a handler that answers by its " +
				"callback is not done while the server listens, so each invocation lasts until its timeout and is billed for it. The rule knows the servers of Node, express, fastify, koa, polka, restify, hapi, NestJS, Apollo, Hono and ws. They must listen at the top of a module that is certainly loaded, or in functions that it calls, such as bootstrap(). It is silent under any condition, " +
				"for sockets in the file system, and where the code seems to send requests to the server itself."},
		{Code: "runtime-ending", Kind: Support, settings: (*settings).runtimeEnding, Title: "a runtime that Lambda has ended, or ends soon",
			Explain: "Lambda ends a runtime in three steps: security updates stop, then no functions of it can be created, then none can be updated. Functions go on running, but the day on which a fix must be deployed is the wrong one " +
				"to learn of the last step. The rule speaks 180 days before the first step, as AWS's own notices do. featherpack check --runtimes runs the same zip and events on the next runtime. " +
				"The day is today's, or that of SOURCE_DATE_EPOCH where that is set."},
		{Code: "packaged-together", Kind: Size, settings: (*settings).packagedTogether, Title: "one package for several functions",
			Explain: "Unless they are told otherwise, Serverless, SAM and an archive in Terraform put the whole folder into every function's package: the code and the packages of all functions. Each downloads and unpacks them in every cold start, and " +
				"a change of one function deploys all. package.individually alone does not help, since the folder is the same; what each function loads has to be found. The rule is silent where a plugin or a build method bundles. " +
				"The bytes are those that only the other functions load, as featherpack builds them."},
		{Code: "provisioned-concurrency", Kind: Price, settings: (*settings).provisionedConcurrency, Title: "environments that are kept ready, and what that buys",
			Explain: "Provisioned concurrency starts environments before requests need them, and is paid for as long as it is set, used or not. It was often bought for a package that took seconds to load. The advice names its price per month and what a cold " +
				"start of today's package is projected to take; whether requests may wait that long is for you to say. Lambda has SnapStart for Java, Python and .NET, and not for Node and Go."},
		{Code: "scheduled-warmer", Kind: Price, settings: (*settings).scheduledWarmer, Title: "invocations that only keep a function warm",
			Explain: "A ping every few minutes keeps one environment, or as many as ping at once, and Lambda may still replace it. Two requests at the same time need two environments, so the second one starts cold all the same. The pings cost little; they help " +
				"functions with little traffic, and hide how long a start takes. Look at what a cold start of today's package is projected to take first."},
		{Code: "timeout-beyond-gateway", Kind: Price, settings: (*settings).timeoutBeyondGateway, Title: "a timeout that outlasts API Gateway",
			Explain: "An HTTP API waits 30 s for a function, a REST API 29 s unless a quota and the integration say otherwise. The client gets an error then, while the function goes on until its own timeout and is billed for it. The rule is silent where " +
				"the function has other events or a URL, where the event is asynchronous or streams, and where the integration has a timeout of its own."},
		{Code: "tenant-isolation", Kind: Load, settings: (*settings).tenantIsolation, Title: "environments that serve one tenant each",
			Explain: "With TenantIsolationMode: PER_TENANT Lambda never uses an environment for two tenants. A function with a thousand tenants that each ask once an hour starts cold about a thousand times an hour, where a shared one would start a few times. " +
				"The rule speaks only where the template sets it, and says what a cold start of today's package is projected to take."},
		{Code: "storage-unused", Kind: Price, settings: (*settings).storageUnused, Title: "a larger /tmp that nothing can write to",
			Explain: "Lambda includes 512 MB of /tmp; more is paid per second of execution. The rule speaks only where no module of the bundle, other than the AWS SDK's readers of configuration, imports what writes files or starts programs."},
		{Code: "init-too-long", Kind: Failures, families: "Node, Go", Title: "a start that does not fit into the init phase",
			Explain: "Lambda ends the init phase of an on-demand function after 10 seconds and starts over within the invocation, whose timeout then counts. If loading takes longer than both, the function never answers, and every attempt is billed. More memory is more CPU: " +
				"loading at 128 MB takes as much as fourteen times longer than at 1,769 MB. The time is projected from a load that build --boot has measured, and the advice is given only where even the lower end is too long: by size alone no load is projected to last that long."},
		{Code: "layer-duplicate", Kind: Size, families: "Node", Title: "a package that is in a layer and in the zip",
			Explain: "Node looks for a package beside the code first, so the copy in the zip is loaded and the one in the layer is only downloaded and unpacked. build.external leaves it to the layer; or take it out of the layer. " +
				"The saving is measured by a build with the setting."},
		{Code: "loaded-for-errors", Kind: Load, module: (*module).loadedForErrors, Title: "a package that only error handling uses, loaded at start",
			Explain: "A module that is imported at the top is loaded in every cold start. If only a catch clause uses it, such as a reporter or a formatter of errors, it can be loaded there, and the starts without a failure save it. This moves the cost and does not remove it: " +
				"the failing request waits for the load, and below 1,769 MB a handler has less than one CPU, while the init phase may have more. The rule speaks where the package or module is large, nothing else of the function loads it, and each use of it is in a catch clause, or in a function that only catch clauses call."},
		{Code: "loaded-for-one-route", Kind: Load, module: (*module).loadedForOneRoute, Title: "a package that only one of several routes uses, loaded at start",
			Explain: "A function with several routes, or that does one of several things, loads at start what any of them needs. A package or a module of the project that only one of them uses, such as one that draws a PDF, can be loaded there, and the other cold starts save it. This moves the cost and does not remove it: " +
				"the first request that takes that way waits for the load, and below 1,769 MB a handler has less than one CPU, while the init phase may have more. So follow it where few requests take that way; a function of its own for them is another answer. The rule speaks where at least 64 KiB are loaded by this import alone, and each use is " +
				"in one route of a web framework, in one entry of a table of functions, or where something of the request is equal to one of at least three strings. For packages that make documents, images and archives one string is enough. It is silent for functions whose environments are kept ready or start from a snapshot."},
		{Code: "licence-unclear", Kind: Licence, families: "Node", Title: "a package whose licence grants nothing, or is not named",
			Explain: "Code without a licence may not be copied or passed on, whoever published it. A zip is a copy, and one that a customer or another account deploys is passed on. The rule looks at packages of the public registries that are in the bundle: UNLICENSED, a licence of " +
				"their own, one that limits the use, or none at all, also not in the package's files. Packages of a private registry are somebody's own, and are left out. Whether you may use one is not for featherpack to say."},
		{Code: "image-for-zip", Kind: Load, families: "Node", Title: "a container image for what a zip holds",
			Explain: "A container image is for what a zip cannot hold: more than 250 MB, system libraries, a runtime of your own. One whose Dockerfile only copies files onto AWS's image for Node and installs packages has none of these, and gives up that Lambda patches the runtime and " +
				"tells you of its end. Neither can featherpack bundle it. The rule reads the Dockerfile that a SAM template, provider.ecr.images of Serverless, or a synthesized CDK app names (featherpack advise cdk.out); any other instruction, stage, base image or argument silences it. Nothing is known of an image from a registry."},
		{Code: "memory-default", Kind: Price, settings: (*settings).memoryDefault, Title: "a function with the smallest memory, since none is set",
			Explain: "Memory is also CPU: a function has one CPU at 1,769 MB, and a fourteenth of one at Lambda's default of 128 MB. Loading modules is work of the CPU, so a cold start that takes 100 ms at " +
				"1,769 MB takes more than a second at 128 MB, and since August 2025 it is billed. The price per millisecond is in proportion to the memory, so more memory often costs the same and answers sooner. " +
				"AWS Lambda Power Tuning finds the size that costs least. A function in a VPC does not start later for it: since 2019 its network interface is made when it is deployed."},
		{Code: "memory-untuned", Kind: Price, families: "Node, Go", Title: "a memory size that a measurement found too small or too large",
			Explain: "AWS Lambda Power Tuning runs the deployed function at several memory sizes and names the one that is cheapest, fastest or balanced, as it was asked. Give its output with --power-tuning, or in featherpack.yaml " +
				"below coldStart, and the size is compared with the manifest's and priced. AWS Compute Optimizer learns a size from the invocations of some weeks: give what aws compute-optimizer " +
				"get-lambda-function-recommendations prints with --compute-optimizer. Its sizes count only for functions whose deployed memory is the manifest's. What Power Tuning measured comes first."},
		{Code: "arm64-possible", Kind: Price, settings: (*settings).arm64Possible, Title: "a function on x86_64 that holds nothing only for it",
			Explain: "A millisecond on arm64 is a fifth cheaper than on x86_64 at the same memory, and most code is as fast or faster there. JavaScript does not mind, and Go programs without cgo are built for it by a setting. " +
				"The rule is silent where the zip holds a native addon or another program, where layers are used, and with cgo."},
		{Code: "source-maps-at-start", Kind: Load, settings: (*settings).sourceMapsAtStart, Title: "source maps that Node reads at run time",
			Explain: "--enable-source-maps in NODE_OPTIONS makes Node look for a map for every module, and parse it when the first error is told. A map is larger than its bundle: it makes the zip twice as large, and parsing it takes tens of " +
				"milliseconds of the invocation that fails. A map beside the zip serves the same stack trace later."},
		{Code: "extension-at-start", Kind: Load, settings: (*settings).extensionAtStart, Title: "a monitoring extension that starts before the function's code",
			Explain: "An external extension is a process of its own in the execution environment. Lambda starts it before the runtime, and the init phase ends when it is ready too; it shares memory and CPU with the function. A layer of OpenTelemetry with AWS_LAMBDA_EXEC_WRAPPER loads its " +
				"instrumentation before the handler as well. None of that is in the package, so featherpack neither measures nor projects it. Init Duration in the logs has it: deploy the function once with the layer and once without it, and compare some tens of cold starts. The rule knows the public layers of " +
				"Lambda Insights, Datadog, New Relic and OpenTelemetry by their ARN, and says nothing about layers of the project, or of functions whose environments are kept ready or start from a snapshot."},
	}
}

// Codes lists the codes of all rules.
func Codes() (all []string) {
	for _, r := range Rules() {
		all = append(all, r.Code)
	}
	return all
}
