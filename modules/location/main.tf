data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  current = {
    account    = data.aws_caller_identity.current.account_id
    dns_suffix = data.aws_partition.current.dns_suffix
    partition  = data.aws_partition.current.partition
    region     = data.aws_region.current.id
  }
}

# Keeps what the first apply found. Below a `depends_on`, Terraform reads a data source only during the apply whenever
# one of those dependencies changes: names made of it would be unknown to the plan, and their resources replaced.
resource "terraform_data" "this" {
  input = local.current

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition     = self.input == local.current
      error_message = <<-EOT
        This was applied to the account ${self.input.account} in ${self.input.region}, and the provider now is
        configured for the account ${local.current.account} in ${local.current.region}. Configure it as before, or
        destroy there first.
      EOT
    }
  }
}
