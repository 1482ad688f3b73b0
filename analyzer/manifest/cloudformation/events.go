package cloudformation

import (
	"github.com/featherpack/featherpack/analyzer/manifest/declared"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// events reads what the events of a SAM function say about how it must answer, and which
// schedules keep it warm. Source:
// docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-function-eventsource.html
func (t *template) events(f *declared.Function, properties *yamltree.Value) {
	events := t.Resolve(properties.Get("Events"))
	if events == nil || events.Kind != yamltree.Mapping {
		return
	}
	var gateways declared.Gateways
	if t.Resolve(properties.Get("FunctionUrlConfig")).Has() {
		gateways.Add("")
	}
	for i, k := range events.Keys {
		event := t.Resolve(events.Items[i])
		kind, of := t.Resolve(event.Get("Type")), t.Resolve(event.Get("Properties"))
		switch {
		case !kind.Scalar():
			gateways.Add("")
		case kind.Text == "HttpApi" && !of.Get("TimeoutInMillis").Has():
			gateways.Add(declared.HTTPAPI)
		case kind.Text == "Api" && !of.Get("TimeoutInMillis").Has() && !of.Get("ResponseTransferMode").Has():
			gateways.Add(declared.RESTAPI)
		case kind.Text == "Schedule":
			gateways.Add("")
			f.AddSchedule(t.Resolve(of.Get("Schedule")), t.Resolve(of.Get("Input")), k.At)
		case kind.Text == "ScheduleV2":
			gateways.Add("")
			f.AddSchedule(t.Resolve(of.Get("ScheduleExpression")), t.Resolve(of.Get("Input")), k.At)
		default:
			gateways.Add("")
		}
	}
	f.Deployment.Gateway = gateways.Kind()
}
