// Package licences writes the notices that packages of a bundle want to travel with it:
// minifying takes them out of the code.
package licences
