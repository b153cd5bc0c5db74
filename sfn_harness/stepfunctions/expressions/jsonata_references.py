"""What JSONata expressions of a state may not refer to: AWS refuses the definition.

There is no document that an expression starts from: the input is ``$states.input``. The States Language
(states-language.net, "JSONata expressions") forbids ``$`` and field names at the top level, and ``$$`` everywhere.
The words for field names and for ``$states`` were seen on AWS (floci-io/floci issue 2670, 2026-08-28; anomalyco/sst
issue 6110, 2025-09-15); those for ``$`` and ``$$`` are made like them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Node = Any  # a Symbol of the package's parser

_ALWAYS = frozenset({"context", "input"})
_OF_CATCHERS = _ALWAYS | {"errorOutput"}
_OF_RESULTS = _ALWAYS | {"result"}


def unsupported(tree: Node, field: str) -> str | None:
    """Return AWS's words for the first thing that an expression may not refer to, or None.

    Args:
        tree: the parsed expression.
        field: the expression's place in its state, such as ``Catch[0]/Output/a``.

    """
    return next(_faults(tree, _states_members(field), top=True), None)


def _states_members(field: str) -> frozenset[str]:
    if field.startswith("Catch["):
        return _OF_CATCHERS
    return _OF_RESULTS if field.startswith(("Assign", "Output")) else _ALWAYS


def _faults(node: Node, members: frozenset[str], *, top: bool) -> Iterator[str]:
    """Yield the faults of a part of an expression; ``top``: there is no context item for it."""
    if node is None:
        return
    if node.type == "path":
        yield from _path_faults(node, members, top=top)
    elif node.type == "variable":
        if node.value == "$":
            yield "Reference to '$$' is not supported."
        elif node.value == "" and top:
            yield _top_level("$")
    elif node.type in ("name", "wildcard", "descendant"):
        if top:
            yield _top_level(node.value)
    elif node.type in ("lambda", "transform"):
        for part in (node.body, node.pattern, node.update, node.delete):
            yield from _faults(part, members, top=False)
    else:
        for part in _parts(node):
            yield from _faults(part, members, top=top)
    for part in _inner_parts(node):
        yield from _faults(part, members, top=False)


def _path_faults(node: Node, members: frozenset[str], *, top: bool) -> Iterator[str]:
    first, *rest = node.steps
    if first.type == "variable" and first.value == "states" and rest and rest[0].type == "name":
        name = rest[0].value
        if name not in members:
            yield f"Field '$states.{name}' does not exist."
    yield from _faults(first, members, top=top)
    for step in rest:
        yield from _faults(step, members, top=False)


def _parts(node: Node) -> Iterator[Node]:
    """Yield the parts that see the same context item as the node."""
    for name in ("procedure", "lhs", "rhs", "expression", "condition", "then", "_else"):
        part = getattr(node, name, None)
        if hasattr(part, "type"):
            yield part
    for name in ("arguments", "expressions"):
        yield from getattr(node, name, None) or ()
    for pair in getattr(node, "lhs_object", None) or ():
        yield from pair


def _inner_parts(node: Node) -> Iterator[Node]:
    """Yield the parts that see each item of the node's value: filters, orders and groups."""
    for name in ("predicate", "stages"):
        for part in getattr(node, name, None) or ():
            yield getattr(part, "expr", None)
    for term in getattr(node, "terms", None) or ():
        yield term.expression
    group = getattr(node, "group", None)
    for pair in getattr(group, "lhs_object", None) or ():
        yield from pair


def _top_level(name: str) -> str:
    return f"Reference to '{name}' at the top level is not supported."
