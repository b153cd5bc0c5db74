"""A small configuration for the harness's own tests: a state machine, its role, and validated variables."""

from pathlib import Path

MAIN = """
terraform {
  required_version = ">= 1.5.7"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.31, < 7.0"
    }
  }
}

data "aws_region" "current" {}

resource "aws_iam_role" "this" {
  name = "${var.name}-role"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "states.amazonaws.com" } }]
  })
}

resource "aws_sfn_state_machine" "this" {
  name     = var.name
  role_arn = aws_iam_role.this.arn
  definition = jsonencode({
    StartAt = "Check"
    States = {
      Check = {
        Type    = "Choice"
        Choices = [{ Variable = "$.fail", IsPresent = true, Next = "Refuse" }]
        Default = "Wait"
      }
      Wait   = { Type = "Wait", Seconds = 1, Next = "Done" }
      Done   = { Type = "Pass", Result = { ok = true }, ResultPath = "$.result", End = true }
      Refuse = { Type = "Fail", Error = "Refused", Cause = "it's \\"not\\" wanted" }
    }
  })
  tags = var.tags
}

output "state_machine_arn" {
  value = aws_sfn_state_machine.this.arn
}

output "invoke_urls" {
  value = { alpha = "https://abc123.execute-api.us-east-1.amazonaws.com/alpha" }
}

output "curl_commands" {
  value = {
    alpha = { "POST /x" = "curl -X POST 'https://abc123.execute-api.us-east-1.amazonaws.com/alpha/x' -d '{}'" }
  }
}

output "region" {
  value = data.aws_region.current.id
}
"""

VARIABLES = """
variable "name" {
  type    = string
  default = "scratch"

  validation {
    condition     = length(var.name) < 20
    error_message = "This name is too long for the names made from it: write one of at most 19 characters instead."
  }
}

variable "tags" {
  type     = map(string)
  default  = {}
  nullable = false
}

variable "enabled" {
  type    = bool
  default = null
}
"""


def write_scratch(directory: Path) -> Path:
    """Write the configuration into the new directory `directory` and return it."""
    directory.mkdir(parents=True)
    (directory / "main.tf").write_text(MAIN)
    (directory / "variables.tf").write_text(VARIABLES)
    return directory
