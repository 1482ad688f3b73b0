package linker

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/evanw/esbuild/pkg/api"
)

// Pool keeps contexts from one build to the next, with what they have parsed. Each build
// has plugins of its own: a context calls those of the build that uses it. The zero value
// works. It is for one goroutine.
type Pool struct {
	free []*Linker // the latest last
}

// maxKept is how many contexts are kept.
const maxKept = 6

// Take is [New] with a context that an earlier build has returned, if one has the same
// options and slots enough. [Linker.Close] returns it. A nil pool makes a new one each time.
func (p *Pool) Take(root string, o api.BuildOptions, size int) (*Linker, error) {
	if p == nil {
		return New(root, o, size)
	}
	s := plug(o.Plugins)
	o.Plugins = nil
	key := sha256.Sum256(fmt.Appendf(nil, "%#v %s", o, s.shape()))
	for i, l := range slices.Backward(p.free) {
		if l.key == key && l.size >= size {
			p.free = slices.Delete(p.free, i, i+1)
			l.sockets.use(s)
			return l, nil
		}
	}
	o.Plugins = s.plugins()
	l, err := New(root, o, size)
	if err != nil {
		return nil, err
	}
	l.pool, l.key, l.sockets = p, key, s
	return l, nil
}

// give takes a linker back, and reports whether it is kept.
func (p *Pool) give(l *Linker) bool {
	if l.Full() {
		return false
	}
	if len(p.free) == maxKept {
		p.free[0].end()
		p.free = slices.Delete(p.free, 0, 1)
	}
	p.free = append(p.free, l)
	return true
}

// Close ends all contexts.
func (p *Pool) Close() {
	for _, l := range p.free {
		l.end()
	}
	p.free = nil
}

// sockets are plugins whose callbacks can be exchanged for others of the same kinds.
type sockets struct{ all []*socket }

type socket struct {
	name     string
	calls    []call
	resolves func(string, api.ResolveOptions) api.ResolveResult // the context's
}

// call is a callback, for requests or for modules.
type call struct {
	request           bool // else a module
	filter, namespace string
	resolve           func(api.OnResolveArgs) (api.OnResolveResult, error)
	load              func(api.OnLoadArgs) (api.OnLoadResult, error)
}

// plug sets plugins up.
func plug(plugins []api.Plugin) *sockets {
	s := &sockets{}
	for _, p := range plugins {
		one := &socket{name: p.Name}
		p.Setup(api.PluginBuild{
			Resolve: func(path string, o api.ResolveOptions) api.ResolveResult { return one.resolves(path, o) },
			OnResolve: func(o api.OnResolveOptions, f func(api.OnResolveArgs) (api.OnResolveResult, error)) {
				one.calls = append(one.calls, call{request: true, filter: o.Filter, namespace: o.Namespace, resolve: f})
			},
			OnLoad: func(o api.OnLoadOptions, f func(api.OnLoadArgs) (api.OnLoadResult, error)) {
				one.calls = append(one.calls, call{filter: o.Filter, namespace: o.Namespace, load: f})
			},
		})
		s.all = append(s.all, one)
	}
	return s
}

// shape is what plugins must have in common to be exchanged.
func (s *sockets) shape() (shape string) {
	for _, one := range s.all {
		shape += fmt.Sprintf("%q:", one.name)
		for _, c := range one.calls {
			shape += fmt.Sprintf("%v %q %q,", c.request, c.filter, c.namespace)
		}
	}
	return shape
}

// use exchanges the callbacks for those of other plugins of the same shape.
func (s *sockets) use(other *sockets) {
	for i, one := range s.all {
		other.all[i].resolves = one.resolves
		one.calls = other.all[i].calls
	}
}

// plugins are what esbuild is given.
func (s *sockets) plugins() (plugins []api.Plugin) {
	for _, one := range s.all {
		plugins = append(plugins, api.Plugin{Name: one.name, Setup: func(build api.PluginBuild) {
			one.resolves = build.Resolve
			for i, c := range one.calls {
				if c.request {
					build.OnResolve(api.OnResolveOptions{Filter: c.filter, Namespace: c.namespace}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
						return one.calls[i].resolve(args)
					})
				} else {
					build.OnLoad(api.OnLoadOptions{Filter: c.filter, Namespace: c.namespace}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
						return one.calls[i].load(args)
					})
				}
			}
		}})
	}
	return plugins
}
