"""The Java methods and properties that templates can reach, found by the value's type, as reflection would.

A method that does not exist, or exists for other kinds of arguments, gives None, and so an undefined reference. One
that would throw raises MethodError.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from ..context import ForeachScope
from ..values import Char, HostObject, ItemsView, JavaArray, KeysView, MapEntry, ValuesView
from .collections import ARRAY, ENTRIES, ENTRY, ITERATOR, KEYS, LIST, MAP, VALUES, Iterator
from .numbers import BOOLEAN, CHARACTER, DECIMAL, DOUBLE, INTEGER
from .strings import STRING
from .table import JavaClass, Table

_SCOPE = Table("org.apache.velocity.runtime.directive.ForeachScope")
_SCOPE.add("getIndex", "", lambda scope: scope.count - 1)
_SCOPE.add("getCount", "", lambda scope: scope.count)
_SCOPE.add("hasNext getHasNext isHasNext", "", lambda scope: scope.has_next)
_SCOPE.add("isFirst", "", lambda scope: scope.count == 1)
_SCOPE.add("isLast", "", lambda scope: not scope.has_next)
_SCOPE.add("getParent", "", lambda scope: scope.parent)
_SCOPE.add("getTopmost", "", lambda scope: scope.topmost)

_CLASS = Table("java.lang.Class")
_CLASS.add("getName", "", lambda class_: class_.name)
_CLASS.add("getSimpleName", "", lambda class_: class_.name.rpartition(".")[2].rpartition("$")[2])

_TABLES: dict[type, Table] = {
    str: STRING,
    Char: CHARACTER,
    bool: BOOLEAN,
    int: INTEGER,
    float: DOUBLE,
    Decimal: DECIMAL,
    list: LIST,
    JavaArray: ARRAY,
    dict: MAP,
    KeysView: KEYS,
    ValuesView: VALUES,
    ItemsView: ENTRIES,
    MapEntry: ENTRY,
    Iterator: ITERATOR,
    ForeachScope: _SCOPE,
    JavaClass: _CLASS,
}


@cache
def _table(kind: type) -> Table | None:
    table = _TABLES.get(kind)
    if table is None:
        return MAP if issubclass(kind, dict) else LIST if issubclass(kind, list) else None
    return table


def call_method(target: Any, key: tuple[str, int], arguments: Sequence[Any]) -> Any:
    """Call a method by its name and number of arguments; None where the target has no such method."""
    table = _table(type(target))
    if table is not None:
        return table.call(target, key, arguments)
    if isinstance(target, HostObject):
        function = target.java_methods.get(key)
        return None if function is None else function(target, *arguments)
    return None


def get_property(target: Any, name: str) -> Any:
    """Return `target.name`: a getter's result, else a map's value, else None."""
    if isinstance(target, dict) and name not in ("class", "Class"):
        return target.get(name)
    table = _table(type(target))
    if table is not None:
        return table.property(target, name)
    return target.java_property(name) if isinstance(target, HostObject) else None


def set_property(target: Any, name: str, value: Any) -> None:
    """Set `target.name`: puts into a map, and does nothing to anything else."""
    if isinstance(target, dict):
        target[name] = value


def index_value(target: Any, key: Any) -> Any:
    """Return `target[key]`: what its get(key) returns; a negative number counts from a list's end."""
    if isinstance(target, list) and type(key) is int:
        key = key + len(target) if key < 0 else key
    return call_method(target, ("get", 1), (key,))


def set_index(target: Any, key: Any, value: Any) -> None:
    """Set `target[key]`, of a list or a map."""
    if isinstance(target, dict):
        call_method(target, ("put", 2), (key, value))
    elif isinstance(target, list) and type(key) is int:
        call_method(target, ("set", 2), (key + len(target) if key < 0 else key, value))
