"""JSONPath as the Java library json-path (by Jayway) reads it, which is what API Gateway's `$input` offers.

`evaluate(path, document)` returns the value for a definite path, None where there is none, and a list for a path that
may have several (wildcards, `..`, filters, slices, several names). Only what json-path's own README describes, plus
`['a','b']` on maps, negative indexes, and the functions length(), keys(), min(), max(), avg(), sum(), first(), last().
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

Select = Callable[[Any, Any], Iterator[Any]]


class JsonPathError(ValueError):
    """A path that is not JSONPath, or has something in it that is not supported here."""


_MISSING = object()
_NAME = re.compile(r"[^.\[\]()\s'\"?@,*]+")
_NAME_IN_FILTER = re.compile(r"[^.\[\]()\s'\"?@,*=<>!&|~]+")
_QUOTED = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*""")
_INDEXES = re.compile(r"\s*-?\d+\s*(?:,\s*-?\d+\s*)*")
_SLICE = re.compile(r"\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?")
_FUNCTION = re.compile(r"\.(length|size|keys|min|max|avg|sum|first|last)\(\)")
_OPERATOR = re.compile(r"\s*(==|!=|<=|>=|<|>|=~|(?:in|nin|anyof|noneof|subsetof|contains|size|empty)\b)\s*")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_REGEX = re.compile(r"/((?:[^/\\]|\\.)*)/([imsux]*)")
_ESCAPE = re.compile(r"\\(.)")


def evaluate(path: str, document: Any) -> Any:
    """Return what a path selects in a document of dicts, lists and scalars; raises JsonPathError for a bad path."""
    return compile_path(path)(document)


@lru_cache(maxsize=512)
def compile_path(path: str) -> Callable[[Any], Any]:
    """Return the function from a document to what the path selects in it."""
    text = path.strip()
    if not text.startswith(("$", "@")):
        text = f"$.{text}"
    parser = _Parser(text)
    run = parser.path()
    if parser.at != len(text):
        raise parser.error("the end of the path")
    return lambda document: run(document, document, False)


def _descend(node: Any) -> Iterator[Any]:
    yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _descend(child)


def _name(name: str) -> Select:
    def select(node: Any, root: Any) -> Iterator[Any]:  # noqa: ARG001
        if isinstance(node, dict) and name in node:
            yield node[name]

    return select


def _names(names: tuple[str, ...]) -> Select:
    def select(node: Any, root: Any) -> Iterator[Any]:  # noqa: ARG001
        if isinstance(node, dict):
            yield {name: node[name] for name in names if name in node}

    return select


def _indexes(indexes: tuple[int, ...]) -> Select:
    def select(node: Any, root: Any) -> Iterator[Any]:  # noqa: ARG001
        if isinstance(node, list):
            for index in indexes:
                if -len(node) <= index < len(node):
                    yield node[index]

    return select


def _slice(begin: int | None, end: int | None, step: int | None) -> Select:
    def select(node: Any, root: Any) -> Iterator[Any]:  # noqa: ARG001
        if isinstance(node, list):
            yield from node[begin:end:step]

    return select


def _children(node: Any, root: Any) -> Iterator[Any]:  # noqa: ARG001
    if isinstance(node, (dict, list)):
        yield from list(node.values()) if isinstance(node, dict) else list(node)


def _filter(test: Callable[[Any, Any], bool]) -> Select:
    def select(node: Any, root: Any) -> Iterator[Any]:
        if isinstance(node, list):
            yield from (item for item in node if test(item, root))
        elif isinstance(node, dict) and test(node, root):
            yield node

    return select


def _numbers(value: Any) -> list:
    items = value if isinstance(value, list) else []
    return [item for item in items if isinstance(item, (int, float)) and not isinstance(item, bool)]


def _apply(function: str, value: Any) -> Any:
    """Apply a path's function; None where it makes no sense."""
    if function in ("length", "size"):
        return len(value) if isinstance(value, (str, list, dict)) else None
    if function == "keys":
        return list(value) if isinstance(value, dict) else None
    if function in ("first", "last"):
        return value[0 if function == "first" else -1] if isinstance(value, list) and value else None
    numbers = [float(number) for number in _numbers(value)]
    if not numbers:
        return None
    if function == "avg":
        return sum(numbers) / len(numbers)
    return {"min": min, "max": max, "sum": sum}[function](numbers)


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.name = _NAME

    def error(self, expected: str) -> JsonPathError:
        return JsonPathError(f"{expected} was expected at character {self.at + 1} of the JSONPath {self.text!r}")

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
        return match

    def skip(self, literal: str) -> bool:
        found = self.text.startswith(literal, self.at)
        self.at += len(literal) * found
        return found

    def space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def path(self) -> Callable[[Any, Any, bool], Any]:
        """Parse a path from its $ or @; its function takes the node, the root, and whether to say _MISSING."""
        from_root = self.text[self.at] == "$"
        self.at += 1
        steps: list[tuple[bool, Select]] = []
        functions: list[str] = []
        definite = True
        while self.at < len(self.text):
            function = self.take(_FUNCTION)
            if function:
                functions.append(function.group(1))
                continue
            deep = self.skip("..")
            if deep:
                definite = False
            elif self.text[self.at] == ".":
                self.at += 1
            elif self.text[self.at] != "[":
                break
            if self.text.startswith("[", self.at):
                single, select = self.bracket()
            elif self.skip("*"):
                single, select = False, _children
            else:
                name = self.take(self.name)
                if not name:
                    raise self.error("a name, * or [")
                single, select = True, _name(name.group())
            definite = definite and single
            steps.append((deep, select))

        def run(node: Any, root: Any, marked: bool) -> Any:
            nodes = [root if from_root else node]
            for is_deep, select in steps:
                if is_deep:
                    nodes = [below for item in nodes for below in _descend(item)]
                nodes = [found for item in nodes for found in select(item, root)]
            value = (nodes[0] if nodes else (_MISSING if marked else None)) if definite else nodes
            for function in functions:
                value = None if value is _MISSING else _apply(function, value)
            return value

        return run

    def bracket(self) -> tuple[bool, Select]:
        """Parse `[...]`; return whether it selects one thing at most, and the selection."""
        self.at += 1
        self.space()
        if self.skip("?"):
            self.space()
            if not self.skip("("):
                raise self.error("(")
            outside, self.name = self.name, _NAME_IN_FILTER
            test = self.either()
            self.name = outside
            self.space()
            if not self.skip(")"):
                raise self.error(")")
            found: tuple[bool, Select] = (False, _filter(test))
        elif self.skip("*"):
            found = (False, _children)
        elif (names := self.quoted_names()) is not None:
            found = (True, _name(names[0]) if len(names) == 1 else _names(names))
        elif slice_ := self.take(_SLICE):
            found = (False, _slice(*(None if part is None else int(part) for part in slice_.groups())))
        elif indexes := self.take(_INDEXES):
            numbers = tuple(int(part) for part in indexes.group().split(","))
            found = (len(numbers) == 1, _indexes(numbers))
        else:
            raise self.error("a quoted name, an index, a slice, * or ?(...)")
        self.space()
        if not self.skip("]"):
            raise self.error("]")
        return found

    def quoted_names(self) -> tuple[str, ...] | None:
        names: list[str] = []
        while quoted := self.take(_QUOTED):
            names.append(self.unescape(quoted))
            if not self.skip(","):
                return tuple(names)
        if names:
            raise self.error("a quoted name")
        return None

    @staticmethod
    def unescape(quoted: re.Match[str]) -> str:
        text = quoted.group(1) if quoted.group(1) is not None else quoted.group(2)
        return _ESCAPE.sub(lambda match: {"n": "\n", "t": "\t", "r": "\r"}.get(match.group(1), match.group(1)), text)

    def either(self) -> Callable[[Any, Any], bool]:
        tests = [self.both()]
        while self.space() or self.skip("||"):
            tests.append(self.both())
        return tests[0] if len(tests) == 1 else lambda node, root: any(test(node, root) for test in tests)

    def both(self) -> Callable[[Any, Any], bool]:
        tests = [self.test()]
        while self.space() or self.skip("&&"):
            tests.append(self.test())
        return tests[0] if len(tests) == 1 else lambda node, root: all(test(node, root) for test in tests)

    def test(self) -> Callable[[Any, Any], bool]:
        self.space()
        if self.skip("!"):
            negated = self.test()
            return lambda node, root: not negated(node, root)
        if self.skip("("):
            inner = self.either()
            self.space()
            if not self.skip(")"):
                raise self.error(")")
            return inner
        left = self.operand()
        symbol = self.take(_OPERATOR)
        if not symbol:
            return lambda node, root: left(node, root) is not _MISSING
        right = self.operand()
        compare = _COMPARE[symbol.group(1)]

        def test(node: Any, root: Any) -> bool:
            one, other = left(node, root), right(node, root)
            return compare(one, other)

        return test

    def operand(self) -> Callable[[Any, Any], Any]:
        self.space()
        if self.text[self.at : self.at + 1] in ("@", "$"):
            run = self.path()
            return lambda node, root: run(node, root, True)
        value = self.constant()
        return lambda node, root: value  # noqa: ARG005

    def constant(self) -> Any:
        self.space()
        if quoted := self.take(_QUOTED):
            return self.unescape(quoted)
        if number := self.take(_NUMBER):
            text = number.group()
            return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
        if regex := self.take(_REGEX):
            flags = 0
            for letter in regex.group(2):
                flags |= {"i": re.I, "m": re.M, "s": re.S, "x": re.X}.get(letter, 0)
            return re.compile(regex.group(1), flags)
        for word, value in (("true", True), ("false", False), ("null", None)):
            if self.skip(word):
                return value
        if self.skip("["):
            items: list[Any] = []
            self.space()
            while not self.skip("]"):
                items.append(self.constant())
                self.space()
                if not self.skip(",") and not self.text.startswith("]", self.at):
                    raise self.error(", or ]")
            return items
        raise self.error("a path or a constant")


def _comparable(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return False
    numbers = (int, float)
    return (isinstance(left, str) and isinstance(right, str)) or (
        isinstance(left, numbers) and isinstance(right, numbers)
    )


def _equal(left: Any, right: Any) -> bool:
    if left is _MISSING or right is _MISSING or isinstance(left, bool) is not isinstance(right, bool):
        return False
    return left == right


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda left, right: _comparable(left, right) and compare(left, right)


def _listed(left: Any, right: Any) -> bool:
    return isinstance(right, list) and any(_equal(left, item) for item in right)


def _all_listed(left: Any, right: Any) -> bool:
    return isinstance(left, list) and all(_listed(item, right) for item in left)


def _any_listed(left: Any, right: Any) -> bool:
    return isinstance(left, list) and any(_listed(item, right) for item in left)


def _contains(left: Any, right: Any) -> bool:
    return right in left if isinstance(left, str) and isinstance(right, str) else _listed(right, left)


def _matches(left: Any, right: Any) -> bool:
    return isinstance(left, str) and isinstance(right, re.Pattern) and right.fullmatch(left) is not None


def _sized(value: Any) -> bool:
    return isinstance(value, (str, list, dict))


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "=~": _matches,
    "in": _listed,
    "nin": lambda left, right: not _listed(left, right),
    "anyof": _any_listed,
    "noneof": lambda left, right: isinstance(left, list) and not _any_listed(left, right),
    "subsetof": _all_listed,
    "contains": _contains,
    "size": lambda left, right: _sized(left) and len(left) == right,
    "empty": lambda left, right: _sized(left) and (not left) is right,
}
