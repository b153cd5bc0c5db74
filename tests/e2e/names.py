"""What executions are called by default."""

from sfn_harness.http import Answer


def default_name(answer: Answer) -> str:
    """The name of what a request has started: API Gateway's id, safe in a URL and without the padding of base64."""
    return answer.headers["x-amz-apigw-id"].replace("+", "-").replace("/", "_").replace("=", "")
