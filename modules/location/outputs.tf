output "account" {
  description = "Id of the AWS account."
  value       = terraform_data.this.input.account
}

output "dns_suffix" {
  description = "Domain of the partition's services, such as amazonaws.com."
  value       = terraform_data.this.input.dns_suffix
}

output "partition" {
  description = "Partition of AWS, such as aws or aws-cn."
  value       = terraform_data.this.input.partition
}

output "region" {
  description = "Region, such as us-east-1."
  value       = terraform_data.this.input.region
}
