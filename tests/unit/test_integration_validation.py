from __future__ import annotations

import json

import pytest

from sfn_harness.apigateway.validation import describe, schema_error, violations


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (
            {"type": "integer"},
            "x",
            'instance type (string) does not match any allowed primitive type (allowed: ["integer"])',
        ),
        (
            {"type": "number"},
            "x",
            'type (string) does not match any allowed primitive type (allowed: ["integer","number"])',
        ),
        ({"type": "object", "required": ["b", "a"]}, {}, 'object has missing required properties (["a","b"])'),
        ({"enum": ["a"]}, "b", 'instance value ("b") not found in enum (possible values: ["a"])'),
        ({"minLength": 2}, "a", 'string "a" is too short (length: 1, required minimum: 2)'),
        ({"maxLength": 1}, "ab", 'string "ab" is too long (length: 2, maximum allowed: 1)'),
        ({"pattern": "^a$"}, "b", 'ECMA 262 regex "^a$" does not match input string "b"'),
        ({"minimum": 1}, 0, "numeric instance is lower than the required minimum (minimum: 1, found: 0)"),
        ({"maximum": 1}, 2.5, "numeric instance is greater than the required maximum (maximum: 1, found: 2.5)"),
        ({"minItems": 1}, [], "array is too short: must have at least 1 elements but instance has 0 elements"),
        ({"maxItems": 0}, [1], "array is too long: must have at most 0 elements but instance has 1 elements"),
        ({"additionalProperties": False}, {"x": 1}, 'properties which are not allowed by the schema: ["x"]'),
        ({"items": {"type": "string"}}, [True], "instance type (boolean) does not match"),
    ],
)
def test_violations(schema, value, expected):
    (found,) = violations(schema, value)
    assert expected in found


def test_a_number_may_be_an_integer():
    assert list(violations({"type": "number"}, 1)) == []
    assert list(violations({"type": ["string", "null"]}, None)) == []


def test_it_fits_between_quotation_marks():
    said = describe({"required": ["a"]}, b"{}")
    assert json.loads(f'"{said}"') == '[object has missing required properties (["a"])]'


@pytest.mark.parametrize(
    ("schema", "body"), [(None, b"{}"), ({}, b"{}"), ({"required": ["a"]}, b"{"), ({"minimum": "x"}, b"1")]
)
def test_what_it_cannot_say_is_empty(schema, body):
    assert describe(schema, body) == ""


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"$schema": "http://json-schema.org/draft-04/schema#", "type": ["object", "null"], "required": ["a"]},
        {"properties": {"example": {"type": "string"}, "required": {}}},
        {"enum": [{"example": 1}], "default": {"nullable": True}},
        {"x-internal": 1, "items": [{}, {"not": {}}], "additionalProperties": False},
    ],
)
def test_a_schema_of_draft_4_is_taken(schema):
    assert schema_error(schema) is None


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"example": 1}, '[Invalid model schema specified. Unsupported keyword(s): ["example"]]'),
        ({"properties": {"a": {"nullable": True, "const": 1}}}, 'Unsupported keyword(s): ["const","nullable"]'),
        ({"anyOf": [{"readOnly": True}]}, '["readOnly"]'),
        ({"items": {"additionalProperties": {"xml": {}}}}, '["xml"]'),
        ({"definitions": {"a": {"required": []}}}, "[Invalid model schema specified]"),
    ],
)
def test_other_keywords_are_refused_wherever_they_are(schema, reason):
    assert reason in schema_error(schema)
