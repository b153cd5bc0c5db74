variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "kitchen"
}

variable "origins" {
  description = "Where the page is served: scheme, host and port, without a slash at the end."
  type        = list(string)
  default     = ["http://127.0.0.1:8000"]
}
