module "location" {
  source = "../location"
}

locals {
  # Actions on the same resources share a statement, because IAM limits the characters of a role's policies.
  actions = { for action, resources in var.permissions : jsonencode(resources) => action... }

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for resources, actions in local.actions : {
      Effect   = "Allow"
      Action   = actions
      Resource = jsondecode(resources)
    }]
  })
}

resource "aws_iam_role" "this" {
  name                 = var.name
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "apigateway.amazonaws.com" }
    }]
  })

  lifecycle {
    # A role with another name is there before the stages move to it; the old one goes after that.
    create_before_destroy = true
  }
}

resource "terraform_data" "policy" {
  input = local.policy
}

# A changed policy is a new policy, beside the old one until every stage has moved to the new deployment: while both are
# there, the old deployment's calls and the new one's are allowed. An update in place would refuse the old one's.
resource "aws_iam_role_policy" "this" {
  name_prefix = "invoke-"
  role        = aws_iam_role.this.id
  policy      = local.policy

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.policy]

    precondition {
      # IAM counts the inline policies of a role together, 10,240 characters:
      # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
      condition     = length(local.policy) <= 5120
      error_message = <<-EOT
        permissions: the policy of the role "${var.name}" has ${length(local.policy)} characters, and
        5,120 is the most that can be changed later: IAM allows 10,240 for the old and the new one together. Split
        the routes between two APIs.
      EOT
    }
  }
}
