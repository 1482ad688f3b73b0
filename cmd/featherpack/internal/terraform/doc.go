// Package terraform answers queries of Terraform's external data source. Terraform
// sends a query at every refresh and expects that it changes nothing. So the last
// answer is repeated as long as nothing has changed.
// Protocol: registry.terraform.io/providers/hashicorp/external/latest/docs/data-sources/external
//
//  1. [ReadQuery] reads the query, and [Query.Apply] sets the flags in it.
//  2. [Flags.Folder] returns the out-dir. Each combination of flags has its own.
//  3. A fingerprint of everything that a build could read is compared with the
//     fingerprint of the last answer.
//  4. If they differ, [Answer] builds and records the new answer.
package terraform
