// Package terraformtest tests featherpack's interface to Terraform:
//
//  1. queries of its external data source, sent as Terraform sends them;
//  2. the hook's file, parsed, and evaluated with a real answer.
package terraformtest
