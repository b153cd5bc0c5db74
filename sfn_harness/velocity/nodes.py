"""Expressions and references: the parts of a template that have a value."""

# ruff: noqa: D102  (the methods are those of Node and Step, which say what they do)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .context import Context, MacroContext
from .errors import TemplateError
from .methods import call_method, get_property, index_value, set_index, set_property
from .values import arithmetic, is_number, loosely_equal, to_string

AnyContext = Context | MacroContext
Write = Callable[[str], Any]


@dataclass(frozen=True)
class Settings:
    """How a template renders; see `Template` for what each setting means."""

    print_undefined: bool = False
    max_loop: int | None = 1000
    null_is_empty: bool = True


class Node:
    """A part of a template: it renders, or has a value, or both."""

    __slots__ = ("source",)
    source: str
    """The text it was written as: what an undefined reference prints, for one."""

    def render(self, context: AnyContext, write: Write) -> None:
        """Write what the node prints."""
        raise NotImplementedError

    def value(self, context: AnyContext) -> Any:
        """Return what the node evaluates to."""
        raise NotImplementedError

    def truth(self, context: AnyContext) -> bool:  # noqa: ARG002
        """Return what the node is as a condition: in Velocity 1.7, every literal and sum is false."""
        return False


def render_all(nodes: tuple[Node, ...], context: AnyContext, write: Write) -> None:
    """Render nodes one after the other."""
    for node in nodes:
        node.render(context, write)


class Constant(Node):
    """A number, or a string without anything to interpolate."""

    __slots__ = ("constant",)

    def __init__(self, constant: Any) -> None:
        self.constant = constant

    def value(self, context: AnyContext) -> Any:  # noqa: ARG002
        return self.constant


class BooleanConstant(Constant):
    """True or false, the only literals that are conditions."""

    __slots__ = ()

    def truth(self, context: AnyContext) -> bool:  # noqa: ARG002
        return self.constant


class Interpolated(Node):
    """A string in double quotes that has references or directives in it."""

    __slots__ = ("nodes", "surplus")

    def __init__(self, nodes: tuple[Node, ...], surplus: int) -> None:
        self.nodes = nodes
        self.surplus = surplus  # the parser reads one space more than there is, which is not to be printed

    def value(self, context: AnyContext) -> str:
        out: list[str] = []
        render_all(self.nodes, context, out.append)
        text = "".join(out)
        return text[: len(text) - self.surplus]


class ListLiteral(Node):
    """`[a, b]`."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[Node, ...]) -> None:
        self.items = items

    def value(self, context: AnyContext) -> list:
        return [item.value(context) for item in self.items]


class MapLiteral(Node):
    """`{key: value}`; a LinkedHashMap, so it keeps the order."""

    __slots__ = ("items",)

    def __init__(self, items: tuple[tuple[Node, Node], ...]) -> None:
        self.items = items

    def value(self, context: AnyContext) -> dict:
        return {key.value(context): item.value(context) for key, item in self.items}


class Range(Node):
    """`[from..to]`, downwards too."""

    __slots__ = ("first", "last")
    MAX_LENGTH = 1_000_000

    def __init__(self, first: Node, last: Node) -> None:
        self.first = first
        self.last = last

    def value(self, context: AnyContext) -> list | None:
        first, last = self.first.value(context), self.last.value(context)
        if not (is_number(first) and is_number(last)):
            return None
        first, last = int(first), int(last)
        if abs(last - first) >= self.MAX_LENGTH:
            raise TemplateError(f"the range {self.source} has more than {self.MAX_LENGTH} numbers")
        return list(range(first, last + 1) if first <= last else range(first, last - 1, -1))


class Math(Node):
    """`+ - * / %`; `+` with a string on either side joins."""

    __slots__ = ("left", "operator", "right")

    def __init__(self, operator: str, left: Node, right: Node) -> None:
        self.operator = operator
        self.left = left
        self.right = right

    def value(self, context: AnyContext) -> Any:
        left, right = self.left.value(context), self.right.value(context)
        if self.operator == "+" and (type(left) is str or type(right) is str):
            # Velocity prints an undefined operand as its source here, even where undefined references are silent.
            left_text = self.left.source if left is None else to_string(left)
            return left_text + (self.right.source if right is None else to_string(right))
        return arithmetic(self.operator, left, right)


class Condition(Node):
    """An operator whose value is a boolean."""

    __slots__ = ("left", "right")

    def __init__(self, left: Node, right: Node) -> None:
        self.left = left
        self.right = right

    def value(self, context: AnyContext) -> bool:
        return self.truth(context)


class And(Condition):
    """`&&` and `and`."""

    __slots__ = ()

    def truth(self, context: AnyContext) -> bool:
        return self.left.truth(context) and self.right.truth(context)


class Or(Condition):
    """`||` and `or`."""

    __slots__ = ()

    def truth(self, context: AnyContext) -> bool:
        return self.left.truth(context) or self.right.truth(context)


class Equal(Condition):
    """`==` and `eq`."""

    __slots__ = ()

    def truth(self, context: AnyContext) -> bool:
        left, right = self.left.value(context), self.right.value(context)
        if context.runtime.settings.null_is_empty:
            left, right = "" if left is None else left, "" if right is None else right
        return loosely_equal(left, right)


class NotEqual(Equal):
    """`!=` and `ne`."""

    __slots__ = ()

    def truth(self, context: AnyContext) -> bool:
        return not super().truth(context)


class Not(Node):
    """`!` and `not`."""

    __slots__ = ("operand",)

    def __init__(self, operand: Node) -> None:
        self.operand = operand

    def value(self, context: AnyContext) -> bool:
        return not self.operand.truth(context)

    truth = value


class Compare(Condition):
    """`< <= > >=`, of numbers only; anything else is false."""

    __slots__ = ("compare",)

    def __init__(self, compare: Callable[[Any, Any], bool], left: Node, right: Node) -> None:
        super().__init__(left, right)
        self.compare = compare

    def truth(self, context: AnyContext) -> bool:
        left, right = self.left.value(context), self.right.value(context)
        return is_number(left) and is_number(right) and self.compare(left, right)


class Step:
    """What may follow a reference's name."""

    __slots__ = ()

    def get(self, target: Any, context: AnyContext) -> Any:
        """Return what the step leads to from a value that is not null."""
        raise NotImplementedError

    def set(self, target: Any, value: Any, context: AnyContext) -> None:
        """Set what the step leads to, if it can be set."""


class Property(Step):
    """`.name`."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def get(self, target: Any, context: AnyContext) -> Any:  # noqa: ARG002
        return get_property(target, self.name)

    def set(self, target: Any, value: Any, context: AnyContext) -> None:  # noqa: ARG002
        set_property(target, self.name, value)


class Method(Step):
    """`.name(arguments)`."""

    __slots__ = ("arguments", "key")

    def __init__(self, name: str, arguments: tuple[Node, ...]) -> None:
        self.key = (name, len(arguments))
        self.arguments = arguments

    def get(self, target: Any, context: AnyContext) -> Any:
        return call_method(target, self.key, [argument.value(context) for argument in self.arguments])


class Index(Step):
    """`[key]`."""

    __slots__ = ("key",)

    def __init__(self, key: Node) -> None:
        self.key = key

    def get(self, target: Any, context: AnyContext) -> Any:
        return index_value(target, self.key.value(context))

    def set(self, target: Any, value: Any, context: AnyContext) -> None:
        set_index(target, self.key.value(context), value)


class Reference(Node):
    """`$name`, with whatever follows the name."""

    __slots__ = ("escapes", "name", "place", "prefix", "quiet", "steps")

    def __init__(self, name: str, steps: tuple[Step, ...], quiet: bool, place: tuple[int, int]) -> None:
        self.name = name
        self.steps = steps
        self.quiet = quiet
        self.place = place
        self.escapes = 0
        self.prefix = ""  # what stands right before the reference and belongs to its token, such as `#` or `$`

    def value(self, context: AnyContext) -> Any:
        result = context.get(self.name)
        for step in self.steps:
            if result is None:
                return None
            try:
                result = step.get(result, context)
            except TemplateError as error:
                raise self._located(error) from None
        return result

    def truth(self, context: AnyContext) -> bool:
        result = self.value(context)
        return result is not None and result is not False

    def render(self, context: AnyContext, write: Write) -> None:
        result = self.value(context)
        if self.escapes or self.prefix:
            self._render_prefixed(result, context, write)
        elif result is None:
            write(self._undefined(context))
        elif type(result) is str:
            write(result)
        elif not render_value(result, write):
            write(self._undefined(context))

    def _render_prefixed(self, result: Any, context: AnyContext, write: Write) -> None:
        slashes = "\\" * (self.escapes // 2)
        if self.escapes % 2:
            write(slashes + ("\\" if result is None else "") + self._source_in(context))
        elif result is not None:
            write(slashes + self.prefix)
            if not render_value(result, write):
                write(self._undefined(context))
        else:
            # Half of the backslashes twice over: to Velocity they escape nothing, as there is no reference.
            doubled = slashes * 2 if context.runtime.settings.print_undefined else slashes
            write(doubled + self.prefix + self._undefined(context))

    def _undefined(self, context: AnyContext) -> str:
        if self.quiet or not context.runtime.settings.print_undefined:
            return ""
        return self._source_in(context)

    def _source_in(self, context: AnyContext) -> str:
        """Return the source; for a macro's argument on its own, what the macro was called with."""
        if not self.steps and self.source == f"${self.name}":
            return context.argument_source(self.name) or self.source
        return self.source

    def assign(self, context: AnyContext, value: Any) -> None:
        """Set the variable, or the property or element, that the reference stands for."""
        if not self.steps:
            context.put(self.name, value)
            return
        target = context.get(self.name)
        try:
            for step in self.steps[:-1]:
                if target is None:
                    return
                target = step.get(target, context)
            if target is not None:
                self.steps[-1].set(target, value, context)
        except TemplateError as error:
            raise self._located(error) from None

    def _located(self, error: TemplateError) -> TemplateError:
        if error.line is not None:
            return error
        return type(error)(f"{self.source}: {error.message}", *self.place)


def render_value(value: Any, write: Write) -> bool:
    """Write what a value prints; what #define made renders itself, and returns False where it is too deep to."""
    renders = getattr(value, "render_block", None)
    if renders is not None:
        return renders(write)
    write(to_string(value))
    return True
