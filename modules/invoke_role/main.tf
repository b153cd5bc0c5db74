locals {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for action, resources in var.permissions : {
      # Sids take letters and digits only: "states:StartExecution" becomes "StatesStartExecution".
      Sid      = replace(title(replace(action, ":", " ")), " ", "")
      Effect   = "Allow"
      Action   = action
      Resource = resources
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
  }
}
