"""Terraform (or OpenTofu): finding it, its environment, its providers, running it."""
