// Package deflate compresses to raw DEFLATE streams (RFC 1951) that are as small
// as optimal parsing makes them. It does these steps for each part of the input:
//
//  1. find (find.go): a binary tree of the last 32 KiB gives, for every position,
//     the matches that are longer than all nearer ones.
//  2. parse (parse.go): the cheapest path through literals and matches, under a
//     price for each symbol.
//  3. split (split.go): the path is cut into blocks where separate codes are
//     cheaper than a shared one.
//  4. write (block.go): every block is parsed again under the prices of its own
//     code, several times, and written in the smallest of the three forms. huffman.go
//     makes the codes.
//
// The output depends on the input and the level only, not on how the input was
// divided among calls of Write, nor on the number of cores.
package deflate
