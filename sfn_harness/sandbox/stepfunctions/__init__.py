"""Step Functions in the sandbox: this project's service in MiniStack's place.

`sfn_harness.stepfunctions` knows nothing of MiniStack. What it needs, services to call as a role, event buses, logs,
and how requests reach it, is here.
"""
