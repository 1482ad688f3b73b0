package sample

import (
	"github.com/featherpack/featherpack/analyzer"
	"github.com/featherpack/featherpack/reporters"
)

// PerInvocation is advice about every one of some functions.
func PerInvocation(functions ...string) reporters.Advice {
	return reporters.Advice{
		Diagnostic: analyzer.Diagnostic{
			Code: "client-in-handler", Severity: analyzer.Note, Position: analyzer.Position{File: "src/shared/store.ts", Line: 12, Column: 15},
			Message: "every invocation creates a DynamoDBClient", Hint: "create it outside the handler, so that later invocations use its connections",
		},
		Functions: functions, Kind: "latency", Projected: "a new connection is 2 to 3 round trips more for each invocation (www.rfc-editor.org/rfc/rfc8446)",
		Change: "--- a/src/shared/store.ts\n+++ b/src/shared/store.ts\n@@ -11,3 +11,3 @@\n+const client = new DynamoDBClient({});\n" +
			" export async function store(order) {\n-  const client = new DynamoDBClient({});\n   await client.send(new PutCommand(order));\n",
		Behaviour: "the client lives as long as the execution environment", Link: "https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html",
		Subject: "every invocation creates a DynamoDBClient",
	}
}

// WholePackage is advice about the size of one function.
func WholePackage(function string) reporters.Advice {
	return reporters.Advice{
		Diagnostic: analyzer.Diagnostic{
			Code: "whole-package", Severity: analyzer.Note, Position: analyzer.Position{File: "src/report.ts", Line: 7, Column: 1},
			Message: "imports all of googleapis, which cannot be tree-shaken", Hint: "install only the API you use: @googleapis/NAME",
		},
		Functions: []string{function}, Kind: "size", Holds: &reporters.Held{Unzipped: 4_200_000, Zipped: 610_000},
		Projected: "projected: at most 180 to 960 ms of each cold start, and USD 1.50 to 8.00 per million cold starts at 512 MB, by list prices of 2026-11-23",
		Behaviour: "the replacement may behave differently", Link: "https://github.com/googleapis/google-api-nodejs-client", Subject: "googleapis",
	}
}
