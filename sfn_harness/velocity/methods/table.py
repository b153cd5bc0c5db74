"""How the tables of Java methods are made: a method's names, the kinds of its arguments, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import MethodError, TemplateError
from ..values import Char, ItemsView, KeysView, ValuesView, hash_code, is_int, is_number, java_equals, to_string

_ACCEPTS: dict[str, Callable[[Any], bool]] = {
    "o": lambda _: True,
    "s": lambda value: value is None or type(value) is str,
    "i": is_int,
    "l": lambda value: type(value) is int,
    "n": is_number,
    "d": lambda value: value is None or type(value) is float,
    "b": lambda value: value is None or type(value) is bool,
    "c": lambda value: type(value) is Char,
    "C": lambda value: value is None or isinstance(value, (list, KeysView, ValuesView, ItemsView)),
    "M": lambda value: value is None or isinstance(value, dict),
}
"""The kinds of arguments: Object, String, int, long, Number, Double, Boolean, char, Collection, Map."""


class JavaClass:
    """What `.class` gives: enough of java.lang.Class to print a name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return f"class {self.name}"


class Table(dict[tuple[str, int], list[tuple[str, Callable[..., Any]]]]):
    """The methods of one Java class: by name and number of arguments, its overloads."""

    def __init__(self, class_name: str | Callable[[Any], str]) -> None:
        super().__init__()
        self.class_name = class_name
        self.properties: dict[str, Callable[..., Any] | None] = {}
        self.add("toString", "", to_string)
        self.add("hashCode", "", hash_code)
        self.add("equals", "o", java_equals)
        self.add("getClass", "", self._class)

    def add(self, names: str, kinds: str, function: Callable[..., Any]) -> None:
        """Add a method under one or several names; `kinds` has a letter for each argument."""
        for name in names.split():
            self.setdefault((name, len(kinds)), []).append((kinds, function))

    def _class(self, value: Any) -> JavaClass:
        return JavaClass(self.class_name if isinstance(self.class_name, str) else self.class_name(value))

    def call(self, target: Any, key: tuple[str, int], arguments: Sequence[Any]) -> Any:
        """Call the overload that takes these arguments; None where there is none."""
        for kinds, function in self.get(key, ()):
            for kind, argument in zip(kinds, arguments, strict=True):
                if not _ACCEPTS[kind](argument):
                    break
            else:
                try:
                    return function(target, *arguments)
                except TemplateError:
                    raise
                except IndexError as error:
                    raise MethodError(f"{key[0]} failed: index out of bounds ({error})") from None
                except (TypeError, AttributeError) as error:
                    if None in arguments:
                        raise MethodError(f"{key[0]} failed: an argument is null") from None
                    raise MethodError(f"{key[0]} failed: {error}") from error
                except (ValueError, ArithmeticError, KeyError) as error:
                    raise MethodError(f"{key[0]} failed: {error}") from error
        if key[1] == 1 and (key[0], 0) in self:
            # Velocity 1.7 takes one argument too many for a variable number of them, and the call throws.
            raise MethodError(f"{key[0]} takes no argument")
        return None

    def property(self, target: Any, name: str) -> Any:
        """Return what the getter of a property returns: getName, or isName where that is a boolean's."""
        function = self.properties.get(name, self)
        if function is self:
            function = self.properties[name] = self._getter(name)
        return None if function is None else function(target)

    def _getter(self, name: str) -> Callable[..., Any] | None:
        flipped = name[0].swapcase() + name[1:]
        for getter in (f"get{name}", f"get{flipped}", f"is{name}", f"is{flipped}"):
            for kinds, function in self.get((getter, 0), ()):
                if not kinds:
                    return function
        return None


def incomparable(value: Any, other: Any) -> None:
    """Fail as compareTo does for a value of another class."""
    raise MethodError(f"compareTo failed: {to_string(value)} and {to_string(other)} are not of one class")
