// Package serverlesstest tests the Serverless hook with osls and Serverless 3 from npm:
//
//  1. services are packaged, deployed to a simulated account, and invoked locally;
//  2. every error ends the framework's command, and nothing is deployed.
package serverlesstest
