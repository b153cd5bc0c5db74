locals {
  event_pattern = jsonencode({
    source      = ["aws.states"]
    detail-type = ["Step Functions Execution Status Change"]
    detail = {
      stateMachineArn = var.state_machine_arns
      status          = ["ABORTED", "FAILED", "SUCCEEDED", "TIMED_OUT"]
    }
  })
}

resource "aws_cloudwatch_event_rule" "ended" {
  name          = local.name
  description   = "Executions that have ended, of the state machines that can be watched"
  event_pattern = local.event_pattern
  tags          = var.tags

  lifecycle {
    precondition {
      condition = length(local.event_pattern) <= 2048
      error_message = join(" ", [
        "state_machine_arns has too many: EventBridge takes patterns of 2,048 characters, and theirs is longer.",
        "Share them out over several instances of this module.",
      ])
    }
  }
}

resource "aws_cloudwatch_event_target" "function" {
  rule      = aws_cloudwatch_event_rule.ended.name
  target_id = "function"
  arn       = aws_lambda_function.this.arn

  # For events that the function can't be called with; those that it fails on are in function.tf.
  dead_letter_config {
    arn = aws_sqs_queue.failed.arn
  }

  retry_policy {
    maximum_event_age_in_seconds = local.event_age_seconds
    maximum_retry_attempts       = 185
  }
}

resource "aws_lambda_permission" "events" {
  statement_id  = "AllowTheRule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.this.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.ended.arn
}
