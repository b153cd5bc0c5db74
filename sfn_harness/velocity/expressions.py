"""Turns the text inside directives into nodes: references, literals and operators."""

from __future__ import annotations

import operator
import re
from bisect import bisect_right
from collections.abc import Callable
from decimal import Decimal

from . import directives as d
from . import nodes as n
from .errors import TemplateError

DOT = re.compile(r"\.(?=[A-Za-z])([A-Za-z_][A-Za-z0-9_-]*)")
REFERENCE = re.compile(r"((?:\\*\$(?:\\*!)?)+)(\{?)([A-Za-z_][A-Za-z0-9_-]*)")
_INTEGER = re.compile(r"-?[0-9]++(?![0-9]*[eE][+-]?[0-9])(?:(?=\.\.)|(?!\.))")
_FLOAT = re.compile(r"-?(?:[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+)")
_STRING = re.compile(r"""\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'""")
_WORD = re.compile(r"[A-Za-z_@][A-Za-z0-9_@]*")
_OPERATOR = re.compile(r"&&|\|\||<=|>=|==|!=|[<>+*/%]|-(?!\.?[0-9])|(?:and|or|lt|le|gt|ge|eq|ne)(?![A-Za-z0-9_@])")
_NOT = re.compile(r"[ \t\r\n]*(?:!(?!=)|not(?![A-Za-z0-9_@]))")
SPACE = re.compile(r"[ \t\r\n]*")
_UNICODE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_METHOD_ARGUMENT = re.compile(r"""[)\s\[{"'0-9.-]|\\*\$|true|false""")

_SPELLED = {"and": "&&", "or": "||", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!="}
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
_COMPARISONS: dict[str, Callable] = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}
_CONDITIONS = {"||": n.Or, "&&": n.And, "==": n.Equal, "!=": n.NotEqual}


class ExpressionParser:
    """A position in a source, and how to read an expression there."""

    def __init__(self, source: str, macros: dict[str, d.MacroDefinition], place: tuple[int, int] | None) -> None:
        self.source = source
        self.position = 0
        self.macros = macros
        self.defined_here: set[str] = set()
        self.ending_position = 0
        self.open_references: list[str] = []
        self.fixed_place = place
        self.line_starts = [0, *(match.end() for match in re.finditer("\n", source))]

    def place(self, position: int) -> tuple[int, int]:
        """Return the line and column, from 1, of a position."""
        if self.fixed_place:
            return self.fixed_place
        line = bisect_right(self.line_starts, position)
        return line, position - self.line_starts[line - 1] + 1

    def error(self, message: str, position: int) -> TemplateError:
        """Build the error for a position."""
        return TemplateError(message, *self.place(position))

    def space(self) -> None:
        """Skip white space."""
        self.position = SPACE.match(self.source, self.position).end()

    def take(self, pattern: re.Pattern[str]) -> str | None:
        """Read what matches here, if anything does."""
        match = pattern.match(self.source, self.position)
        if not match:
            return None
        self.position = match.end()
        return match.group()

    def expect(self, text: str, where: str) -> None:
        """Read exactly this text."""
        if not self.source.startswith(text, self.position):
            raise self.error(f"{text} was expected {where}", self.position)
        self.position += len(text)

    def expression(self, level: int = 0) -> n.Node:
        """Parse an expression of operators that bind at least as tightly as the level."""
        if level == len(_LEVELS):
            return self.unary()
        left = self.expression(level + 1)
        while True:
            match = _OPERATOR.match(self.source, self.position)
            symbol = match and _SPELLED.get(match.group(), match.group())
            if symbol not in _LEVELS[level]:
                return left
            self.position = match.end()
            right = self.expression(level + 1)
            if symbol in _CONDITIONS:
                left = _CONDITIONS[symbol](left, right)
            elif symbol in _COMPARISONS:
                left = n.Compare(_COMPARISONS[symbol], left, right)
            else:
                left = n.Math(symbol, left, right)
            # To Velocity, an operation's own text begins after its operator; `+` prints that where the value is null.
            left.source = self.source[match.end() : self.position]

    def unary(self) -> n.Node:
        """Parse an operand, or the negation of one."""
        start = self.position
        if not self.take(_NOT):
            return self.primary()
        node = n.Not(self.unary())
        node.source = self.source[start : self.position].strip()
        return node

    def primary(self) -> n.Node:
        """Parse an operand with the white space around it."""
        self.space()
        if self.source[self.position : self.position + 1] == "(":
            self.position += 1
            node = self.expression()
            self.expect(")", "to close (")
        else:
            node = self.literal("an operand")
        self.space()
        return node

    def parameter(self) -> n.Node:
        """Parse a method's argument, or an item of a list or map: a literal or reference, no operators."""
        self.space()
        node = self.literal("a value")
        self.space()
        return node

    def argument(self, where: str) -> n.Node:
        """Parse a directive's argument: a literal, a reference or a bare word."""
        word = _WORD.match(self.source, self.position)
        if not word or word.group() in ("true", "false"):
            return self.literal(f"an argument of {where}")
        self.position = word.end()
        node = d.Word(word.group())
        node.source = word.group()
        return node

    def literal(self, what: str) -> n.Node:
        """Parse a literal or a reference; `what` names it in the error."""
        start = self.position
        source = self.source
        reference = REFERENCE.match(source, start)
        if reference:
            node = self.reference(reference)
            if isinstance(node, n.Reference):
                return node
            raise self.error("a reference was expected", start)
        character = source[start : start + 1]
        if character in ('"', "'"):
            text = self.take(_STRING)
            if text is None:
                raise self.error(f"{character} was expected: this string does not end", start)
            node = self.string(text, start)
        elif character == "[":
            node = self.range() or self.list()
        elif character == "{":
            node = self.map()
        else:
            node = self.number_or_boolean(what)
        node.source = source[start : self.position]
        return node

    def number_or_boolean(self, what: str) -> n.Node:
        """Parse a number, true or false."""
        start = self.position
        if (text := self.take(_INTEGER)) is not None:
            return n.Constant(int(text))
        if (text := self.take(_FLOAT)) is not None:
            number = float(text)
            return n.Constant(Decimal(text) if number in (float("inf"), float("-inf")) else number)
        word = self.take(_WORD)
        if word in ("true", "false"):
            return n.BooleanConstant(word == "true")
        found = word or self.source[start : start + 1] or "the end"
        raise self.error(f"{what} was expected, and {found} came", start)

    def string(self, text: str, start: int) -> n.Node:
        """Build the node for a string literal with its quotes."""
        quote, text = text[0], text[1:-1]
        if quote == '"':
            text = _UNICODE.sub(lambda match: chr(int(match.group(1), 16)), text)
        text = text.replace(quote * 2, quote)
        if quote == "'" or not ("$" in text or "#" in text):
            return n.Constant(text)
        # As Velocity does: a blank after the text keeps a $ or # at its end from being the end of everything, unless
        # there is a comment, which would swallow it.
        surplus = 0 if "##" in text else 1
        parser = type(self)(text + " " * surplus, self.macros, self.place(start))
        nodes = parser.template()
        if surplus and nodes and all(isinstance(node, d.Text) for node in nodes):
            return n.Constant("".join(node.text for node in nodes)[:-1])
        return n.Interpolated(nodes, surplus)

    def range(self) -> n.Node | None:
        """Parse `[first..last]`, or nothing where it is not one."""
        start = self.position
        self.position += 1
        first = self.range_end()
        if first is None or not self.source.startswith("..", self.position):
            self.position = start
            return None
        self.position += 2
        last = self.range_end()
        if last is None:
            raise self.error("a whole number or a reference was expected after ..", self.position)
        self.expect("]", "to close a range")
        return n.Range(first, last)

    def range_end(self) -> n.Node | None:
        """Parse one end of a range with the white space around it."""
        self.space()
        reference = REFERENCE.match(self.source, self.position)
        if reference:
            node = self.reference(reference)
        else:
            text = self.take(_INTEGER)
            node = None if text is None else n.Constant(int(text))
        self.space()
        return node

    def list(self) -> n.Node:
        """Parse `[item, ...]`."""
        self.position += 1
        items: list[n.Node] = []
        if not self.source.startswith("]", self.position):
            items.append(self.parameter())
            while self.source.startswith(",", self.position):
                self.position += 1
                items.append(self.parameter())
        self.expect("]", "to close a list")
        return n.ListLiteral(tuple(items))

    def map(self) -> n.Node:
        """Parse `{key: value, ...}`."""
        self.position += 1
        items: list[tuple[n.Node, n.Node]] = []
        start = self.position
        self.space()
        if not self.source.startswith("}", self.position):
            self.position = start
            items.append(self.pair())
            while self.source.startswith(",", self.position):
                self.position += 1
                items.append(self.pair())
        self.expect("}", "to close a map")
        return n.MapLiteral(tuple(items))

    def pair(self) -> tuple[n.Node, n.Node]:
        """Parse `key: value`."""
        key = self.parameter()
        self.expect(":", "between a map's key and value")
        return key, self.parameter()

    def reference(self, match: re.Match[str], prefix: str = "") -> n.Node:
        """Parse a reference whose start has matched; the statement parser says how."""
        raise NotImplementedError

    def reference_after(self, match: re.Match[str], start: int) -> n.Reference:
        """Parse what follows a reference's name, and build it; its source begins at `start`."""
        brace, name = match.group(2), match.group(3)
        self.position = match.end()
        if name in ("true", "false"):
            raise self.error(f"{name} cannot be a reference's name", match.start())
        steps: list[n.Step] = []
        self.indexes(steps)
        while True:
            dot = DOT.match(self.source, self.position)
            if not dot:
                break
            if dot.group(1) in ("true", "false"):
                raise self.error(f"{dot.group(1)} cannot be a property's name", self.position)
            self.position = dot.end()
            steps.append(self.method_or_property(dot.group(1)))
            self.indexes(steps)
        if brace:
            self.expect("}", f"to close ${{{name}")
        reference = n.Reference(name, tuple(steps), False, self.place(start))
        reference.source = self.source[start : self.position]
        return reference

    def method_or_property(self, name: str) -> n.Property | n.Method:
        """Parse a method's arguments, if there are any."""
        if not self.source.startswith("(", self.position):
            return n.Property(name)
        start = self.position
        if not _METHOD_ARGUMENT.match(self.source, start + 1):
            return n.Property(name)
        self.position = start + 1
        arguments: list[n.Node] = []
        if not self.source.startswith(")", self.position):
            arguments.append(self.parameter())
            while self.source.startswith(",", self.position):
                self.position += 1
                arguments.append(self.parameter())
        self.expect(")", f"to close the arguments of {name}")
        return n.Method(name, tuple(arguments))

    def indexes(self, steps: list[n.Step]) -> None:
        """Parse `[key]`, any number of times."""
        while self.source.startswith("[", self.position):
            start = self.position
            self.position += 1
            self.space()
            if self.source[self.position : self.position + 1] in ("[", "{"):
                raise self.error("a string, a whole number or a reference was expected as an index", start)
            key = self.literal("an index")
            self.space()
            self.expect("]", "to close an index")
            steps.append(n.Index(key))
