// Package parallel does the same for many things, several at a time: [Each] calls a function
// for each index. What is done must not depend on the order.
package parallel
