"""The steps of a JSONPath, and what they find.

A path that can point at one place only (names and single indexes) is *definite*: reading it gives that value, or fails.
All others give an array of what they find, which may be empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Json = Any


class PathNotFoundError(Exception):
    """A path leads to nothing. The text is the library's, which AWS hands on."""


class InvalidPathError(PathNotFoundError):
    """A path can't be followed. It is an error also where one that leads to nothing is none."""


# A filter takes the item and the whole document.
Filter = Callable[[Json, Json], bool]


class Step:
    """One part of a path. Steps are linked, since what a step does depends on what is before and after it.

    ``here`` is the path up to this step, which messages name; it is exact where everything before is definite.
    """

    __slots__ = ("definite", "fragment", "here", "next", "strict")

    def __init__(self, fragment: str, definite: bool) -> None:
        self.fragment, self.definite = fragment, definite
        self.next: Step | None = None
        self.here, self.strict = "$", True

    def _find(self, node: Json, root: Json, found: list[Json]) -> None:
        """Add what this step and those after it find in ``node``."""
        raise NotImplementedError

    def _follow(self, node: Json, root: Json, found: list[Json]) -> None:
        """Add ``node``, or what the steps after this one find in it."""
        if self.next is None:
            found.append(node)
        else:
            self.next._find(node, root, found)


class Names(Step):
    """``.a``, ``['a']`` or ``['a', 'b']``."""

    __slots__ = ("names",)

    def __init__(self, names: list[str]) -> None:
        super().__init__("[" + ", ".join(f"'{name}'" for name in names) + "]", True)
        self.names = names

    def _find(self, node: Json, root: Json, found: list[Json]) -> None:
        if not isinstance(node, dict):
            if self.strict:
                raise PathNotFoundError(
                    f"Expected to find an object with property {self.fragment} in path {self.here} but found "
                    f"'{_java_class(node)}'. This is not a json object according to the JsonProvider: "
                    "'com.jayway.jsonpath.spi.json.JacksonJsonProvider'."
                )
            return
        if len(self.names) > 1:
            if self.next is not None:
                raise InvalidPathError(f"Multi properties can only be used as path leafs: {self.here}{self.fragment}")
            found.append({name: node[name] for name in self.names if name in node})
            return
        name = self.names[0]
        if name in node:
            self._follow(node[name], root, found)
        elif self.strict:
            words = "No results for path:" if self.next is None else "Missing property in path"
            raise PathNotFoundError(f"{words} {self.here}{self.fragment}")


class Indexes(Step):
    """``[0]``, ``[-1]`` or ``[0, 2]``."""

    __slots__ = ("indexes",)

    def __init__(self, indexes: list[int]) -> None:
        super().__init__("[" + ",".join(map(str, indexes)) + "]", len(indexes) == 1)
        self.indexes = indexes

    def _find(self, node: Json, root: Json, found: list[Json]) -> None:
        if not _is_array(self, node):
            return
        for index in self.indexes:
            if -len(node) <= index < len(node):
                self._follow(node[index], root, found)
            elif self.strict and self.definite:
                raise PathNotFoundError(f"Index out of bounds when evaluating path {self.here}{self.fragment}")


class Slice(Step):
    """``[1:]``, ``[:2]``, ``[1:2]``, ``[-2:]``."""

    __slots__ = ("start", "stop")

    def __init__(self, start: int | None, stop: int | None) -> None:
        super().__init__(f"[{'' if start is None else start}:{'' if stop is None else stop}]", False)
        self.start, self.stop = start, stop

    def _find(self, node: Json, root: Json, found: list[Json]) -> None:
        if _is_array(self, node) and not self._is_empty():
            for item in node[self.start : self.stop]:
                self._follow(item, root, found)

    def _is_empty(self) -> bool:
        # The library counts only a lone bound from the end: [1:-1] finds nothing.
        return self.start is not None and self.stop is not None and self.start >= self.stop


class Wildcard(Step):
    """``*`` or ``[*]``: all values of an object, or all items of an array."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("[*]", False)

    def _find(self, node: Json, root: Json, found: list[Json]) -> None:
        for child in _children(node):
            self._follow(child, root, found)


class Matching(Step):
    """``[?(...)]``: the items of an array for which the condition holds; an object is an item itself."""

    __slots__ = ("condition",)

    def __init__(self, condition: Filter) -> None:
        super().__init__("[?]", False)
        self.condition = condition

    def _find(self, node: Json, root: Json, found: list[Json]) -> None:
        if isinstance(node, dict | list):
            for item in node if isinstance(node, list) else (node,):
                if self.condition(item, root):
                    self._follow(item, root, found)


class Descent(Step):
    """``..``: the step after it is tried on the node and on everything below."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("..", False)

    def _find(self, node: Json, root: Json, found: list[Json]) -> None:
        below = self.next
        assert below is not None, "the parser lets no path end with .."
        arrays_only = isinstance(below, Indexes | Slice)
        objects_only = isinstance(below, Names)
        pending = [node]
        while pending:
            current = pending.pop()
            if isinstance(current, dict):
                if not arrays_only and not (objects_only and any(name not in current for name in below.names)):
                    below._find(current, root, found)
            elif isinstance(current, list):
                if not objects_only:
                    below._find(current, root, found)
            else:
                continue
            pending.extend(reversed(list(_children(current))))


def _children(node: Json) -> Iterator[Json]:
    if isinstance(node, dict):
        yield from node.values()
    elif isinstance(node, list):
        yield from node


def _is_array(step: Step, node: Json) -> bool:
    if isinstance(node, list):
        return True
    if step.strict:
        if node is None:
            raise PathNotFoundError(f"The path {step.here} is null")
        raise InvalidPathError(f"Filter: {step.fragment} can only be applied to arrays. Current context is: {node}")
    return False


def _java_class(node: Json) -> str:
    match node:
        case None:
            return "null"
        case bool():
            return "java.lang.Boolean"
        case int():
            return "java.lang.Integer"
        case float():
            return "java.lang.Double"
        case str():
            return "java.lang.String"
        case list():
            return "java.util.ArrayList"
    return "java.util.LinkedHashMap"


class Path:
    """A compiled JSONPath.

    Attributes:
        definite: whether it points at one place only.
        steps: the names and indexes of a definite path; None for others.

    """

    __slots__ = ("_first", "definite", "normal", "steps")

    def __init__(self, steps: list[Step]) -> None:
        self.definite = all(step.definite for step in steps)
        self.normal = "$" + "".join(step.fragment for step in steps)
        simple = [_key(step) for step in steps]
        self.steps: tuple[str | int, ...] | None = None if None in simple else tuple(simple)  # type: ignore[arg-type]
        here, strict = "$", True
        for index, step in enumerate(steps):
            step.here, step.strict = here, strict
            here, strict = here + step.fragment, strict and step.definite
            step.next = steps[index + 1] if index + 1 < len(steps) else None
        self._first = steps[0] if steps else None

    def read(self, document: Json) -> Json:
        """Return the value of a definite path, or the array that another path finds. Raises PathNotFoundError.

        Another path whose first names lead to nothing finds an empty array.
        """
        if self._first is None:
            return document
        if self.steps is not None:
            node = document
            try:
                for key in self.steps:
                    # A string can be indexed, too.
                    if type(node) is str:
                        break
                    node = node[key]
                else:
                    return node
            except (KeyError, IndexError, TypeError):
                pass  # read again, to find the words
        found: list[Json] = []
        try:
            self._first._find(document, document, found)
        except InvalidPathError:
            raise
        except PathNotFoundError:
            if self.definite:
                raise
        if not self.definite:
            return found
        if not found:
            raise PathNotFoundError(f"No results for path: {self.normal}")
        return found[-1]

    def exists(self, document: Json) -> bool:
        """Return whether the path finds anything."""
        try:
            found = self.read(document)
        except PathNotFoundError:
            return False
        return self.definite or bool(found)


def _key(step: Step) -> str | int | None:
    if isinstance(step, Names) and len(step.names) == 1:
        return step.names[0]
    if isinstance(step, Indexes) and len(step.indexes) == 1:
        return step.indexes[0]
    return None
