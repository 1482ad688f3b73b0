// Package serverlesstest tries the hook for serverless.yml with the frameworks
// themselves, osls and Serverless 3, from npm:
//
//  1. services are packaged, deployed to a played account, and invoked locally;
//  2. whatever goes wrong ends the framework's command, and nothing is shipped.
package serverlesstest
