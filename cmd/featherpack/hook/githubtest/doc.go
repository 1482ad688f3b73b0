// Package githubtest runs the workflows of the hook for GitHub in a repository of
// its own, against a played API:
//
//  1. pull requests of the repository and of forks, up to the comment;
//  2. the script that writes the comment, with everything that an API may answer.
package githubtest
