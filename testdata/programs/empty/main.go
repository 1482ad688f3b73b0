// Command empty holds no more than the runtime, for tests that change its bytes.
package main

func main() { println("empty") }
