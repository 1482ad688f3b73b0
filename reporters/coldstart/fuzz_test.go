package coldstart

import (
	"bytes"
	"errors"
	"testing"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/analyzer/inputtest"
)

func FuzzReadPowerTuning(f *testing.F) {
	f.Add([]byte(`{"results":{"power":"1024","cost":0.0000002,"duration":2.9}}`))
	f.Add([]byte(`{"power":512}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		memory, err := ReadPowerTuning(bytes.NewReader(text))
		if d := (analyzer.Diagnostic{}); err == nil && (memory < 128 || memory > 10240) || err != nil && !errors.As(err, &d) {
			t.Errorf("%d, %v", memory, err)
		}
	})
}

func FuzzReadOptimizer(f *testing.F) {
	f.Add([]byte(`{"lambdaFunctionRecommendations":[{"functionArn":"arn:aws:lambda:eu-west-1:1:function:a:1","finding":"NotOptimized","currentMemorySize":1024,
"numberOfInvocations":9,"lookbackPeriodInDays":14.0,"findingReasonCodes":["MemoryOverprovisioned"],"memorySizeRecommendationOptions":[{"rank":1,"memorySize":512,
"projectedUtilizationMetrics":[{"name":"Duration","statistic":"Expected","value":3}],"savingsOpportunity":{"savingsOpportunityPercentage":9,
"estimatedMonthlySavings":{"currency":"USD","value":1}}}]}]}`))
	f.Add([]byte(`{"lambdaFunctionRecommendations":[{"functionArn":":::::::","finding":"NotOptimized","currentMemorySize":-1}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		defer inputtest.Bound(t)()
		all, err := ReadOptimizer(bytes.NewReader(text))
		if d := (analyzer.Diagnostic{}); err != nil && !errors.As(err, &d) {
			t.Errorf("%v", err)
		}
		for _, r := range all {
			if r.Function == "" || r.BestMB < 128 || r.BestMB > 10240 {
				t.Errorf("%+v", r)
			}
		}
	})
}
