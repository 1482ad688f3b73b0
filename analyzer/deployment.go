package analyzer

// Deployment is what a manifest says about where and how a function runs. The artifact does
// not depend on it; package lint advises on it.
type Deployment struct {
	// RuntimeAt is where the manifest sets the runtime.
	RuntimeAt Position
	// End is when Lambda stops supporting the function's runtime.
	End RuntimeEnd
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
