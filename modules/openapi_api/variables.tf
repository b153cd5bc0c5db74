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
}

variable "name" {
  description = "Name of the API."
  type        = string
  nullable    = false
}

variable "stages" {
  description = "Stage => how it serves; see modules/deployment."
  type        = any
  nullable    = false
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
