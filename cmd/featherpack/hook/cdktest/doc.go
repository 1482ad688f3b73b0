// Package cdktest tries the hook for the CDK with aws-cdk-lib itself, from npm:
//
//  1. apps are synthesized, and their assets compared with a build's zips;
//  2. mistakes in an app end the synthesis, and no template is left.
package cdktest
