package analyzer

// Deployment is what a manifest says about where and how a function runs. The artifact does
// not depend on it; package lint advises on it.
type Deployment struct {
	// Region is the AWS region that it sets, "" for none or one that is not known.
	Region string
	// RuntimeAt is where the manifest sets the runtime.
	RuntimeAt Position
	// End is when Lambda stops supporting the function's runtime.
	End RuntimeEnd
	// TimeoutAt is where it sets the timeout, zero if it does not.
	TimeoutAt Position
	// StorageMB is the size of /tmp that it sets, 0 for none or one that is not known.
	StorageMB int
	StorageAt Position
	// Ready is the number of environments that provisioned concurrency keeps ready, 0 for
	// none or a number that is not known.
	Ready   int
	ReadyAt Position
	// TenantsAt is where it asks for environments that serve one tenant each, zero if it does
	// not.
	TenantsAt Position
	// EnvironmentOpen is set if its environment may have variables whose names are not known.
	EnvironmentOpen bool
	// Gateway is "HTTP API" or "REST API" if all events of the function are of that kind of
	// API Gateway and wait for its answer, with the gateway's default timeout. Else it is "".
	Gateway string
	// Warmers are what invokes the function only to keep an environment ready.
	Warmers []Warmer
	// Together names the other functions that the framework ships in one package with this
	// one, sorted.
	Together []string
	// Layered are packages that a layer of the project has, and that are bundled all the same,
	// because the function's own package.json lists them.
	Layered []LayeredPackage
}

// Warmer invokes a function at intervals to keep it warm.
type Warmer struct {
	// What is a clause such as "the plugin serverless-plugin-warmup".
	What string
	// Minutes is the interval, 0 if it is not known. Concurrency is how many environments it
	// keeps.
	Minutes, Concurrency int
	Position
}

// LayeredPackage is a package in a layer.
type LayeredPackage struct {
	Layer, Name string
	// Version is "" if the package is not installed yet.
	Version string
}

// PlainImage is a container image that only adds a function's files and packages to AWS's image
// for Node.
type PlainImage struct {
	// Dockerfile is its path. Runtime and Handler are what a zip would have.
	Dockerfile, Runtime, Handler string
	// Instead is what the manifest has for a zip, as a clause.
	Instead string
}

// RuntimeEnd has the dates, as YYYY-MM-DD, on which Lambda ends a runtime. A date is "" if it
// is not known. The zero value is a runtime whose end is not known.
type RuntimeEnd struct {
	// Deprecated is the end of security updates. From NoCreate on, no functions of the runtime
	// are created, and from NoUpdate on none are updated.
	Deprecated, NoCreate, NoUpdate string
	// Next is the runtime to move to.
	Next string
}
