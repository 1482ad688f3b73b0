// Package cloudformation reads the templates of CloudFormation and SAM:
//
//  1. [Read] reads the resources that are functions (template.go);
//  2. starts.go finds the functions that an alias or a version gives provisioned
//     concurrency;
//  3. build.go reads Metadata.BuildMethod and its BuildProperties, and source.go
//     reads Metadata.featherpack;
//  4. [Intrinsics] evaluates !Ref, !Sub and the other functions of a template.
package cloudformation
