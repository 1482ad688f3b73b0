package serverless

const MaxResolvedText = maxResolvedText

// Busy reports whether a variable is still being resolved.
func (r *Variables) Busy() bool { return len(r.stack) > 0 }
