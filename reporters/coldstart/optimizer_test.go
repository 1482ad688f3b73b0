package coldstart

import (
	"strings"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
)

// optimizer is an output in the form of AWS's documentation.
const optimizer = `{"lambdaFunctionRecommendations": [
	{"functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-orders:$LATEST", "currentMemorySize": 1024, "finding": "NotOptimized",
	 "findingReasonCodes": ["MemoryOverprovisioned"], "numberOfInvocations": 120000, "lookbackPeriodInDays": 14.0,
	 "utilizationMetrics": [{"name": "Memory", "statistic": "Maximum", "value": 140}],
	 "memorySizeRecommendationOptions": [
		{"rank": 2, "memorySize": 640},
		{"rank": 1, "memorySize": 512, "projectedUtilizationMetrics": [
			{"name": "Duration", "statistic": "LowerBound", "value": 80.4}, {"name": "Duration", "statistic": "UpperBound", "value": 120.2}],
		 "savingsOpportunity": {"savingsOpportunityPercentage": 38.2, "estimatedMonthlySavings": {"currency": "USD", "value": 4.5}}}]},
	{"functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:shop-dev-report", "currentMemorySize": 1024, "finding": "Optimized",
	 "memorySizeRecommendationOptions": [{"rank": 1, "memorySize": 512}]},
	{"functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:shop-Ingest-1A2B3C4D5E6F", "currentMemorySize": 128, "finding": "NotOptimized",
	 "findingReasonCodes": ["MemoryUnderprovisioned"], "memorySizeRecommendationOptions": [{"rank": 1, "memorySize": 256}]},
	{"functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:both-a-Twice-1A2B3C4D5E6F", "currentMemorySize": 128, "finding": "NotOptimized",
	 "memorySizeRecommendationOptions": [{"rank": 1, "memorySize": 256}]},
	{"functionArn": "arn:aws:lambda:eu-west-1:123456789012:function:both-b-Twice-1A2B3C4D5E6F", "currentMemorySize": 128, "finding": "NotOptimized",
	 "memorySizeRecommendationOptions": [{"rank": 1, "memorySize": 512}]}
]}`

func TestOptimizer(t *testing.T) {
	all, err := ReadOptimizer(strings.NewReader(optimizer))
	if err != nil || len(all) != 4 {
		t.Fatalf("%v %+v", err, all)
	}
	want := Recommendation{
		Function: "shop-dev-orders", CurrentMB: 1024, BestMB: 512, Reason: "has more memory than it needs",
		Saves: "AWS Compute Optimizer estimates USD 4.50 less a month (38%) and 80 to 120 ms for an invocation, from 120,000 invocations in 14 days",
	}
	if all[0] != want {
		t.Errorf("%+v", all[0])
	}
	for _, c := range []struct {
		name string
		f    analyzer.Function
		best int // 0 for none
	}{
		{"Serverless", analyzer.Function{Name: "orders", Service: "shop", Format: "serverless", MemoryMB: 1024}, 512},
		{"SAM, with the default of memory", analyzer.Function{Name: "Ingest", Format: "sam"}, 256},
		{"Terraform, whose names are whole", analyzer.Function{Name: "shop-dev-orders", Format: "terraform", MemoryMB: 1024}, 512},
		{"another service", analyzer.Function{Name: "orders", Service: "store", Format: "serverless", MemoryMB: 1024}, 0},
		{"another memory size than the deployed one", analyzer.Function{Name: "orders", Service: "shop", Format: "serverless", MemoryMB: 768}, 0},
		{"a memory size that is a guess", analyzer.Function{Name: "orders", Service: "shop", Format: "serverless", MemoryMB: 1024, MemoryUnknown: true}, 0},
		{"a function that is optimal", analyzer.Function{Name: "report", Service: "shop", Format: "serverless", MemoryMB: 1024}, 0},
		{"a part of a name", analyzer.Function{Name: "gest", Format: "sam"}, 0},
		{"two stacks", analyzer.Function{Name: "Twice", Format: "sam"}, 0},
	} {
		got := 0
		if found := RecommendationFor(c.f, all); found != nil {
			got = found.BestMB
		}
		if got != c.best {
			t.Errorf("%s: %d MB, want %d", c.name, got, c.best)
		}
	}
}

func TestBrokenOptimizer(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "is not an output of AWS Compute Optimizer",
		`{"results": {"power": 512}}`:          "it has no lambdaFunctionRecommendations",
		`{"lambdaFunctionRecommendations": 1}`: "is not an output of AWS Compute Optimizer",
	} {
		if _, err := ReadOptimizer(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
