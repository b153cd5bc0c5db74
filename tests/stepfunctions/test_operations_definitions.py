"""ValidateStateMachineDefinition.

Recorded on AWS: localstack/localstack tests v4.14.0, v2/test_sfn_api_validation.py, 19-10-2025. The parameters are the
API reference's.
"""

from __future__ import annotations

import json

import pytest

from tests.stepfunctions.world import PASS

NO_START = {"code": "SCHEMA_VALIDATION_FAILED", "message": "These fields are required: [StartAt]", "severity": "ERROR"}


def validate(world, definition: str | dict, **request) -> dict:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    return world.call("ValidateStateMachineDefinition", definition=text, **request)


@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
class TestRecorded:
    def test_right(self, world, kind):
        assert validate(world, PASS, type=kind) == {"diagnostics": [], "result": "OK", "truncated": False}

    def test_without_a_start(self, world, kind):
        assert validate(world, {"States": PASS["States"]}, type=kind) == {
            "diagnostics": [{**NO_START, "location": "/"}],
            "result": "FAIL",
            "truncated": False,
        }


@pytest.mark.parametrize(
    ("text", "diagnostic"),
    [
        (" ", {"code": "SCHEMA_VALIDATION_FAILED", "message": "Definition must be a valid JSON object"}),
        (
            "not a definition",
            {
                "code": "INVALID_JSON_DESCRIPTION",
                "location": '[Source: (String)"not a definition"; line: 1, column: 4]',
                "message": "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token "
                "'null', 'true' or 'false')\n at [Source: (String)\"not a definition\"; line: 1, column: 4]",
            },
        ),
    ],
)
def test_no_definition(world, text, diagnostic):
    # test_validate_state_machine_definition_not_a_definition
    expected = {"diagnostics": [{**diagnostic, "severity": "ERROR"}], "result": "FAIL", "truncated": False}
    assert validate(world, text) == expected


def test_at_most_so_many(world):
    many = {"StartAt": "A", "States": {f"S{n}": {"Type": "Nothing"} for n in range(150)}}
    everything = validate(world, many)
    assert (len(everything["diagnostics"]), everything["truncated"]) == (100, True)
    some = validate(world, many, maxResults=3)
    assert (some["diagnostics"], some["truncated"]) == (everything["diagnostics"][:3], True)
    assert len(validate(world, many, maxResults=0)["diagnostics"]) == 100
