output "arn" {
  description = "ARN of the role, for credentials; known to the plan. Resources that use it wait for its policy."
  value       = "arn:${module.location.partition}:iam::${module.location.account}:role/${aws_iam_role.this.name}"
  depends_on  = [aws_iam_role_policy.this]
}

output "name" {
  description = "Name of the role."
  value       = aws_iam_role.this.name
}
