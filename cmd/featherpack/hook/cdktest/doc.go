// Package cdktest tests the CDK hook with aws-cdk-lib from npm:
//
//  1. apps are synthesized, and their assets compared with a build's zips;
//  2. mistakes in an app end the synthesis, and no template is left.
package cdktest
