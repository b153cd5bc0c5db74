data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  # Function => its package, and its environment.
  functions = {
    start    = { package = "start.zip", environment = {} }
    wait3000 = { package = "wait.zip", environment = { WAIT_MILLISECONDS = "3000" } }
    wait500  = { package = "wait.zip", environment = { WAIT_MILLISECONDS = "500" } }
    end      = { package = "end.zip", environment = {} }
  }
}

resource "aws_lambda_function" "this" {
  for_each = local.functions

  function_name    = "${var.name}-${each.key}"
  role             = aws_iam_role.function[each.key].arn
  runtime          = "python3.13"
  handler          = "handler.handler"
  filename         = "${path.module}/${each.value.package}"
  source_code_hash = filebase64sha256("${path.module}/${each.value.package}")
  architectures    = ["arm64"]
  timeout          = 10

  dynamic "environment" {
    for_each = length(each.value.environment) > 0 ? [each.value.environment] : []

    content {
      variables = environment.value
    }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  # Without its permissions a first call would leave no log.
  depends_on = [aws_iam_role_policy.function]
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.functions

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = 30
}

# A role for each function, which may write its own log and nothing else.
resource "aws_iam_role" "function" {
  for_each = local.functions

  name = "${var.name}-${each.key}-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions

  name = "function"
  role = aws_iam_role.function[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "WriteLog"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.function[each.key].arn}:log-stream:*"
    }]
  })
}
