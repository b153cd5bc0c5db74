"""input = "request": an envelope of the body and what was chosen of the request around it; and forms."""

import json
import time
from urllib.parse import urlencode

import pytest

BODIES = [
    '{"a":"it\'s"}',
    '{"a":"é😀\u2028"}',
    "[1,2]",
    '"text"',
    '""',
    "null",
    "false",
    "12345678901234567890",
    '{"deep":' * 50 + "1" + "}" * 50,
]


def envelope_of(contract, answer) -> dict:
    return contract.executions.input(answer.expect(200).json()["executionArn"])


@pytest.mark.contract("input.request")
@pytest.mark.parametrize("body", BODIES)
def test_the_body_stands_in_it(contract, body):
    envelope = envelope_of(contract, contract.http.post(contract.url("/envelope/t1"), body=body))
    assert envelope["body"] == json.loads(body)


@pytest.mark.contract("input.body.empty")
def test_an_empty_body_is_an_empty_object(contract):
    assert envelope_of(contract, contract.http.post(contract.url("/envelope/t1")))["body"] == {}


@pytest.mark.contract("input.request", "input.request.context", "input.request.headers")
def test_it_has_what_was_chosen_and_nothing_else(contract):
    answer = contract.http.post(
        contract.url("/envelope/it's?q=a%22b&q2="),
        json={},
        headers={
            "x-tenant": 'it\'s "T"',
            "X-TRACE": "1",
            "Authorization": "secret",
            "Cookie": "c=1",
            "User-Agent": "u/1",
        },
    )
    envelope = envelope_of(contract, answer)
    assert envelope == {
        "body": {},
        "path": {"tenant": "it's"},
        "querystring": {"q": 'a"b', "q2": ""},
        "header": {"x-tenant": 'it\'s "T"', "x-trace": "1"},
        "requestContext": {
            "requestId": answer.headers["x-amzn-requestid"],
            "stage": "alpha",
            "httpMethod": "POST",
            "identity": {"sourceIp": envelope["requestContext"]["identity"]["sourceIp"], "userAgent": "u/1"},
        },
        "authorizer": {},
    }
    assert envelope["requestContext"]["identity"]["sourceIp"]


@pytest.mark.contract("input.request.headers")
def test_a_query_string_is_no_header(contract):
    answer = contract.http.post(contract.url("/envelope/t?X-Tenant=forged"), json={})
    assert envelope_of(contract, answer)["header"] == {}


@pytest.mark.contract("input.request.context", "input.request.headers")
def test_by_default_nothing_is_chosen(contract):
    headers = {"Content-Type": "application/json", "X-Tenant": "t", "Authorization": "secret"}
    answer = contract.http.post(contract.url("/envelope/form/t1"), body="{}", headers=headers)
    envelope = {"body": {}, "path": {"tenant": "t1"}, "querystring": {}, "header": {}}
    assert envelope_of(contract, answer) == {**envelope, "requestContext": {}, "authorizer": {}}


@pytest.mark.contract("input.request.closed")
@pytest.mark.parametrize(
    "body", ['1,"authorizer":{"admin":true}', '1,"admin":true', "{}}", '{},"path":{}', "{", "it's"]
)
def test_a_body_can_write_no_other_member(contract, body):
    """It is refused, or it is data: in no case does it stand beside the envelope's own members."""
    answer = contract.http.post(contract.url("/envelope/t1"), body=body)
    if answer.status == 200:
        text = contract.executions.input_text(answer.json()["executionArn"])
        # As pairs: of two members of one name a dictionary would keep the last, and hide the other.
        names = [name for name, _ in json.loads(text, object_pairs_hook=list)]
        assert names == ["body", "path", "querystring", "header", "authorizer", "requestContext"]
    else:
        assert set(answer.expect(400).json()) == {"message", "type", "requestId"}


FORMS = [
    {"a": "1"},
    {"name": 'O\'Hara & "sons"', "note": "50% off + more\nline two", "é": "😀"},
    {"empty": ""},
    {"a=b": "c=d"},
]


class TestForms:
    def post(self, contract, path: str, form) -> object:
        text = form if isinstance(form, str) else urlencode(form)
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return contract.http.post(contract.url(path), body=text, headers=headers)

    @pytest.mark.contract("input.form")
    @pytest.mark.parametrize("form", FORMS)
    def test_the_fields_are_an_object_of_strings(self, contract, form):
        started = self.post(contract, "/form", form).expect(200).json()
        assert contract.executions.input(started["executionArn"]) == form

    @pytest.mark.contract("input.form")
    @pytest.mark.parametrize(
        ("text", "fields"),
        [("a", {"a": ""}), ("a=1&a=2", {"a": "2"}), ("&&a=1&", {"a": "1"}), ("=1&a=2", {"a": "2"}), ("", {})],
    )
    def test_odd_forms(self, contract, text, fields):
        started = self.post(contract, "/form", text).expect(200).json()
        assert contract.executions.input(started["executionArn"]) == fields

    @pytest.mark.contract("input.form.json")
    def test_the_route_still_takes_json(self, contract):
        started = contract.http.post(contract.url("/form"), json={"a": [1]}).expect(200).json()
        assert contract.executions.input(started["executionArn"]) == {"a": [1]}

    @pytest.mark.contract("name.json_path", "error.400.InvalidName")
    def test_the_name_is_a_field(self, contract, expect_error):
        name = f"form-{time.time_ns()}"
        started = self.post(contract, "/form/named", {"id": name, "x": "y"}).expect(200).json()
        assert started["executionArn"].endswith(f":{name}")
        expect_error(self.post(contract, "/form/named", {"x": "y"}), 400, "InvalidName")

    @pytest.mark.contract("input.form")
    def test_the_envelope_has_the_fields(self, contract):
        answer = self.post(contract, "/envelope/form/t1", {"a": "it's"})
        assert envelope_of(contract, answer)["body"] == {"a": "it's"}

    @pytest.mark.contract("input.form")
    @pytest.mark.parametrize("fields", [999, 1000])
    def test_a_thousand_fields(self, contract, fields):
        form = {f"f{number}": str(number) for number in range(fields)}
        started = self.post(contract, "/form", form).expect(200).json()
        assert contract.executions.input(started["executionArn"]) == form

    @pytest.mark.contract("error.400.form", "input.form", "start.refused")
    @pytest.mark.parametrize("path", ["/form", "/form/named", "/envelope/form/t1"])
    @pytest.mark.parametrize("fields", [1001, 5000])
    def test_more_are_refused_and_none_is_lost(self, contract, starts_nothing, expect_error, path, fields):
        form = "&".join(["id=x", *(f"f{number}={number}" for number in range(fields - 1))])
        with starts_nothing(contract):
            message = expect_error(self.post(contract, path, form), 400, "BAD_REQUEST_BODY")
        assert "1,000 fields" in message

    @pytest.mark.contract("error.400.form", "input.form", "start.refused")
    @pytest.mark.parametrize("path", ["/form", "/form/named", "/envelope/form/t1"])
    def test_a_percent_sign_that_is_no_escape(self, contract, starts_nothing, expect_error, path):
        forms = ["id=x&a=100%", "id=x&%zz=a", "id=%u0041", "%4", "id=x&a=%%41", "a=1&id=%E9%", "id=x&a=% 41", "id=%"]
        with starts_nothing(contract):
            for form in forms:
                assert "%25" in expect_error(self.post(contract, path, form), 400, "BAD_REQUEST_BODY"), form


class TestMoreThanAThousand:
    """What a template goes through one by one ends after 1,000 rounds."""

    @pytest.mark.contract("input.request")
    def test_parameters_of_the_query_string(self, contract):
        query = {f"q{number}": "v" for number in range(1000)}
        answer = contract.http.post(contract.url(f"/envelope/t1?{urlencode(query)}"), json={})
        assert envelope_of(contract, answer)["querystring"] == query

    @pytest.mark.contract("error.400.too_many", "input.request", "start.refused")
    def test_more_are_refused(self, contract, starts_nothing, expect_error):
        query = urlencode({f"q{number}": "v" for number in range(1001)})
        with starts_nothing(contract):
            answer = contract.http.post(contract.url(f"/envelope/t1?{query}"), json={})
            message = expect_error(answer, 400, "BAD_REQUEST_PARAMETERS")
        assert "1,000 query string parameters" in message

    @pytest.mark.contract("error.400.too_many", "input.request.headers", "start.refused")
    def test_headers(self, contract, starts_nothing, expect_error):
        headers = {f"h{number}": "v" for number in range(1001)}
        with starts_nothing(contract):
            answer = contract.http.post(contract.url("/envelope/t1"), json={}, headers=headers)
            message = expect_error(answer, 400, "BAD_REQUEST_PARAMETERS")
        assert "1,000 headers" in message
