variable "methods" {
  description = "What an API serves, each as \"<METHOD> <path>\"."
  type        = list(string)
  nullable    = false
}
