"""Executions: a parsed definition is run on one event loop, by a clock, and writes its history."""
