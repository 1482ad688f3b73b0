package declared

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/manifest/yamltree"
)

// The kinds of API Gateway, as [analyzer.Deployment] names them.
const (
	HTTPAPI = "HTTP API"
	RESTAPI = "REST API"
)

// Gateways collects the kinds of a function's events. It is the one kind of API Gateway that
// all of them are of, or "".
type Gateways struct {
	kind  string
	other bool
}

// Add adds an event: HTTPAPI or RESTAPI if it waits for the function with the gateway's default
// timeout, "" for any other.
func (g *Gateways) Add(kind string) {
	g.other = g.other || kind == "" || g.kind != "" && g.kind != kind
	g.kind = kind
}

// Kind is that of [analyzer.Deployment].
func (g *Gateways) Kind() string {
	if g.other {
		return ""
	}
	return g.kind
}

// AddSchedule adds a schedule, if what it sends says that it only keeps the function warm.
func (f *Function) AddSchedule(rate, input *yamltree.Value, at analyzer.Position) {
	if warms(input) {
		f.Deployment.Warmers = append(f.Deployment.Warmers, analyzer.Warmer{What: "a schedule", Minutes: Minutes(rate), Concurrency: 1, Position: at})
	}
}

// warmKeys are what the inputs of schedules that only keep a function warm have, by the
// documentation of lambda-warmer, @dazn/lambda-powertools and serverless-plugin-warmup.
var warmKeys = regexp.MustCompile(`(?i)^(warmer|warmup|warm[-_]up|keep[-_]?warm)$`)

// warms reports whether the input of a schedule says that it only keeps a function warm.
func warms(input *yamltree.Value) bool {
	if !input.Has() || input.Unknown() {
		return false
	}
	if input.Kind == yamltree.Mapping {
		for i, k := range input.Keys {
			on, known := input.Items[i].Truth()
			if warmKeys.MatchString(k.Name) && known && on || k.Name == "source" && input.Items[i].Text == warmupPlugin {
				return true
			}
		}
		return false
	}
	var text map[string]any
	if !input.Scalar() || json.Unmarshal([]byte(input.Text), &text) != nil {
		return false
	}
	for key, value := range text {
		if warmKeys.MatchString(key) && value == true || key == "source" && value == warmupPlugin {
			return true
		}
	}
	return false
}

const warmupPlugin = "serverless-plugin-warmup"

var everyMinutes = regexp.MustCompile(`^rate\((\d{1,5}) (minute|hour)s?\)$`)

// Minutes is the interval of a schedule's rate, 0 if it is not known.
func Minutes(rate *yamltree.Value) int {
	if !rate.Has() || rate.Unknown() || !rate.Scalar() {
		return 0
	}
	match := everyMinutes.FindStringSubmatch(strings.TrimSpace(rate.Text))
	if match == nil {
		return 0
	}
	n, _ := strconv.Atoi(match[1])
	if match[2] == "hour" {
		n *= 60
	}
	return n
}
