"""java.util.List, arrays, Map, Map.Entry, and the sets and collections that are views of a map."""

from __future__ import annotations

from typing import Any

from ..errors import MethodError
from ..values import ItemsView, JavaArray, MapEntry, java_equals
from .table import Table

LIST = Table("java.util.ArrayList")
ARRAY = Table("[Ljava.lang.String;")
MAP = Table("java.util.LinkedHashMap")
KEYS = Table("java.util.LinkedHashMap$LinkedKeySet")
VALUES = Table("java.util.LinkedHashMap$LinkedValues")
ENTRIES = Table("java.util.LinkedHashMap$LinkedEntrySet")
ENTRY = Table("java.util.LinkedHashMap$Entry")


def items(collection: Any) -> list:
    """Return a collection's elements; those of an entry set are entries."""
    if isinstance(collection, ItemsView):
        return [MapEntry(collection.mapping, key) for key, _ in collection]
    return list(collection)


def _position(values: list, wanted: Any) -> int:
    for index, value in enumerate(values):
        if java_equals(value, wanted):
            return index
    return -1


def _last_position(values: list, wanted: Any) -> int:
    found = _position(values[::-1], wanted)
    return found if found < 0 else len(values) - 1 - found


def _contains(collection: Any, wanted: Any) -> bool:
    return _position(items(collection), wanted) >= 0


def _checked(values: list, index: int, length: int) -> int:
    if not 0 <= index < length:
        raise IndexError(f"index {index}, size {len(values)}")
    return index


def _get(values: list, index: int) -> Any:
    return values[_checked(values, index, len(values))]


def _set(values: list, index: int, value: Any) -> Any:
    old = _get(values, index)
    values[index] = value
    return old


def _add(values: list, value: Any) -> bool:
    values.append(value)
    return True


def _insert(values: list, index: int, value: Any) -> str:
    values.insert(_checked(values, index, len(values) + 1), value)
    return ""


def _add_all(values: list, others: Any) -> bool:
    added = items(others)
    values.extend(added)
    return bool(added)


def _remove(values: list, value: Any) -> bool:
    index = _position(values, value)
    if index >= 0:
        del values[index]
    return index >= 0


def _keep(values: list, others: Any, wanted: bool) -> bool:
    others = items(others)
    kept = [value for value in values if (_position(others, value) >= 0) is wanted]
    changed = len(kept) != len(values)
    values[:] = kept
    return changed


def _clear(values: list | dict) -> str:
    values.clear()
    return ""


def _sub_list(values: list, begin: int, end: int) -> list:
    if not 0 <= begin <= end <= len(values):
        raise IndexError(f"from {begin} to {end}, size {len(values)}")
    return values[begin:end]


def _hashable(key: Any) -> Any:
    if isinstance(key, (list, dict)):
        raise MethodError("lists and maps as keys of a map are not supported here")
    return key


def _look_up(map_: dict, key: Any) -> Any:
    return None if isinstance(key, (list, dict)) else map_.get(key)


def _put(map_: dict, key: Any, value: Any) -> Any:
    old = _look_up(map_, key)
    map_[_hashable(key)] = value
    return old


def _put_all(map_: dict, other: dict) -> str:
    map_.update(other)
    return ""


def _put_if_absent(map_: dict, key: Any, value: Any) -> Any:
    old = _look_up(map_, key)
    if old is None:
        map_[_hashable(key)] = value
    return old


def _pop(map_: dict, key: Any) -> Any:
    return None if isinstance(key, (list, dict)) else map_.pop(key, None)


def _has_key(map_: dict, key: Any) -> bool:
    return not isinstance(key, (list, dict)) and key in map_


class Iterator:
    """A java.util.Iterator."""

    __slots__ = ("index", "values")

    def __init__(self, values: list) -> None:
        self.values = values
        self.index = 0

    def has_next(self) -> bool:
        """Say whether there is a further element."""
        return self.index < len(self.values)

    def next(self) -> Any:
        """Return the next element."""
        if not self.has_next():
            raise MethodError("next failed: there is no further element")
        self.index += 1
        return self.values[self.index - 1]


ITERATOR = Table("java.util.Iterator")
ITERATOR.add("hasNext", "", Iterator.has_next)
ITERATOR.add("next", "", Iterator.next)

for _table in (LIST, ARRAY, KEYS, VALUES, ENTRIES):
    _table.add("iterator", "", lambda values: Iterator(items(values)))
    _table.add("size", "", len)
    _table.add("isEmpty", "", lambda values: not len(values))
    _table.add("contains", "o", _contains)
    _table.add("containsAll", "C", lambda values, others: all(_contains(values, other) for other in items(others)))
    _table.add("toArray", "", lambda values: JavaArray(items(values)))
for _table in (LIST, ARRAY):
    _table.add("get", "i", _get)
    _table.add("set", "io", _set)
    _table.add("indexOf", "o", _position)
    _table.add("lastIndexOf", "o", _last_position)
    _table.add("subList", "ii", _sub_list)
LIST.add("add", "o", _add)
LIST.add("add", "io", _insert)
LIST.add("addAll", "C", _add_all)
LIST.add("remove", "i", lambda values, index: values.pop(_checked(values, index, len(values))))
LIST.add("remove", "o", _remove)
LIST.add("removeAll", "C", lambda values, others: _keep(values, others, False))
LIST.add("retainAll", "C", lambda values, others: _keep(values, others, True))
LIST.add("clear", "", _clear)

MAP.add("get", "o", _look_up)
MAP.add("getOrDefault", "oo", lambda map_, key, default: map_[key] if _has_key(map_, key) else default)
MAP.add("put", "oo", _put)
MAP.add("putIfAbsent", "oo", _put_if_absent)
MAP.add("putAll", "M", _put_all)
MAP.add("remove", "o", _pop)
MAP.add("containsKey", "o", _has_key)
MAP.add("containsValue", "o", lambda map_, value: _position(list(map_.values()), value) >= 0)
MAP.add("keySet", "", dict.keys)
MAP.add("values", "", dict.values)
MAP.add("entrySet", "", dict.items)
MAP.add("size", "", len)
MAP.add("isEmpty", "", lambda map_: not map_)
MAP.add("clear", "", _clear)

ENTRY.add("getKey", "", lambda entry: entry.key)
ENTRY.add("getValue", "", lambda entry: entry.value)
