"""Expressions of the language: JSONPath, intrinsic functions, JSONata, templates and choice rules, compiled once."""
