"""Turns references in a template's text into nodes, with the backslashes before them and what sticks to them.

Velocity's lexer keeps a state after a reference, and reads on in it; most of what looks odd below follows from that,
and prints in real templates, such as `${a.b}${c}.json`. Each rule is checked against the real one by tests/reference.
"""

from __future__ import annotations

import re

from . import directives as d
from .expressions import DOT, REFERENCE, ExpressionParser
from .nodes import Index, Node, Property

SET = re.compile(r"[ \t]*#(?:set|\{set\}) *\(")
DIRECTIVE_NAME = re.compile(r"#(?:([A-Za-z_@][A-Za-z0-9_@]*)|\{([A-Za-z_@][A-Za-z0-9_@]*)\})")
BLOCKS = frozenset({"foreach", "define", "macro", "literal"})

_NO_REFERENCE = re.compile(r"(?:\\*\$(?:\\*!)?)+\{?")
_BANG = re.compile(r"\\*!")
_RUNT = re.compile(r"()(\{?)([A-Za-z_][A-Za-z0-9_-]*)")
_KEEPS_REFERENCE = re.compile(r"\\*\$|[ \t]*#(?:set|\{set\}) *\(|#\*|#\[\[")
_LOSES_PREFIX = re.compile(r"\\\\|\\?#(?:[A-Za-z_@]|\{[A-Za-z_@])|#\*")

_PROPERTY = "property"
_NAME_OR_CALL = "name or call"

_CONTROLS = frozenset({"if", "elseif", "else", "end", "set"})
_DIRECTIVES = BLOCKS | {"include", "parse", "evaluate", "break", "stop"}


def _ending(node: Node) -> str:
    """Say what a reference without braces ends with, which decides how Velocity reads on; indexes do not count."""
    steps = [step for step in getattr(node, "steps", ()) if not isinstance(step, Index)]
    return _PROPERTY if steps and isinstance(steps[-1], Property) else _NAME_OR_CALL


class ReferenceParser(ExpressionParser):
    """Reads references, and the text that only begins like one."""

    def reference(self, match: re.Match[str], prefix: str = "") -> Node:
        """Parse a reference whose start has matched."""
        head = match.group(1)
        if "\\!" in head:
            # `$\!name` is never a reference: it prints with one backslash less, whatever the variable is.
            at = head.index("\\", head.index("$"))
            run = len(head[at:]) - len(head[at:].lstrip("\\"))
            reference = self.reference_after(match, match.start())
            tail = self.source[match.start() + at + run : self.position]
            return d.Text(prefix + head[:at] + "\\" * (run - 1) + tail)
        bare = head if prefix else head.lstrip("\\")
        last = bare.rindex("$")
        start = match.start() + len(head) - len(bare) + last
        reference = self.reference_after(match, start)
        reference.quiet = bare[last:].startswith("$!")
        reference.escapes = len(head) - len(bare)
        reference.prefix = prefix + bare[:last]
        return reference

    def backslashes(self, nodes: list[Node]) -> None:
        """Parse a run of backslashes with what they escape."""
        source, start = self.source, self.position
        end = start
        while source[end : end + 1] == "\\":
            end += 1
        if source[end : end + 1] == "$":
            self.dollar(nodes)
            return
        count = end - start
        name = DIRECTIVE_NAME.match(source, end)
        word = (name.group(1) or name.group(2)) if name else ""
        known = word in _CONTROLS or word in _DIRECTIVES or word in self.defined_here
        if count % 2 and name:
            self.position = name.end()
            nodes.append(d.Text("\\" * ((count - 1) // 2 if known else count) + name.group()))
            return
        self.position = end
        control = known and word != "set" and not (name.group(2) and word not in _CONTROLS)
        nodes.append(d.Text("\\" * (count // 2 if control and count % 2 == 0 else count)))

    def dollar(self, nodes: list[Node]) -> None:
        """Parse a reference, or the text that only begins like one."""
        source, start = self.source, self.position
        match = REFERENCE.match(source, start)
        if match:
            if self.open_references and self.open_references[-1] == _NAME_OR_CALL:
                self.open_references.pop()
            node = self.reference(match)
            nodes.append(node)
            if not match.group(2):
                self.open_references.append(_ending(node))
            return
        match = _NO_REFERENCE.match(source, start)
        text, end = match.group(), match.end()
        if end == len(source) and not text.endswith("{"):
            raise self.error("a reference's name was expected after $; write #[[$]]# for a plain $", end)
        # A #set( right here begins inside the reference's state, which is there again after it.
        self.open_references[:] = [_NAME_OR_CALL] if SET.match(source, end) else []
        self.position = end
        name = DIRECTIVE_NAME.match(source, end)
        if source.startswith("#[[", end):
            # The text block's token begins with the $ then, and three characters are cut off at both of its ends.
            self.position = self.after("]]#", end + 3, "this text block")
            nodes.append(d.Text(source[start + 3 : self.position - 3]))
        elif name and (name.group(1) or name.group(2)) not in _CONTROLS:
            # The $ belongs to the directive's token, whose name is no directive's then.
            self.position = name.end()
            self.other_directive("$", start, nodes)
        elif text.endswith("{") or not self.loses_prefix():
            nodes.append(d.Text(text if text.endswith("{") else _BANG.sub("", text)))

    def loses_prefix(self) -> bool:
        """Say whether Velocity loses a $ or # right before this place: where a directive or an escape follows."""
        return bool(_LOSES_PREFIX.match(self.source, self.position) or SET.match(self.source, self.position))

    def after_reference(self, nodes: list[Node]) -> None:
        """Parse what Velocity still reads as parts of a reference after its end, though it prints as text.

        While its lexer is in the state that a reference leaves behind, words, dots and braces that follow without a
        blank are tokens of a reference without a $. Of such a one only the first word is printed.
        """
        source, open_references = self.source, self.open_references
        stacked = len(open_references) > 1
        while open_references:
            start = self.position
            character = source[start : start + 1]
            if _KEEPS_REFERENCE.match(source, start):
                return
            runt = _RUNT.match(source, start)
            if runt and runt.group(2):
                self.reference_after(runt, start)
                nodes.append(d.Text("{"))
                open_references.pop()
            elif character == "{" and (inner := REFERENCE.match(source, start + 1)) and not inner.group(2):
                self.reference(inner)
                self.expect("}", "after a reference in braces that follow a reference")
                nodes.append(d.Text("{"))
                open_references.pop()
            elif runt:
                node = self.reference_after(runt, start)
                nodes.append(d.Text(node.name))
                open_references[-1] = _ending(node)
            elif character in ("{", "}"):
                self.position += 1
                nodes.append(d.Text(character))
                if character == "}":
                    open_references.pop()
            elif DOT.match(source, start):
                self.position += 1
                nodes.append(d.Text("."))
                open_references[-1] = _PROPERTY
            elif character == "[" or (character == "(" and stacked and open_references[-1] == _PROPERTY):
                raise self.error(f"{character} cannot stand here: Velocity takes it for part of a reference", start)
            elif source.startswith("##", start) and open_references[-1] == _PROPERTY:
                open_references.pop()
                self.no_comment(start, nodes)
                return
            elif source.startswith("##", start):
                open_references.pop()
                return
            else:
                open_references.pop()
                if character == "#":
                    return

    def no_comment(self, start: int, nodes: list[Node]) -> None:
        """Parse a ## right after a property, where no comment begins, for want of a blank between them."""
        name = DIRECTIVE_NAME.match(self.source, start + 1)
        if name and (name.group(1) or name.group(2)) in _CONTROLS:
            self.position = start + 1  # the first # is lost
        elif name:
            self.position = name.end()
            self.other_directive("#", start, nodes)
        else:
            self.position = start + 2
            if self.position == len(self.source):
                raise self.error("something was expected after ##", start)
            nodes.append(d.Text("##"))

    def after(self, closing: str, position: int, what: str) -> int:
        """Return the position after the next occurrence of `closing`."""
        end = self.source.find(closing, position)
        if end < 0:
            raise self.error(f"{closing} was expected: {what} does not end", self.position)
        return end + len(closing)

    def other_directive(self, name: str, start: int, nodes: list[Node]) -> None:
        """Parse a directive or a macro's call from after its name; the parser of directives says how."""
        raise NotImplementedError
