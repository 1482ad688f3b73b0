// Package terraformtest tries what Terraform sees of featherpack:
//
//  1. the questions of its external data source, asked as Terraform asks;
//  2. the hook's file, parsed and evaluated over a real answer.
package terraformtest
