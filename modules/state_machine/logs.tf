resource "aws_cloudwatch_log_group" "this" {
  count = local.logs ? 1 : 0

  # Below /aws/vendedlogs/, CloudWatch Logs keeps one short resource policy for all groups; elsewhere each group adds
  # to a policy that is full at 5,120 characters, after which no more state machines can log.
  name              = "/aws/vendedlogs/states/${var.name}"
  retention_in_days = var.logging.retention_in_days
  tags              = var.tags
}
