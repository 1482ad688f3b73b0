// Command ingest is one of the shop's two Go functions. It is for another architecture
// than the other one, and imports little: the compiler has to do that a second time.
package main

import "os"

func main() { println("ingest", os.Getenv("AWS_LAMBDA_RUNTIME_API")) }
