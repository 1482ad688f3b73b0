// Package credentials knows where the AWS SDK v3 looks for credentials by default, and
// which of these places no function of Lambda has.
//
// The default chain asks the environment, a profile, a process, a web identity and a
// container for credentials, in this order, and goes on where a provider has none. Lambda
// puts them into the environment, and with SnapStart it serves them over HTTP, as for a
// container. So a bundle may do without the providers in between, which hold clients of
// four services. [Module] takes their place.
//
// Source: docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html,
// docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
package credentials
