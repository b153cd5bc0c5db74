"""Turns a template's text into nodes: the statements, and the directives around blocks.

Velocity's own parser works on tokens, and which characters make a token decides what happens to the white space
around it. The rules this file follows, each checked against the real one by tests/reference:

- `)` that closes a directive, `#else` and `#end` swallow the blanks after them up to and with a line's end, if there
  are only blanks;
- `#set(` swallows the blanks right before it where no other text comes before those on its token: at the start, after
  a directive, a reference or a comment, but not after text, a line's end included;
- a run of backslashes belongs to the reference or directive that follows it.
"""

from __future__ import annotations

import re

from . import directives as d
from .errors import Break, Stop, TemplateError
from .expressions import REFERENCE, SPACE
from .nodes import Constant, Interpolated, Node, Reference
from .references import BLOCKS, DIRECTIVE_NAME, SET, ReferenceParser

_TEXT = re.compile(r"[^$#\\]+")
_NUMBER = re.compile(r"#-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_TO_LINE_END = re.compile(r"[ \t]*(?:\r\n|\n|\r)")
_LINE_COMMENT = re.compile(r"##[^\r\n]*(?:\r\n|\n|\r|\Z)")
_UNFINISHED = re.compile(r"(?:\$(?:\\*!)?|#)\Z")

_SIGNALS = {"break": Break, "stop": Stop}


class Parser(ReferenceParser):
    """One pass over one source; `macros` collects the macros it defines, the first of a name wins."""

    def template(self) -> tuple[Node, ...]:
        """Parse the whole source."""
        nodes, ending = self.block()
        if ending:
            raise self.error(f"#{ending} does not belong to any #if, #foreach, #macro or #define", self.ending_position)
        return nodes

    def block(self) -> tuple[tuple[Node, ...], str]:
        """Parse statements up to an #end, #else or #elseif, or the end; return them, and which of these it was."""
        nodes: list[Node] = []
        source, length = self.source, len(self.source)
        while self.position < length:
            if self.open_references:
                self.after_reference(nodes)
            start = self.position
            character = source[start : start + 1]
            if not character:
                break
            if character not in "$#\\":
                match = SET.match(source, start)
                if match:
                    nodes.append(self.set_directive(match.end()))
                else:
                    self.position = _TEXT.match(source, start).end()
                    nodes.append(d.Text(source[start : self.position]))
            elif character == "\\":
                self.backslashes(nodes)
            elif character == "$":
                self.dollar(nodes)
            else:
                ending = self.hash(nodes)
                if ending:
                    self.ending_position = start
                    return tuple(nodes), ending
        return tuple(nodes), ""

    def hash(self, nodes: list[Node]) -> str:
        """Parse what begins with #; return the directive that ends a block, or an empty string."""
        source, start = self.source, self.position
        following = source[start + 1 : start + 2]
        if following == "#":
            comment = _LINE_COMMENT.match(source, start)
            self.position = comment.end()
            if self.position == len(source) and _UNFINISHED.search(comment.group(), 2):
                raise self.error("a line's end was expected after this comment's $ or #", start)
        elif following == "*":
            self.position = self.block_comment(start)
        elif source.startswith("#[[", start):
            end = self.after("]]#", start + 3, "this text block")
            nodes.append(d.Text(source[start + 3 : end - 3]))
            self.position = end
        elif SET.match(source, start):
            nodes.append(self.set_directive(SET.match(source, start).end()))
        else:
            name = DIRECTIVE_NAME.match(source, start)
            if name:
                return self.directive(name.group(1) or name.group(2), name.end(), nodes)
            number = _NUMBER.match(source, start)
            self.position = number.end() if number else start + 1
            if self.position == len(source) and not number:
                raise self.error("a directive's name was expected after #", start)
            reference = None if number else REFERENCE.match(source, self.position)
            if reference:
                nodes.append(self.reference(reference, "#"))
            elif number or not self.loses_prefix():
                nodes.append(d.Text(source[start : self.position]))
        return ""

    def block_comment(self, start: int) -> int:
        """Return where the comment that begins here ends: after its `*#`, or with the source."""
        end = self.source.find("*#", start + 2)
        if end >= 0:
            return end + 2
        if start + 2 == len(self.source) or _UNFINISHED.search(self.source, start + 2):
            raise self.error("*# was expected: this comment does not end", start)
        return len(self.source)

    def set_directive(self, position: int) -> Node:
        """Parse #set from after its parenthesis."""
        start, self.position = self.position, position
        self.space()
        match = REFERENCE.match(self.source, self.position)
        if not match:
            raise self.error("a reference such as $name was expected after #set(", self.position)
        target = self.reference(match)
        if not isinstance(target, Reference):
            raise self.error("a reference such as $name was expected after #set(", match.start())
        self.space()
        if self.source[self.position : self.position + 1] != "=":
            raise self.error("= was expected in #set", self.position)
        self.position += 1
        expression = self.expression()
        self.close_parenthesis("#set")
        node = d.Set(target, expression)
        node.source = self.source[start : self.position]
        return node

    def close_parenthesis(self, what: str) -> None:
        """Expect `)`, with the blanks up to the line's end that it swallows."""
        if self.source[self.position : self.position + 1] != ")":
            raise self.error(f") was expected to close {what}", self.position)
        self.position += 1
        self.swallow_line()

    def swallow_line(self) -> None:
        """Skip blanks and the line's end, if the line has nothing else."""
        match = _TO_LINE_END.match(self.source, self.position)
        if match:
            self.position = match.end()

    def directive(self, name: str, end: int, nodes: list[Node]) -> str:
        """Parse the directive `name`, whose name ends at `end`."""
        start = self.position
        self.position = end
        if name in ("end", "else"):
            self.swallow_line()
            return name
        if name == "elseif":
            return name
        if name == "if":
            nodes.append(self.if_directive(start))
            return ""
        self.other_directive(name, start, nodes)
        return ""

    def other_directive(self, name: str, start: int, nodes: list[Node]) -> None:
        """Parse what follows the name of a directive with arguments, or of a macro."""
        end = self.position
        opening = SPACE.match(self.source, end).end()
        has_arguments = self.source[opening : opening + 1] == "("
        if not has_arguments:
            if name in ("macro", "foreach", "define", "evaluate", "include", "parse"):
                raise self.error(f"( was expected after #{name}", end)
            if name in _SIGNALS:
                nodes.append(d.Signal(_SIGNALS[name]))
            elif name != "literal":
                nodes.append(self.call(name, (), None, start))
            return
        self.position = opening + 1
        arguments = self.directive_arguments(name)
        if name in BLOCKS or name.startswith("@"):
            self.block_directive(name, arguments, start, nodes)
        elif name in _SIGNALS:
            nodes.append(d.Signal(_SIGNALS[name]))
        elif name == "evaluate":
            if len(arguments) != 1 or not is_text(arguments[0]):
                raise self.error("one reference or string was expected in #evaluate(...)", start)
            nodes.append(d.Evaluate(arguments[0], self.place(start)))
        elif name in ("include", "parse"):
            raise self.error(f"#{name} has no files to read here", start)
        else:
            nodes.append(self.call(name, arguments, None, start))

    def call(self, name: str, arguments: tuple[Node, ...], body: tuple[Node, ...] | None, start: int) -> Node:
        """Build the call of a macro, which may be defined later."""
        node = d.MacroCall(name.lstrip("@"), arguments, body, self.place(start))
        node.source = self.source[start : self.position]
        return node

    def directive_arguments(self, name: str) -> tuple[Node, ...]:
        """Parse a directive's arguments, separated by blanks or commas, and the parenthesis after them."""
        arguments: list[Node] = []
        while True:
            self.space()
            if self.source[self.position : self.position + 1] == ")":
                break
            if self.source[self.position : self.position + 1] == ",":
                self.position += 1
                self.space()
            arguments.append(self.argument(f"#{name}"))
        self.close_parenthesis(f"#{name}")
        return tuple(arguments)

    def block_directive(self, name: str, arguments: tuple[Node, ...], start: int, nodes: list[Node]) -> None:
        """Parse the body of a directive that ends with #end."""
        if name == "macro":
            if not arguments or not isinstance(arguments[0], d.Word):
                raise self.error("a macro's name was expected in #macro(...)", start)
            if not all(isinstance(argument, Reference) and not argument.steps for argument in arguments[1:]):
                raise self.error("arguments such as $name were expected in #macro(...)", start)
        elif name == "foreach":
            if len(arguments) < 3 or not isinstance(arguments[0], Reference) or not isinstance(arguments[1], d.Word):
                raise self.error("#foreach($item in $collection) was expected", start)
            if isinstance(arguments[2], d.Word):
                raise self.error("a collection was expected after in", start)
        elif name == "define" and (len(arguments) != 1 or not isinstance(arguments[0], Reference)):
            raise self.error("#define($name) was expected", start)
        body_start = self.position
        body, ending = self.block()
        if ending != "end":
            found = f"#{ending}" if ending else "the end of the template"
            raise self.error(f"#end was expected for #{name}, and {found} came", start)
        if name == "macro":
            macro = d.MacroDefinition(arguments[0].word, tuple(a.name for a in arguments[1:]), body)
            self.macros.setdefault(macro.name, macro)
            self.defined_here.add(macro.name)
        elif name == "foreach":
            nodes.append(d.Foreach(arguments[0].name, arguments[2], body))
        elif name == "define":
            nodes.append(d.Define(arguments[0].name, body))
        elif name == "literal":
            nodes.append(d.Text(self.source[body_start : self.ending_position]))
        else:
            nodes.append(self.call(name, arguments, body, start))

    def if_directive(self, start: int) -> Node:
        """Parse #if from after its name."""
        branches: list[tuple[Node | None, tuple[Node, ...]]] = []
        ending = "if"
        while ending in ("if", "elseif"):
            condition = self.condition(ending)
            body, following = self.block()
            branches.append((condition, body))
            ending = following
        if ending == "else":
            body, ending = self.block()
            branches.append((None, body))
        if ending != "end":
            found = f"#{ending}" if ending else "the end of the template"
            raise self.error(f"#end was expected for #if, and {found} came", start)
        return d.If(tuple(branches))

    def condition(self, name: str) -> Node:
        """Parse a condition in its parentheses."""
        self.space()
        if self.source[self.position : self.position + 1] != "(":
            raise self.error(f"( was expected after #{name}", self.position)
        self.position += 1
        condition = self.expression()
        self.close_parenthesis(f"#{name}")
        return condition


def is_text(argument: Node) -> bool:
    """Say whether an argument may have a text as its value: a reference or a string."""
    return isinstance(argument, (Reference, Interpolated)) or (
        isinstance(argument, Constant) and isinstance(argument.constant, str)
    )


def parse_nodes(
    source: str, macros: dict[str, d.MacroDefinition], place: tuple[int, int] | None = None
) -> tuple[Node, ...]:
    """Parse a source into nodes, adding its macros to `macros`.

    `place`, when given, is the line and column that errors name instead of their own: that of the string literal or
    #evaluate the source came from. Raises TemplateError.
    """
    parser = Parser(source, macros, place)
    try:
        return parser.template()
    except RecursionError:
        raise TemplateError("the template is nested too deeply") from None
