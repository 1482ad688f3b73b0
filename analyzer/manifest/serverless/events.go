package serverless

import (
	"cmp"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// events reads what a function's events say about how it must answer, and what keeps it warm.
// Source: serverless.com/framework/docs/providers/aws/guide/events
func (s *reader) events(f *declared.Function, v *yamltree.Value) {
	s.warmup(f, v)
	list := s.Get(v, "events")
	if !list.Has() || list.Kind != yamltree.Sequence {
		return
	}
	var gateways declared.Gateways
	if s.Get(v, "url").Has() {
		gateways.Add("")
	}
	for _, item := range list.Items {
		event := s.Resolve(item)
		if event == nil || event.Kind != yamltree.Mapping || len(event.Keys) != 1 {
			gateways.Add("")
			continue
		}
		at, of := event.Keys[0], s.Resolve(event.Items[0])
		switch at.Name {
		case "httpApi":
			gateways.Add(declared.HTTPAPI)
		case "http":
			gateways.Add(s.restEvent(of))
		case "schedule":
			gateways.Add("")
			if of != nil && of.Kind == yamltree.Mapping {
				f.AddSchedule(s.rate(s.Get(of, "rate")), s.Get(of, "input"), at.At)
			}
		default:
			gateways.Add("")
		}
	}
	f.Deployment.Gateway = gateways.Kind()
}

// restEvent is the kind of an event of a REST API, "" if it does not wait for the function or
// sets a timeout or a stream of its own.
func (s *reader) restEvent(v *yamltree.Value) string {
	own := s.Get(s.Get(s.provider, "apiGateway"), "timeoutInMillis").Has()
	for _, key := range []string{"async", "timeoutInMillis", "response", "integration", "connectionType"} {
		own = own || v != nil && v.Kind == yamltree.Mapping && s.Get(v, key).Has()
	}
	if own || v.Unknown() {
		return ""
	}
	return declared.RESTAPI
}

// rate is a schedule's rate: the first one of a list.
func (s *reader) rate(v *yamltree.Value) *yamltree.Value {
	if v != nil && v.Kind == yamltree.Sequence && len(v.Items) == 1 {
		return s.Resolve(v.Items[0])
	}
	return v
}

// warmup reads the settings of serverless-plugin-warmup: whether one of its warmers is on for
// a function. Those of some stages only are left out.
// Source: github.com/juanjoDiaz/serverless-plugin-warmup
func (s *reader) warmup(f *declared.Function, v *yamltree.Value) {
	if !s.hasPlugin("serverless-plugin-warmup") {
		return
	}
	warmers := s.Get(s.Get(s.Root, "custom"), "warmup")
	if warmers == nil || warmers.Kind != yamltree.Mapping {
		return
	}
	for i, k := range warmers.Keys {
		warmer := s.Resolve(warmers.Items[i])
		if warmer == nil || warmer.Kind != yamltree.Mapping {
			continue
		}
		own := s.Get(s.Get(v, "warmup"), k.Name)
		enabled := s.Get(own, "enabled")
		if !enabled.Has() {
			enabled = s.Get(warmer, "enabled")
		}
		if on, known := enabled.Truth(); !known || !on || enabled.Unknown() {
			continue
		}
		minutes := 5 // the plugin's default
		if schedules := s.Get(warmer, "events"); schedules.Has() {
			minutes = 0
			if schedules.Kind == yamltree.Sequence && len(schedules.Items) == 1 {
				minutes = declared.Minutes(s.Get(s.Resolve(schedules.Items[0]), "schedule"))
			}
		}
		concurrency := declared.Known(s.Get(own, "concurrency"))
		f.Deployment.Warmers = append(f.Deployment.Warmers, analyzer.Warmer{
			What: "serverless-plugin-warmup", Minutes: minutes, Position: k.At,
			Concurrency: cmp.Or(concurrency, declared.Known(s.Get(warmer, "concurrency")), 1),
		})
	}
}

// hasPlugin reports whether the service uses a plugin.
func (s *reader) hasPlugin(name string) bool {
	for _, used := range s.plugins() {
		if used == name {
			return true
		}
	}
	return false
}

// plugins are the names of the service's plugins, as far as they are known.
func (s *reader) plugins() (names []string) {
	v := s.Get(s.Root, "plugins")
	if v != nil && v.Kind == yamltree.Mapping {
		v = s.Get(v, "modules")
	}
	if v == nil || v.Kind != yamltree.Sequence {
		return nil
	}
	for _, item := range v.Items {
		if name := s.Resolve(item); name.Scalar() {
			names = append(names, name.Text)
		}
	}
	return names
}
