"""The settings that a module declares, read from the types of its variables, and those that a configuration has."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hcl2

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_][\w-]*|-?[0-9.]+|[^\s\w]')
_PLAIN = ("bool", "number", "string")


def declared(root: Path) -> set[str]:
    """Return the settings that the module in `root` has: "cors.origins", and with * for a key of a map.

    Those of a variable of any type are declared in modules/settings, by a variable of the same name.
    """
    types, typed = _types(root), _types(root / "modules" / "settings")
    return {
        setting
        for name, text in types.items()
        for setting in _Type(typed[name] if text == "any" else text).settings(name)
    }


def _types(directory: Path) -> dict[str, str]:
    with (directory / "variables.tf").open(encoding="utf-8") as file:
        blocks = hcl2.load(file)["variable"]
    return {name.strip('"'): contents["type"].strip('"') for block in blocks for name, contents in block.items()}


class _Type:
    """A type expression, read from left to right."""

    def __init__(self, text: str) -> None:
        self._tokens = _TOKEN.findall(re.sub(r"^\$\{(.*)\}$", r"\1", text, flags=re.DOTALL))

    def settings(self, name: str) -> set[str]:
        found = set(self._read(name))
        if self._tokens:
            raise ValueError(f"{name}: what is {' '.join(self._tokens)}?")
        return found

    def _next(self, *expected: str) -> str:
        token = self._tokens.pop(0)
        if expected and token not in expected:
            raise ValueError(f"expected {' or '.join(expected)}, got {token}")
        return token

    def _read(self, name: str) -> Iterator[str]:
        kind = self._next(*_PLAIN, "list", "map", "object", "optional", "set")
        if kind in _PLAIN:
            yield name
            return
        self._next("(")
        if kind == "object":
            yield from self._fields(name)
        else:
            # A list is one setting, unless it is of objects: an element has no name.
            inner = {"list": name, "set": name, "optional": name, "map": f"{name}.*"}[kind]
            found = list(self._read(inner))
            # So is a map of plain values, whose keys are the user's.
            yield from (
                [name] if kind == "map" and all(re.fullmatch(r"[*.]+", each[len(name) :]) for each in found) else found
            )
        self._skip_to_end()

    def _fields(self, name: str) -> Iterator[str]:
        self._next("{")
        while self._tokens[0] != "}":
            field = self._next()
            self._next("=", ":")
            yield from self._read(f"{name}.{field}")
            if self._tokens[0] == ",":
                self._next()
        self._next("}")

    def _skip_to_end(self) -> None:
        """Read up to the parenthesis that ends a type: behind a comma there may be a default of any form."""
        depth = 0
        while (token := self._next()) != ")" or depth:
            depth += {"(": 1, ")": -1}.get(token, 0)


def used(settings: Mapping[str, Any], declarations: set[str]) -> dict[str, Any]:
    """Return those of the declared settings that a configuration has, and their values.

    Raises:
        KeyError: it has one that is not declared.

    """
    return dict(_used(settings, "", declarations))


def _used(value: Any, name: str, declarations: set[str]) -> Iterator[tuple[str, Any]]:
    if name in declarations:
        yield name, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            inner = f"{name}.{key}".strip(".")
            known = any(other == inner or other.startswith(f"{inner}.") for other in declarations)
            yield from _used(each, inner if known else f"{name}.*", declarations)
    elif isinstance(value, list):
        for each in value:
            yield from _used(each, name, declarations)
    else:
        raise KeyError(f"{name} is not declared")
