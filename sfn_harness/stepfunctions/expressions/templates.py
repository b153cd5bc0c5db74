"""Payload templates: JSON values with expressions in them, compiled into trees that evaluate what is not constant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sfn_harness.stepfunctions.expressions.types import Data, Expression, ExpressionError, Template

Json = Any
_Made = TypeVar("_Made")


class Constant:
    """A value without expressions; it is its own result."""

    __slots__ = ("value",)

    def __init__(self, value: Json) -> None:
        self.value = value

    def evaluate(self, data: Data) -> Json:  # noqa: ARG002
        """Return the value."""
        return self.value

    def variables(self) -> frozenset[str]:
        """Return nothing."""
        return frozenset()


class ObjectTemplate:
    """An object with expressions among its values."""

    __slots__ = ("_members",)

    def __init__(self, members: list[tuple[str, Expression | Template]]) -> None:
        self._members = members

    def evaluate(self, data: Data) -> Json:
        """Return the object."""
        return {name: member.evaluate(data) for name, member in self._members}

    def variables(self) -> frozenset[str]:
        """Return what the members read."""
        return frozenset().union(*(member.variables() for _name, member in self._members))


class ArrayTemplate:
    """An array with expressions among its items."""

    __slots__ = ("_items",)

    def __init__(self, items: list[Expression | Template]) -> None:
        self._items = items

    def evaluate(self, data: Data) -> Json:
        """Return the array."""
        return [item.evaluate(data) for item in self._items]

    def variables(self) -> frozenset[str]:
        """Return what the items read."""
        return frozenset().union(*(item.variables() for item in self._items))


def at(place: str, compile_it: Callable[..., _Made], *args: Json) -> _Made:
    """Compile a part of a value that is at a place in it. Raises ExpressionError, which knows the place."""
    try:
        return compile_it(*args)
    except ExpressionError as error:
        error.inside = place + error.inside
        raise


def payload_template(value: Json, compile_member: Callable[[str, str], Expression]) -> Template | Expression:
    """Compile a JSONPath template: a member named ``x.$`` is the expression of ``x``.

    Args:
        value: the template.
        compile_member: makes an expression of a member's text and its name with ``.$``.

    """
    if isinstance(value, dict):
        members: list[tuple[str, Expression | Template]] = []
        for name, member in value.items():
            if name.endswith(".$"):
                members.append((name[:-2], compile_member(member, name)))
            else:
                members.append((name, at(f"/{name}", payload_template, member, compile_member)))
        return _object(value, members)
    if isinstance(value, list):
        items = [at(f"[{index}]", payload_template, item, compile_member) for index, item in enumerate(value)]
        return _array(value, items)
    return Constant(value)


def jsonata_template(
    value: Json, field: str, compile_text: Callable[[str, str], Expression | None]
) -> Template | Expression:
    """Compile a JSONata template: each string ``{% ... %}`` is an expression.

    Args:
        value: the template.
        field: what causes name, such as ``Arguments``; members are ``Arguments/name``, items ``Arguments[0]``.
        compile_text: makes an expression of a string and its field, or None of a string that is none.

    """
    if isinstance(value, str):
        return compile_text(value, field) or Constant(value)
    if isinstance(value, dict):
        members = [
            (name, at(f"/{name}", jsonata_template, member, f"{field}/{name}", compile_text))
            for name, member in value.items()
        ]
        return _object(value, members)
    if isinstance(value, list):
        items = [
            at(f"[{index}]", jsonata_template, item, f"{field}[{index}]", compile_text)
            for index, item in enumerate(value)
        ]
        return _array(value, items)
    return Constant(value)


def _object(value: Json, members: list[tuple[str, Expression | Template]]) -> Template:
    if all(isinstance(member, Constant) for _name, member in members):
        return Constant(value)
    return ObjectTemplate(members)


def _array(value: Json, items: list[Expression | Template]) -> Template:
    return Constant(value) if all(isinstance(item, Constant) for item in items) else ArrayTemplate(items)
