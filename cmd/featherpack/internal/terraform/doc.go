// Package terraform answers Terraform's external data source. Terraform asks at
// every refresh and assumes that asking changes nothing, so an answer is given
// again as long as nothing changes.
// Protocol: registry.terraform.io/providers/hashicorp/external/latest/docs/data-sources/external
//
//  1. [ReadQuery] reads the question, and [Query.Lay] puts it over the flags.
//  2. [Flags.Folder] is the out-dir, one for every way of building.
//  3. A fingerprint of everything that a build could read is compared with the one
//     of the last answer's record.
//  4. If they differ, [Answer] builds, and makes a new record.
package terraform
