// Package cloudformation reads the templates of CloudFormation and SAM:
//
//  1. [Read] goes through the resources that are functions (template.go);
//  2. starts.go finds out which of them are kept ready by an alias or a version;
//  3. build.go honours Metadata.BuildMethod and its BuildProperties, source.go
//     Metadata.featherpack;
//  4. [Intrinsics] evaluates !Ref, !Sub and the other functions of a template.
package cloudformation
