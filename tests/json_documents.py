"""Any JSON document, as text: also as no library would write it."""

import json

from hypothesis import strategies as st

SPACE = st.sampled_from(["", "", "", " ", "\n", "\t", " \r\n "])

NUMBERS = st.one_of(
    st.integers().map(str),
    st.integers(min_value=10**20, max_value=10**60).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.sampled_from(["-0", "-0.0", "0e0", "1E5", "1e-7", "1.0", "1e400", "-1.50", "123456789.123456789123456789"]),
)


@st.composite
def strings(draw) -> str:
    """A JSON string: each character as it is, where JSON lets it be, or as one of its escapes."""
    pieces = []
    for character in draw(st.text(max_size=20)):
        if draw(st.booleans()):
            # Also a pair of surrogates, for what is beyond the basic plane.
            pieces.append(json.dumps(character)[1:-1])
        else:
            pieces.append(json.dumps(character, ensure_ascii=False)[1:-1])
        pieces.append(
            draw(st.sampled_from(["", "", "", "'", r"\/", "/", r"\"", r"\\", r"\b\f\n\r\t", "$input", "#end", "#set("]))
        )
    return f'"{"".join(pieces)}"'


def objects(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """JSON objects whose keys are all different."""
    members = st.dictionaries(st.text(max_size=8), values, max_size=4)
    return st.tuples(members, SPACE).map(
        lambda drawn: "{" + ",".join(f"{json.dumps(key)}{drawn[1]}:{value}" for key, value in drawn[0].items()) + "}"
    )


def lists(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """JSON arrays."""
    return st.tuples(st.lists(values, max_size=4), SPACE).map(lambda drawn: f"[{f',{drawn[1]}'.join(drawn[0])}]")


def json_documents() -> st.SearchStrategy[str]:
    """Texts of JSON documents, of every top-level type, with space around them."""
    scalars = st.one_of(NUMBERS, strings(), st.sampled_from(["true", "false", "null", "{}", "[]", '""']))
    values = st.recursive(scalars, lambda inner: st.one_of(objects(inner), lists(inner)), max_leaves=12)
    return st.tuples(SPACE, values, SPACE).map("".join)
