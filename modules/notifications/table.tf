locals {
  index = "by_connection"
}

# Who watches which execution. See docs/adr/0030-subscriptions-table.md for the keys.
resource "aws_dynamodb_table" "subscriptions" {
  name         = local.name
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "execution_arn"
  range_key    = "watcher"
  tags         = var.tags

  attribute {
    name = "connection_id"
    type = "S"
  }

  attribute {
    name = "execution_arn"
    type = "S"
  }

  attribute {
    name = "watcher"
    type = "S"
  }

  global_secondary_index {
    name            = local.index
    hash_key        = "connection_id"
    range_key       = "execution_arn"
    projection_type = "KEYS_ONLY"
  }

  server_side_encryption {
    enabled = true
  }

  ttl {
    attribute_name = "expires_at"
    enabled        = true
  }
}
