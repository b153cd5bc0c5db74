r"""Java's regular expressions, as far as Python's can say the same.

What differs in writing is translated: `\p{...}` classes, `\Q...\E`, `(?<name>...)`, what a dot leaves out, `\z`, and
classes inside classes. What has no counterpart raises MethodError rather than match something else.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..errors import MethodError, TemplateError

_POSIX = {
    "Lower": "a-z", "Upper": "A-Z", "ASCII": r"\x00-\x7f", "Alpha": "a-zA-Z", "Digit": "0-9", "Alnum": "a-zA-Z0-9",
    "Punct": r"!-/:-@\[-`{-~", "Graph": "!-~", "Print": " -~", "Blank": r" \t", "Cntrl": r"\x00-\x1f\x7f",
    "XDigit": "0-9a-fA-F", "Space": r" \t\n\x0b\f\r",
}  # fmt: skip
_INSIDE = {"h": r" \t\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000", "v": r"\n\x0b\f\r\x85\u2028\u2029"}
_DOT = r"[^\n\r\u0085\u2028\u2029]"
_END = r"(?=(?:\r\n|[\n\r\u0085\u2028\u2029])?\Z)"
_HEX = re.compile(r"x\{([0-9A-Fa-f]+)\}")
_OCTAL = re.compile(r"0([0-3]?[0-7]{1,2})")
_PROPERTY = re.compile(r"([pP])(?:\{(?:Is)?(\w+)\}|(\w))")
_FLAGS = re.compile(r"\(\?([imsuxdU]*)(?:-([imsux]*))?([:)])")
_PLAIN = re.compile(r"(?:[^\\.\[\](){}*+?^$|]|\\[^A-Za-z0-9])+")
_PLAIN_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_NAMED = re.compile(r"\(\?<([A-Za-z][A-Za-z0-9]*)>")


class _Translator:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.dot_all = False
        self.multi_line = False
        self.flags = ""

    def refuse(self, what: str) -> TemplateError:
        return MethodError(f"the regular expression {self.pattern!r} has {what}, which is not supported here")

    def whole(self) -> str:
        out: list[str] = []
        while self.at < len(self.pattern):
            character = self.pattern[self.at]
            if character == "\\":
                out.append(self.escape(inside=False))
            elif character == "[":
                out.append(self.bracket())
            elif character == "(":
                out.append(self.group())
            else:
                self.at += 1
                if character == "." and not self.dot_all:
                    character = _DOT
                elif character == "$" and not self.multi_line:
                    character = _END
                out.append(character)
        return (f"(?{self.flags})" if self.flags else "") + "".join(out)

    def group(self) -> str:
        named = _NAMED.match(self.pattern, self.at)
        if named:
            self.at = named.end()
            return f"(?P<{named.group(1)}>"
        flags = _FLAGS.match(self.pattern, self.at)
        if not flags:
            self.at += 1
            return "("
        on, off, closing = flags.groups()
        if closing == ")" and (self.at or off):
            raise self.refuse("flags that do not stand at its start")
        if closing == ":" and not on and off is None:
            self.at = flags.end()
            return "(?:"
        if set(on) & set("duU") or (closing == ":" and (set(on) | set(off or "")) & set("sm")):
            raise self.refuse("flags")
        self.at = flags.end()
        if closing == ")":
            self.flags += on
            self.dot_all = "s" in on
            self.multi_line = "m" in on
            return ""
        return flags.group()

    def escape(self, inside: bool) -> str:
        """Translate an escape; inside a class, to what may stand between the brackets."""
        self.at += 1
        rest = self.pattern[self.at : self.at + 1]
        if not rest:
            raise self.refuse("a backslash at its end")
        if rest == "Q":
            end = self.pattern.find("\\E", self.at)
            end = len(self.pattern) if end < 0 else end
            text = self.pattern[self.at + 1 : end]
            self.at = min(end + 2, len(self.pattern))
            return re.escape(text)
        for pattern, base in ((_HEX, 16), (_OCTAL, 8)):
            match = pattern.match(self.pattern, self.at)
            if match:
                self.at = match.end()
                return re.escape(chr(int(match.group(1), base)))
        match = _PROPERTY.match(self.pattern, self.at)
        if match:
            self.at = match.end()
            return self.property(match.group(1) == "P", match.group(2) or match.group(3), inside)
        self.at += 1
        if rest in _INSIDE:
            return _INSIDE[rest] if inside else f"[{_INSIDE[rest]}]"
        if rest in "HV":
            return f"[^{_INSIDE[rest.lower()]}]" if not inside else self._refused(rest)
        if rest == "R":
            return r"(?:\r\n|[\n\x0b\f\r\x85\u2028\u2029])"
        if rest == "e":
            return r"\x1b"
        if rest == "z":
            return r"\Z"
        if rest == "Z":
            return _END
        if rest == "k":
            end = self.pattern.index(">", self.at)
            name = self.pattern[self.at + 1 : end]
            self.at = end + 1
            return f"(?P={name})"
        if rest.isalnum() and rest not in "dDwWsSbBAtnrfaxu123456789":
            self._refused(rest)
        return "\\" + rest

    def _refused(self, letter: str) -> str:
        raise self.refuse(f"\\{letter}")

    def property(self, negated: bool, name: str, inside: bool) -> str:
        members = _POSIX.get(name)
        if members is None:
            members = {"L": r"^\W\d_", "Alphabetic": r"^\W\d_", "N": r"\d", "Nd": r"\d"}.get(name)
            if members is None or name in ("L", "Alphabetic", "N", "Nd"):
                raise self.refuse(f"the property {name}")
        if inside and negated:
            raise self.refuse(f"\\P{{{name}}} inside brackets")
        return members if inside else f"[{'^' if negated else ''}{members}]"

    def bracket(self) -> str:
        """Translate a class; one inside another joins it, and `&&` intersects by looking ahead."""
        self.at += 1
        negated = self.pattern.startswith("^", self.at)
        self.at += negated
        members: list[str] = []
        both: list[str] = []
        first = True
        while True:
            character = self.pattern[self.at : self.at + 1]
            if not character:
                raise self.refuse("a [ without its ]")
            if character == "]" and not first:
                self.at += 1
                break
            first = False
            if character == "\\":
                members.append(self.escape(inside=True))
            elif character == "[":
                inner = self.bracket()
                if inner.startswith(("[^", "(?")):
                    if members:
                        raise self.refuse("a negated class joined to another")
                    members.append(inner)
                else:
                    members.append(inner[1:-1])
            elif self.pattern.startswith("&&", self.at):
                self.at += 2
                both.append(self._class(members))
                members = []
            else:
                self.at += 1
                members.append("\\" + character if character in "[&~|" else character)
        if not both:
            body = self._class(members)
            if not negated:
                return body
            return "[^" + body[1:] if not body.startswith(("[^", "(?")) else f"(?:(?!{body})[\\s\\S])"
        last = self._class(members)
        if negated:
            return "(?:(?!" + "".join(f"(?={part})" for part in both) + last + ")[\\s\\S])"
        return "(?:" + "".join(f"(?={part})" for part in both) + last + ")"

    @staticmethod
    def _class(members: list[str]) -> str:
        if len(members) == 1 and members[0].startswith(("[^", "(?")):
            return members[0]
        return "[" + "".join(members) + "]"


@lru_cache(maxsize=512)
def java_pattern(pattern: str) -> re.Pattern[str]:
    """Compile a Java regular expression; raises MethodError where that cannot be done faithfully."""
    try:
        return re.compile(_Translator(pattern).whole(), re.ASCII)
    except re.error as error:
        raise MethodError(f"the regular expression {pattern!r} is wrong: {error}") from None
    except ValueError as error:
        raise MethodError(f"the regular expression {pattern!r} is wrong: {error}") from None


@lru_cache(maxsize=512)
def plain_text(pattern: str) -> str | None:
    """Return the text that a pattern without any operators stands for, None for any other pattern."""
    return _PLAIN_ESCAPE.sub(r"\1", pattern) if _PLAIN.fullmatch(pattern) else None


def expand_replacement(replacement: str, match: re.Match[str]) -> str:
    """Return a replacement with its `$1`, `${name}` and backslashes replaced, as Matcher.appendReplacement does."""
    out: list[str] = []
    at, length, groups = 0, len(replacement), match.re.groups
    while at < length:
        character = replacement[at]
        at += 1
        if character == "\\":
            if at == length:
                raise MethodError("a replacement ends with a backslash")
            out.append(replacement[at])
            at += 1
        elif character != "$":
            out.append(character)
        elif replacement[at : at + 1] == "{":
            end = replacement.find("}", at)
            name = replacement[at + 1 : end]
            if end < 0 or name not in match.re.groupindex:
                raise MethodError(f"a replacement names the group {name!r}, which is not there")
            out.append(match.group(name) or "")
            at = end + 1
        else:
            digits = replacement[at : at + 1]
            if not (digits.isascii() and digits.isdigit()):
                raise MethodError("a replacement has a $ without a group's number; escape it as \\$")
            group = int(digits)
            at += 1
            if group > groups:
                raise MethodError(f"a replacement has ${group}, and there are {groups} groups")
            while (digit := replacement[at : at + 1]) and digit in "0123456789" and group * 10 + int(digit) <= groups:
                group = group * 10 + int(digit)
                at += 1
            out.append(match.group(group) or "")
    return "".join(out)
