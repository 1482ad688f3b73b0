package resolution

import "github.com/featherpack/featherpack/packager/node/installed"

// noteRead remembers that a module of the project was read for what a pass does to another.
func (r *Resolution) noteRead(asking, file string) {
	if r.packages.Files().Recorded() == nil || installed.PackageDir(file) != "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.reads[asking] == nil {
		r.reads[asking] = map[string]bool{}
	}
	r.reads[asking][file] = true
}

// ReadFor adds to inputs the project's own modules that were read for what the passes on
// load did to those in it. A module that hands others on may not be in the graph.
func (r *Resolution) ReadFor(inputs map[string]bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var queue []string
	for input := range inputs {
		queue = append(queue, input)
	}
	for i := 0; i < len(queue); i++ {
		for read := range r.reads[queue[i]] {
			if !inputs[read] {
				inputs[read] = true
				queue = append(queue, read)
			}
		}
	}
}
