"""AWS Step Functions: state machines, their language, their executions and histories.

A service of its own: it imports nothing of the harness or of an emulator. What it needs from outside, a service to call
as a role, a bus for events, a place for logs, a clock, comes through the protocols of `ports`.
"""
