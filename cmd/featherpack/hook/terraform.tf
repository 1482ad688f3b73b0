# Written by featherpack <% .Version %>: featherpack hook terraform --write
#
# Builds every function in var.featherpack_dir while Terraform plans, and deploys the zips. The
# functions' settings (entry, handler, runtime, architecture, memory) come from the folder's
# featherpack.yaml, or from any manifest that featherpack reads. If nothing changed,
# nothing is built again. Needs Terraform 1.3 or later, or OpenTofu.

terraform {
  required_version = ">= 1.3"
}

variable "featherpack_dir" {
  description = "The folder to build, relative to where Terraform runs."
  type        = string
  default     = "."
}

variable "featherpack_binary" {
  description = "The featherpack to run: a name on the search path, or a path."
  type        = string
  default     = "featherpack"
}

variable "featherpack_role_arn" {
  description = "The role that the functions run as."
  type        = string
}

data "external" "featherpack" {
  program = [var.featherpack_binary, "build", "--external"]

  # Every value is a string. Other keys: out, only, entry, stage, config, compress, sourcemap,
  # boot, and param.NAME for the manifest's parameters.
  query = {
    dir     = var.featherpack_dir
    install = "true"
  }
}

locals {
  # The functions by ID: the name if the manifest is in var.featherpack_dir itself, else
  # FOLDER/NAME. Each has path, source_code_hash, handler, runtime, architecture, memory and
  # timeout.
  featherpack = {
    for key, path in data.external.featherpack.result : trimprefix(key, "path.") => {
      filename         = path
      source_code_hash = data.external.featherpack.result["source_code_hash.${trimprefix(key, "path.")}"]
      handler          = data.external.featherpack.result["handler.${trimprefix(key, "path.")}"]
      runtime          = data.external.featherpack.result["runtime.${trimprefix(key, "path.")}"]
      architecture     = data.external.featherpack.result["architecture.${trimprefix(key, "path.")}"]
      memory           = data.external.featherpack.result["memory.${trimprefix(key, "path.")}"]
      timeout          = data.external.featherpack.result["timeout.${trimprefix(key, "path.")}"]
    } if startswith(key, "path.")
  }
}

resource "aws_lambda_function" "featherpack" {
  for_each = local.featherpack

  function_name    = replace(each.key, "/[^A-Za-z0-9_-]/", "-")
  role             = var.featherpack_role_arn
  filename         = each.value.filename
  source_code_hash = each.value.source_code_hash
  handler          = each.value.handler
  runtime          = each.value.runtime
  architectures    = [each.value.architecture]
  memory_size      = each.value.memory
  timeout          = each.value.timeout
}
