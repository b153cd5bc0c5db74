"""What the templates and the functions say of Step Functions' errors is the same, though it stands in two languages."""

import importlib
import json
import re
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from botocore.loaders import Loader

ROOT = Path(__file__).parents[2]
TEMPLATE = (ROOT / "modules" / "integrations" / "templates" / "error.vtl").read_text()
# What the functions call.
CALLS = ("StartExecution", "DescribeExecution")


@pytest.fixture(scope="module")
def answers():
    """lambda_src/shared/answers.py, which is imported as the functions do."""
    sys.path.insert(0, str(ROOT / "lambda_src"))
    try:
        yield importlib.import_module("shared.answers")
    finally:
        sys.path.remove(str(ROOT / "lambda_src"))


def statuses_of_the_template() -> dict[str, int]:
    match = re.search(r"#set\(\$statuses = (\{.*?\})\)", TEMPLATE, re.DOTALL)
    assert match
    return json.loads(match[1])


def errors_of(action: str) -> set[str]:
    """The errors that botocore's model of Step Functions knows an action to have, and those of every action."""
    model = Loader().load_service_model("stepfunctions", "service-2")
    return {error["shape"] for error in model["operations"][action]["errors"]} | {
        "AccessDeniedException",
        "ThrottlingException",
    }


def service_error(answers, error_type: str, message: str = "no", status: int = 400) -> dict:
    response = {
        "Error": {"Code": error_type, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return answers.service_error(ClientError(response, "StartExecution"), "r-1")


@pytest.mark.parametrize("action", CALLS)
def test_an_error_has_one_status(answers, action):
    statuses = statuses_of_the_template()
    known = errors_of(action)
    assert known & statuses.keys()
    for error_type in sorted(known):
        assert service_error(answers, error_type)["status"] == statuses.get(error_type, 400), error_type


def test_an_input_over_the_limit_is_said_in_the_same_words(answers):
    sentence = re.search(r'#set\(\$message = "(The \$\{payload\} is over .*?)"\)', TEMPLATE)
    assert sentence
    said = json.loads(answers.input_too_long("r-1")["body"])["message"]
    assert said == sentence[1].replace("${payload}", "input")


def test_a_request_over_a_megabyte_is_an_input_over_the_limit(answers):
    """What stands in front of Step Functions answers it, in plain text, of which botocore makes the code 413."""
    assert service_error(answers, "413", "", status=413) == answers.input_too_long("r-1")
