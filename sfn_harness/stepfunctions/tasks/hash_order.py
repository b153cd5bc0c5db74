"""The order in which a hash map of Java gives its keys, which the service's rows of CSV files have.

Recorded on AWS: localstack/localstack tests v4.14.0, v2/scenarios/test_base_scenarios, 2023-09-21:
test_map_item_reader_csv_headers_first_row_typed_headers and test_map_item_reader_csv_first_row_extra_fields.
"""

from __future__ import annotations

from collections.abc import Sequence

_LEAST_TABLE = 16
_LOAD = 0.75


def hash_order(keys: Sequence[str]) -> list[int]:
    """Return the places of different keys in the order of a Java HashMap into which they are put one by one."""
    table = _LEAST_TABLE
    while len(keys) > table * _LOAD:
        table *= 2
    return sorted(range(len(keys)), key=lambda place: _bucket(keys[place], table))


def _bucket(key: str, table: int) -> int:
    code = 0
    units = key.encode("utf-16-be", errors="surrogatepass")
    for high, low in zip(units[::2], units[1::2], strict=True):
        code = (31 * code + (high << 8 | low)) & 0xFFFFFFFF
    return (code ^ (code >> 16)) & (table - 1)
