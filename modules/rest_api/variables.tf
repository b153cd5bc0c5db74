variable "authorizers" {
  description = "Name => who decides about callers, called with `credentials`; see modules/methods."
  type        = any
  default     = {}
  nullable    = false
}

variable "credentials" {
  description = "ARN of the role that API Gateway assumes to call the integrations."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:iam::[0-9]{12}:role/[A-Za-z0-9._~:/?#&=,-]{1,507}$", var.credentials))
    error_message = <<-EOT
      credentials is "${var.credentials}", and a stage variable, which names the role, holds no other characters than
      A-Z a-z 0-9 - . _ ~ : / ? # & = and a comma. Write the ARN of a role without + and @ in its name, or use the
      engine "openapi".
    EOT
  }
}

variable "description" {
  description = "What the API is for, as the console shows it."
  type        = string
  # Not null: the provider keeps the description that an API has when there is none any more.
  default  = "Step Functions over HTTPS"
  nullable = false
}

variable "endpoint_type" {
  description = "REGIONAL, or EDGE for CloudFront's edge locations."
  type        = string
  default     = "REGIONAL"
  nullable    = false

  validation {
    condition     = contains(["EDGE", "REGIONAL"], var.endpoint_type)
    error_message = "endpoint_type must be REGIONAL or EDGE."
  }
}

variable "gateway_responses" {
  description = "Gateway response type => its headers, status code and JSON template; see modules/methods."
  type        = any
  default     = {}
  nullable    = false
}

variable "methods" {
  description = "What the API serves: \"<METHOD> <path>\" => its integration and its responses; see modules/methods."
  type        = any
  nullable    = false

  validation {
    condition = alltrue([for key, method in var.methods :
      !startswith(key, "OPTIONS ") || try(method.integration.type == "MOCK", false)
    ])
    error_message = join(" ", [
      "methods: ${join(", ", [for key in keys(var.methods) : jsonencode(key) if startswith(key, "OPTIONS ")])}:",
      "with explicit resources OPTIONS is the preflight, because an integration can't change its type.",
      "Write engine = \"openapi\" on the root module, or use modules/openapi_api.",
    ])
  }

  validation {
    condition = alltrue([for key in keys(var.methods) : length(split("/", key)) <= 7])
    error_message = join(" ", [
      "methods: ${join(", ", [for key in keys(var.methods) : jsonencode(key) if length(split("/", key)) > 7])}",
      "has more than six path segments. Shorten the path, or write engine = \"openapi\", which has no such limit.",
    ])
  }
}

variable "name" {
  description = "Name of the API."
  type        = string
  nullable    = false
}

variable "stages" {
  description = "Stage => how it serves; see modules/deployment, with a stage variable invokeRole beside its own."
  type        = any
  nullable    = false

  validation {
    condition     = alltrue([for stage in values(var.stages) : !contains(keys(try(stage.variables, {})), "invokeRole")])
    error_message = "stages: the stage variable invokeRole is this module's own. Give yours another name."
  }
}

variable "tags" {
  description = "Tags of the API and its stages."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "wait_for" {
  description = "What has to be there before a stage serves: any value made of the resources that the methods call."
  type        = any
  default     = null
}
