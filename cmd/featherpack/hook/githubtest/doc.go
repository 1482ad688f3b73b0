// Package githubtest runs the GitHub hook's workflows in a test repository, against a
// simulated API:
//
//  1. pull requests of the repository and of forks, up to the comment;
//  2. the script that writes the comment, with every kind of API response.
package githubtest
