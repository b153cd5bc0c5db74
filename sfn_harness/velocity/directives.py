"""Text and directives: the parts of a template that render and have no value."""

# ruff: noqa: D102  (the methods are those of Node and Step, which say what they do)

from __future__ import annotations

from collections.abc import Iterator, Sized
from contextlib import suppress
from itertools import islice
from typing import Any

from .context import MAX_MACRO_DEPTH, ForeachScope, MacroContext
from .errors import Break, TemplateError
from .nodes import AnyContext, Node, Reference, Write, render_all
from .values import ItemsView, KeysView, MapEntry, ValuesView, to_string

MAX_DEFINE_DEPTH = 2
"""How deep a #define may use itself; Velocity's default for define.provide.maxdepth."""


class Text(Node):
    """What is printed as it stands."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def render(self, context: AnyContext, write: Write) -> None:  # noqa: ARG002
        write(self.text)


class Set(Node):
    """`#set($reference = expression)`; a null changes nothing."""

    __slots__ = ("effective", "expression", "target")

    def __init__(self, target: Reference, expression: Node) -> None:
        self.target = target
        self.expression = expression
        # Velocity 1.7 takes a variable's name from the characters after the $, so that `${x}` sets one named `{`.
        self.effective = bool(target.steps) or target.source == f"${target.name}"

    def render(self, context: AnyContext, write: Write) -> None:  # noqa: ARG002
        value = self.expression.value(context)
        if value is not None and self.effective:
            self.target.assign(context, value)


class If(Node):
    """`#if ... #elseif ... #else ... #end`; the last branch's condition is None for `#else`."""

    __slots__ = ("branches",)

    def __init__(self, branches: tuple[tuple[Node | None, tuple[Node, ...]], ...]) -> None:
        self.branches = branches

    def render(self, context: AnyContext, write: Write) -> None:
        for condition, body in self.branches:
            if condition is None or condition.truth(context):
                for node in body:
                    node.render(context, write)
                return


class Foreach(Node):
    """`#foreach($item in collection) ... #end`; a map is walked by its values."""

    __slots__ = ("body", "collection", "name")
    _LOOP_NAMES = ("velocityCount", "velocityHasNext", "foreach")

    def __init__(self, name: str, collection: Node, body: tuple[Node, ...]) -> None:
        self.name = name
        self.collection = collection
        self.body = body

    def render(self, context: AnyContext, write: Write) -> None:
        items = _walk(self.collection.value(context))
        if items is None:
            return
        names = (self.name, *self._LOOP_NAMES)
        before = [context.get(name) for name in names]
        scope = ForeachScope(before[-1])
        put = context.put
        put("foreach", scope)
        try:
            for item, has_next in islice(items, context.runtime.settings.max_loop):
                scope.count += 1
                scope.has_next = has_next
                put("velocityCount", scope.count)
                put("velocityHasNext", has_next)
                put(self.name, item)
                for node in self.body:
                    node.render(context, write)
        except Break:
            pass
        finally:
            for name, value in zip(names, before, strict=True):
                if value is None:
                    context.forget(name)
                else:
                    put(name, value)


def _walk(value: Any) -> Iterator[tuple[Any, bool]] | None:
    """Return what #foreach walks for a value, each item with whether there is another; None for what it does not."""
    if isinstance(value, list):
        return _walk_list(value)
    if isinstance(value, dict):
        return _walk_map(value, list(value.values()))
    if isinstance(value, (KeysView, ValuesView)):
        return _walk_map(value, list(value))
    if isinstance(value, ItemsView):
        return _walk_map(value, [MapEntry(value.mapping, key) for key, _ in value])
    return None


def _walk_list(values: list) -> Iterator[tuple[Any, bool]]:
    size, index = len(values), 0
    while index != len(values):
        if len(values) != size:
            raise TemplateError("a list has changed while #foreach went through it")
        index += 1
        yield values[index - 1], index != len(values)


def _walk_map(view: Sized, items: list) -> Iterator[tuple[Any, bool]]:
    size = last = len(items)
    for index, item in enumerate(items, 1):
        if len(view) != size:
            raise TemplateError("a map has changed while #foreach went through it")
        yield item, index != last


class Signal(Node):
    """A directive that raises when it is reached: #break or #stop."""

    __slots__ = ("signal",)

    def __init__(self, signal: type[Exception]) -> None:
        self.signal = signal

    def render(self, context: AnyContext, write: Write) -> None:  # noqa: ARG002
        raise self.signal


class Block:
    """What #define puts in a variable: it renders anew, with the variables of that time, wherever it is used."""

    __slots__ = ("body", "context", "depth")

    def __init__(self, body: tuple[Node, ...], context: AnyContext) -> None:
        self.body = body
        self.context = context
        self.depth = 0

    def render_block(self, write: Write) -> bool:
        """Write the block; return False, and write nothing, once it is inside itself too often."""
        if self.depth >= MAX_DEFINE_DEPTH:
            return False
        self.depth += 1
        try:
            render_all(self.body, self.context, write)
        except Break:
            pass
        finally:
            self.depth -= 1
        return True

    def render_to_string(self) -> str:
        """Return what the block prints."""
        out: list[str] = []
        self.render_block(out.append)
        return "".join(out)


class Define(Node):
    """`#define($name) ... #end`."""

    __slots__ = ("body", "name")

    def __init__(self, name: str, body: tuple[Node, ...]) -> None:
        self.name = name
        self.body = body

    def render(self, context: AnyContext, write: Write) -> None:  # noqa: ARG002
        context.put(self.name, Block(self.body, context))


class MacroDefinition:
    """`#macro(name $argument ...) ... #end`."""

    __slots__ = ("arguments", "body", "name")

    def __init__(self, name: str, arguments: tuple[str, ...], body: tuple[Node, ...]) -> None:
        self.name = name
        self.arguments = arguments
        self.body = body


class BlockArgument(Node):
    """What $bodyContent is in a macro called as `#@name() ... #end`."""

    __slots__ = ("body",)

    def __init__(self, body: tuple[Node, ...]) -> None:
        self.body = body
        self.source = "$bodyContent"

    def value(self, context: AnyContext) -> Block:
        return Block(self.body, context)


class MacroCall(Node):
    """`#name(arguments)`; prints as its source when there is no macro of that name."""

    __slots__ = ("arguments", "body", "name", "place")

    def __init__(
        self, name: str, arguments: tuple[Node, ...], body: tuple[Node, ...] | None, place: tuple[int, int]
    ) -> None:
        self.name = name
        self.arguments = arguments
        self.body = body
        self.place = place

    def render(self, context: AnyContext, write: Write) -> None:
        macro = context.runtime.macros.get(self.name)
        if macro is None:
            write(self.source)
            return
        for argument in self.arguments:
            if isinstance(argument, Word):
                raise TemplateError(f"#{self.name} got the bare word {argument.word}; quote it", *self.place)
        if context.macro_depth >= MAX_MACRO_DEPTH:
            raise TemplateError(f"#{self.name} is more than {MAX_MACRO_DEPTH} macro calls deep", *self.place)
        bound: dict[str, Node] = dict(zip(macro.arguments, self.arguments, strict=False))
        if self.body is not None:
            bound["bodyContent"] = BlockArgument(self.body)
        with suppress(Break):
            render_all(macro.body, MacroContext(context, bound), write)


class Word(Node):
    """A bare word among a directive's arguments, such as the `in` of #foreach."""

    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        self.word = word

    def value(self, context: AnyContext) -> None:  # noqa: ARG002
        return None


class Evaluate(Node):
    """`#evaluate(string)`: renders a string as a template, with this one's variables."""

    __slots__ = ("expression", "place")

    def __init__(self, expression: Node, place: tuple[int, int]) -> None:
        self.expression = expression
        self.place = place

    def render(self, context: AnyContext, write: Write) -> None:
        from .parser import parse_nodes

        value = self.expression.value(context)
        if value is None:
            return
        try:
            nodes = parse_nodes(to_string(value), context.runtime.macros, self.place)
            with suppress(Break):
                render_all(nodes, context, write)
        except RecursionError:
            raise TemplateError("#evaluate is inside itself too often", *self.place) from None
