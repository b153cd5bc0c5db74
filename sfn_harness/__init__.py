"""Deploy Step Functions APIs to a sandbox, call them and assert on their executions."""
