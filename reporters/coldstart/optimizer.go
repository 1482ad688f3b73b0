package coldstart

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// Recommendation is what AWS Compute Optimizer recommends for a deployed function.
type Recommendation struct {
	// Function is the name of the deployed function.
	Function string
	// CurrentMB is the memory size of the deployed function, BestMB the one that is ranked
	// first, both in MB.
	CurrentMB, BestMB int
	// Reason is a clause such as "has more memory than it needs".
	Reason string
	// Saves is a clause about the estimated saving, "" if there is none.
	Saves string
}

// reasons are what findings say.
// Source: docs.aws.amazon.com/compute-optimizer/latest/APIReference/API_LambdaFunctionRecommendation.html
var reasons = map[string]string{"MemoryOverprovisioned": "has more memory than it needs", "MemoryUnderprovisioned": "has less memory than it needs"}

// maxOptimizer bounds an output of Compute Optimizer, in bytes. A function takes about 2 kB.
const maxOptimizer = 64 << 20

// ReadOptimizer reads what aws compute-optimizer get-lambda-function-recommendations prints:
// the recommendations for functions that are not optimal. Errors are [analyzer.Diagnostic]
// without the file's name.
func ReadOptimizer(r io.Reader) (all []Recommendation, err error) {
	data, err := io.ReadAll(io.LimitReader(r, maxOptimizer))
	if err != nil {
		return nil, fmt.Errorf("reading the output of Compute Optimizer: %w", err)
	}
	var output struct {
		Functions []struct {
			FunctionArn, Finding            string
			CurrentMemorySize               int
			NumberOfInvocations             int64
			LookbackPeriodInDays            float64
			FindingReasonCodes              []string
			MemorySizeRecommendationOptions []option
		} `json:"lambdaFunctionRecommendations"`
	}
	bad := func(message string) ([]Recommendation, error) {
		return nil, analyzer.Diagnostic{Code: "compute-optimizer", Severity: analyzer.Error, Message: "the file is not an output of AWS Compute Optimizer: " + message,
			Hint: "give what aws compute-optimizer get-lambda-function-recommendations prints"}
	}
	switch err := json.Unmarshal(data, &output); {
	case err != nil:
		return bad(reason(err))
	case output.Functions == nil:
		return bad("it has no lambdaFunctionRecommendations")
	}
	for _, f := range output.Functions {
		name := functionOf(f.FunctionArn)
		if f.Finding != "NotOptimized" || name == "" || f.CurrentMemorySize <= 0 {
			continue
		}
		for _, o := range f.MemorySizeRecommendationOptions {
			if o.Rank != 1 || o.MemorySize < 128 || o.MemorySize > 10240 || o.MemorySize == f.CurrentMemorySize {
				continue
			}
			one := Recommendation{Function: name, CurrentMB: f.CurrentMemorySize, BestMB: o.MemorySize, Saves: o.saves()}
			for _, code := range f.FindingReasonCodes {
				one.Reason = max(one.Reason, reasons[code])
			}
			if one.Saves != "" && f.LookbackPeriodInDays > 0 {
				one.Saves += fmt.Sprintf(", from %s invocations in %g days", reporters.Count(int(f.NumberOfInvocations)), f.LookbackPeriodInDays)
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// option is a recommended memory size.
type option struct {
	Rank, MemorySize            int
	ProjectedUtilizationMetrics []struct {
		Name, Statistic string
		Value           float64
	}
	SavingsOpportunity struct {
		SavingsOpportunityPercentage float64
		EstimatedMonthlySavings      struct {
			Currency string
			Value    float64
		}
	}
}

// saves is a clause about the estimated saving, and the duration with its range.
func (o option) saves() string {
	s := o.SavingsOpportunity
	if s.EstimatedMonthlySavings.Value <= 0 {
		return ""
	}
	text := fmt.Sprintf("AWS Compute Optimizer estimates %s %.2f less a month (%.0f%%)", currency(s.EstimatedMonthlySavings.Currency), s.EstimatedMonthlySavings.Value, s.SavingsOpportunityPercentage)
	duration := map[string]float64{}
	for _, m := range o.ProjectedUtilizationMetrics {
		if m.Name == "Duration" {
			duration[m.Statistic] = m.Value
		}
	}
	if duration["UpperBound"] > 0 {
		text += fmt.Sprintf(" and %.0f to %.0f ms for an invocation", duration["LowerBound"], duration["UpperBound"])
	}
	return text
}

// currency is a currency's code, as reports show it.
func currency(code string) string {
	if code == "CNY" {
		return code
	}
	return "USD"
}

var functionArn = regexp.MustCompile(`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:([A-Za-z0-9_-]{1,64})(:[^:]+)?$`)

// functionOf is the function's name in an ARN, "" if there is none.
func functionOf(arn string) string {
	if match := functionArn.FindStringSubmatch(arn); match != nil {
		return match[1]
	}
	return ""
}

// RecommendationFor finds the recommendation for a function of a manifest, nil if there is none
// or more than one could be meant. A framework deploys a function under a longer name:
// Serverless as SERVICE-STAGE-NAME, CloudFormation as STACK-NAME-SUFFIX. The deployed function
// must have the manifest's memory size.
func RecommendationFor(f analyzer.Function, all []Recommendation) *Recommendation {
	quoted := regexp.QuoteMeta(f.Name)
	deployed := regexp.MustCompile("^" + quoted + "$")
	switch f.Format {
	case "serverless":
		deployed = regexp.MustCompile("^" + regexp.QuoteMeta(strings.TrimSpace(f.Service)) + "-[^-]+-" + quoted + "$")
	case "sam", "cloudformation":
		deployed = regexp.MustCompile("^(.+-" + quoted + "-[A-Za-z0-9]{8,13}|" + quoted + ")$")
	}
	var found *Recommendation
	for i, one := range all {
		if !deployed.MatchString(one.Function) || f.MemoryUnknown || one.CurrentMB != max(f.MemoryMB, 128) {
			continue
		}
		if found != nil {
			return nil
		}
		found = &all[i]
	}
	return found
}
