# Calls of the function that failed, and events that it could not be called with: to be looked at, and done again.
resource "aws_sqs_queue" "failed" {
  name                      = "${local.name}-failed"
  message_retention_seconds = 14 * 24 * 60 * 60
  # With a key of SQS: no key policy has to let EventBridge and Lambda send.
  sqs_managed_sse_enabled = true
  tags                    = var.tags
}

resource "aws_sqs_queue_policy" "failed" {
  queue_url = aws_sqs_queue.failed.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AllowTheRule"
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Principal = { Service = "events.amazonaws.com" }
      Resource  = aws_sqs_queue.failed.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_event_rule.ended.arn } }
    }]
  })
}
