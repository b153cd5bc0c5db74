"""The variables API Gateway gives to a mapping template: $input, $util, $context and $stageVariables.

The reference is "Variables for data transformations for API Gateway" in AWS's developer guide. What that leaves open
is taken from responses that others recorded from AWS: a map from $input.path prints as Java's maps do, a list as JSON
(json-smart's JSONArray), whatever is inside them.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus, unquote_plus

from sfn_harness.velocity import HostObject, MethodError, TemplateError, java_method
from sfn_harness.velocity.values import double_to_string, to_string, units

from .jsonpath import JsonPathError, evaluate


class InvalidJsonBody(TemplateError):  # noqa: N818  (named for what the caller answers)
    """A template asked for a part of a body that is not JSON: the caller answers 400."""


class JsonArray(list):
    """A JSON list: to a template a Java list, except that it prints as JSON."""

    __slots__ = ()

    def render_to_string(self) -> str:
        """Return the list as compact JSON."""
        return to_json(self)


class OverrideMap(dict):
    """The parameters a template overrides, each of them once.

    AWS: "If you try to override the same parameter multiple times, API Gateway returns a 5XX response".
    """

    __slots__ = ()

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self and not isinstance(self[key], OverrideMap):
            raise TemplateError(f"{key} is overridden more than once")
        super().__setitem__(key, value)


class HeaderMap(dict):
    """A request's headers: their names match in any case."""

    __slots__ = ("_names",)

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(headers)
        self._names = {name.lower(): name for name in headers}

    def get(self, key: Any, default: Any = None) -> Any:
        """Return a header's value."""
        name = self._names.get(key.lower(), key) if isinstance(key, str) else key
        return super().get(name, default)

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or (isinstance(key, str) and key.lower() in self._names)


_SHORT_ESCAPES = (
    ("\\", "\\\\"),  # the first, so that it leaves the others' backslashes alone
    ('"', '\\"'), ("'", "\\'"), ("/", "\\/"),
    ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"), ("\b", "\\b"), ("\f", "\\f"),
)  # fmt: skip
_LONG_ESCAPES = re.compile(r"[^ -\x7f]")


def escape_javascript(text: str) -> str:
    r"""Return what StringEscapeUtils.escapeJavaScript of commons-lang 2.6 returns.

    Quotes of both kinds, backslashes and slashes get a backslash, which makes `\'`: valid in JavaScript, not in JSON.
    Control characters and everything above U+007F become `\uXXXX`, one for each UTF-16 unit, in capitals.
    """
    for character, escape in _SHORT_ESCAPES:
        text = text.replace(character, escape)
    return text if text.isascii() and text.isprintable() else _LONG_ESCAPES.sub(_long_escape, text)


def _long_escape(match: re.Match[str]) -> str:
    character = match.group()
    if character < "\U00010000":
        return "\\u%04X" % ord(character)  # noqa: UP031  (the fastest, and this runs for each character)
    return "".join(f"\\u{ord(unit):04X}" for unit in units(character))


def _parse_float(text: str) -> float | Decimal:
    number = float(text)
    return Decimal(text) if len(text) > 18 or number in (float("inf"), float("-inf")) else number


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is not JSON")


def parse_json(text: str) -> Any:
    """Return JSON as a template sees it; raises ValueError for what is not JSON.

    Numbers keep their value: whole ones are exact, others are doubles, or decimals when they are written with more than
    18 characters, as json-smart has it.
    """
    try:
        return _with_json_arrays(json.loads(text, parse_float=_parse_float, parse_constant=_refuse_constant))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _with_json_arrays(value: Any) -> Any:
    if type(value) is dict:
        for key, item in value.items():
            if type(item) in (dict, list):
                value[key] = _with_json_arrays(item)
        return value
    if type(value) is list:
        return JsonArray([_with_json_arrays(item) if type(item) in (dict, list) else item for item in value])
    return value


_quote = json.encoder.encode_basestring


def to_json(value: Any) -> str:
    """Return compact JSON for a value of a template's."""
    if isinstance(value, str):
        return _quote(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return double_to_string(value)
    if isinstance(value, (int, Decimal)):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quote(to_string(key))}:{to_json(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(to_json, value)) + "]"
    return _quote(to_string(value))


class Input(HostObject):
    """$input: the request's or the integration response's body and parameters."""

    __slots__ = ("_body", "_document", "_parameters", "_parsed")

    def __init__(self, body: str, parameters: dict[str, dict[str, str]]) -> None:
        self._body = body
        self._parameters = parameters
        self._document: Any = None
        self._parsed = False

    def java_property(self, name: str) -> Any:
        """`$input.body`, the body as it came."""
        return self._body if name == "body" else None

    def _at(self, path: Any) -> Any:
        if not self._parsed:
            try:
                self._document = parse_json(self._body) if self._body else None
            except ValueError as error:
                raise InvalidJsonBody(f"Could not parse request body into json: {error}") from None
            self._parsed = True
        try:
            found = evaluate(to_string(path), self._document)
        except JsonPathError as error:
            raise MethodError(str(error)) from None
        return JsonArray(found) if type(found) is list else found

    @java_method("path", 1)
    def path(self, path: Any) -> Any:
        """`$input.path(jsonpath)`: the value itself. What a template changes in it, a later `json` sees."""
        return self._at(path)

    @java_method("json", 1)
    def json(self, path: Any) -> str:
        """`$input.json(jsonpath)`: the value as JSON; `""` (with the quotes) where there is none."""
        found = self._at(path)
        return '""' if found is None else to_json(found)

    @java_method("params", 0)
    def all_params(self) -> dict[str, dict[str, str]]:
        """`$input.params()`: a map of the maps `path`, `querystring` and `header`."""
        return self._parameters

    @java_method("params", 1)
    def params(self, name: Any) -> Any:
        """`$input.params(name)`: one of the three maps, or the parameter of that name, the empty string without one.

        AWS: "Returns the value of a method request parameter from the path, query string, or header value (searched in
        that order)".
        """
        if name in self._parameters:
            return self._parameters[name]
        for parameters in self._parameters.values():
            value = parameters.get(name)
            if value is not None:
                return value
        return ""


class Util(HostObject):
    """$util: API Gateway's utility functions. A null gives null."""

    __slots__ = ()

    @java_method("escapeJavaScript", 1)
    def escape_javascript(self, value: Any) -> str | None:
        """`$util.escapeJavaScript(text)`; see `escape_javascript`."""
        return None if value is None else escape_javascript(value if type(value) is str else to_string(value))

    @java_method("parseJson", 1)
    def parse_json(self, value: Any) -> Any:
        """`$util.parseJson(text)`: the object that a JSON text describes."""
        try:
            return None if value is None else parse_json(to_string(value))
        except ValueError as error:
            raise MethodError(f"parseJson failed: {error}") from None

    @java_method("urlEncode", 1)
    def url_encode(self, value: Any) -> str | None:
        """`$util.urlEncode(text)`: application/x-www-form-urlencoded, as java.net.URLEncoder writes it."""
        if value is None:
            return None
        text = to_string(value).encode("utf-8", "replace")
        return quote_plus(text, safe="*").replace("~", "%7E")

    @java_method("urlDecode", 1)
    def url_decode(self, value: Any) -> str | None:
        """`$util.urlDecode(text)`; fails where a % has no two hexadecimal digits after it."""
        if value is None:
            return None
        text = to_string(value)
        if re.search(r"%(?![0-9A-Fa-f]{2})", text):
            raise MethodError("urlDecode failed: a % is not followed by two hexadecimal digits")
        return unquote_plus(text)

    @java_method("base64Encode", 1)
    def base64_encode(self, value: Any) -> str | None:
        """`$util.base64Encode(text)`, of its UTF-8 bytes."""
        return None if value is None else base64.b64encode(to_string(value).encode("utf-8", "replace")).decode()

    @java_method("base64Decode", 1)
    def base64_decode(self, value: Any) -> str | None:
        """`$util.base64Decode(text)`, to the text that the bytes are in UTF-8."""
        if value is None:
            return None
        try:
            return base64.b64decode(to_string(value)).decode("utf-8", "replace")
        except (binascii.Error, ValueError) as error:
            raise MethodError(f"base64Decode failed: {error}") from None


UTIL = Util()


def _tree(value: Any) -> Any:
    """Copy maps and lists, so that a template changes its own copy only."""
    kind = type(value)
    if kind is str or kind is int:  # most of what there is
        return value
    if kind is dict or isinstance(value, Mapping):
        return {key: _tree(item) for key, item in value.items()}
    return [_tree(item) for item in value] if isinstance(value, (list, tuple)) else value


def template_variables(
    *,
    body: str,
    path: Mapping[str, str],
    querystring: Mapping[str, str],
    header: Mapping[str, str],
    context: Mapping[str, object],
    stage_variables: Mapping[str, str],
    empty_body: str = "{}",
    overrides: Mapping[str, object] | None = None,
) -> dict[str, object]:
    """Return the variables of one request's, or response's, mapping template.

    `body` is the payload as text; an empty one becomes `empty_body`, as API Gateway makes `{}` of a request without a
    body. `context` is $context's tree of dicts and scalars; it is copied, and gets `requestOverride` (`header`, `path`,
    `querystring`) and `responseOverride` (`header`, and `status` once a template sets it). After rendering, read these
    two in the result's "context"; overriding one parameter twice fails, as on AWS. `overrides` are these two as the
    request's template left them, for the response's template.

    The result has the keys `input`, `util`, `context` and `stageVariables`, and serves one rendering.
    """
    tree = _tree(context)
    tree |= overrides or {
        "requestOverride": OverrideMap(header=OverrideMap(), path=OverrideMap(), querystring=OverrideMap()),
        "responseOverride": OverrideMap(header=OverrideMap()),
    }
    parameters = {"path": dict(path), "querystring": dict(querystring), "header": HeaderMap(header)}
    return {
        "input": Input(body or empty_body, parameters),
        "util": UTIL,
        "context": tree,
        "stageVariables": dict(stage_variables),
    }
