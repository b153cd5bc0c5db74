"""Random templates, and the variables they use: what both engines are asked to render."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

VARIABLES = {
    "x": "X",
    "s": "a,b;C d",
    "u": "é\U0001f600z",
    "e": "",
    "n": 4,
    "m": {"a": 1, "b": {"c": "deep"}, "list": [1, 2]},
    "l": [3, "x", None, True],
    "t": True,
    "f": False,
    "d": 2.5,
    "big": 9999999999,
    "null": None,
}

_REFERENCES = [
    "$x",
    "${x}",
    "$q",
    "${q}",
    "$!q",
    "$!{q}",
    "$!{x}",
    "$m.a",
    "$m.b.c",
    "$q.r",
    "$l[0]",
    "$l[-1]",
    "$m['a']",
    "$x.length()",
    "$l.size()",
    "$y",
    "$z",
    "$i",
    "$j",
    "$k",
    "$x.toUpperCase()",
    "$x.nothing()",
    "$s.split(',')[1]",
    "$m.list",
    "$velocityCount",
    "$foreach.hasNext",
    "\\$x",
    "\\\\$x",
    "\\$q",
    "\\$!x",
]
_OPERANDS = [
    "1",
    "2",
    "-3",
    "1.5",
    "0",
    "$x",
    "$q",
    "$n",
    "$d",
    "$t",
    "$f",
    "$e",
    "$m.a",
    "$m.zz",
    "$l",
    "$m",
    "'X'",
    '"$x"',
    '"a"',
    "''",
    "true",
    "false",
    "[1,2]",
    "[]",
    "{}",
    "{'a':1}",
    "[1..3]",
    "[$n..1]",
    "$s.length()",
    "$l.size()",
    "$!q",
    "${n}",
    "$m['a']",
    "$l[1]",
    "$l[0]",
    "$big",
    "($n)",
    "!$t",
    "not $q",
    "$m.keySet()",
    "$l.isEmpty()",
    "$s.split(',').size()",
]
_OPERATORS = [
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    ">",
    "<=",
    ">=",
    "&&",
    "||",
    "and",
    "or",
    "eq",
    "ne",
    "lt",
    "gt",
    "le",
    "ge",
]
_BLANKS = ("", "", " ", "\n", "  \n", " \n  ", "\t", "\r\n", "\n\n")
_TEXTS = ("text", "a b", '{"k": ', "}", " , ", "x.y", "\\", "$ ", "# ", "-", "é")
_COLLECTIONS = [
    "$l",
    "$m",
    "[1..3]",
    "[1,'b']",
    "$q",
    "$m.entrySet()",
    "$m.keySet()",
    "$m.values()",
    "$x",
    "$s.split(',')",
    "{}",
    "{'k':1,'j':2}",
    "5",
    '"text"',
]
_FRAGMENTS = (
    *_REFERENCES,
    *_TEXTS,
    *("#if($t)", "#if($q)", "#elseif($f)", "#else", "#{else}", "#end", "#{end}", "#foreach($i in $l)", "#set($y = 1)"),
    *(
        " ",
        "\n",
        "\t",
        "\r\n",
        "(",
        ")",
        "[",
        "]",
        '"',
        "'",
        ":",
        ".",
        "\\\\",
        "$",
        "$$",
        "#",
        "##",
        "## c\n",
        "#* c *#",
    ),
    *(
        "#[[ $x ]]#",
        "!",
        "#macro(f $a)",
        "#f($x)",
        "#f()",
        "$a",
        "#define($k)",
        "#break",
        "#stop",
        "$1",
        "#1",
        "@",
        "\\#if",
    ),
)

_STRINGS = ("$x", "$s", "$u", "$e", "'aXa'", "'b'", "','", "''", "'[a-c]'", "'(.)'", "'$1-'", "'X'", '"\\$"', "'.'")
_NUMBERS = ("0", "1", "2", "-1", "99", "$n", "$big", "$d")
_ANY = (*_STRINGS, *_NUMBERS, "$q", "true", "$l", "$m", "[1]", "{'a':1}")
_METHODS: tuple[tuple[str, str, tuple[tuple[str, ...], ...]], ...] = (
    (
        "$s $u $x $e $m.b.c",
        "length isEmpty toString toLowerCase toUpperCase trim hashCode intern getClass",
        (),
    ),
    (
        "$s $u $x $e",
        "equals equalsIgnoreCase contains startsWith endsWith indexOf lastIndexOf concat compareTo matches "
        "contentEquals compareToIgnoreCase",
        (_ANY,),
    ),
    ("$s $u $x $e", "charAt substring codePointAt indexOf", (_NUMBERS,)),
    ("$s $u $x", "substring subSequence", (_NUMBERS, _NUMBERS)),
    ("$s $u $x", "indexOf lastIndexOf startsWith", (_STRINGS, _NUMBERS)),
    ("$s $u $x $e", "replace replaceAll replaceFirst", (_STRINGS, _STRINGS)),
    ("$l $m.list [] [1,'a']", "size isEmpty toString hashCode", ()),
    ("$l $m.list [1,'a']", "get contains indexOf lastIndexOf add remove addAll containsAll removeAll equals", (_ANY,)),
    ("$l $m.list [1,'a']", "add set subList", (_NUMBERS, _ANY)),
    ("$m {} {'k':$q}", "size isEmpty keySet values entrySet toString hashCode", ()),
    ("$m {'X':2}", "get containsKey containsValue remove putAll equals", (_ANY,)),
    ("$m {'X':2}", "put getOrDefault putIfAbsent", (_STRINGS, _ANY)),
    ("$m.keySet() $m.values()", "contains containsAll equals", (_ANY,)),
    ("$m.keySet() $m.values()", "size isEmpty toString", ()),
    ("$n $big $d", "intValue longValue doubleValue shortValue byteValue toString hashCode", ()),
    ("$n $big $d $t", "equals compareTo", (_ANY,)),
    ("$n", "parseInt valueOf toHexString", (_ANY,)),
    ("$t $f", "booleanValue toString hashCode", ()),
)


def expression(random: Random, depth: int = 0) -> str:
    """Return an expression, up to four operators deep."""
    kind = random.random()
    if depth > 2 or kind < 0.35:
        return random.choice(_OPERANDS)
    if kind < 0.85:
        operator = random.choice(_OPERATORS)
        blank = " " if operator.isalpha() else random.choice((" ", " ", ""))
        return f"{expression(random, depth + 1)}{blank}{operator}{blank}{expression(random, depth + 1)}"
    if kind < 0.95:
        return f"({expression(random, depth + 1)})"
    return random.choice(("!", "! ", "not ")) + expression(random, depth + 1)


def assignment(random: Random) -> str:
    """Return a #set and the variable it sets."""
    return f"#set($y = {expression(random)})$y"


def condition(random: Random) -> str:
    """Return an #if that prints T or F."""
    return f"#if({expression(random)})T#{{else}}F#end"


def method_call(random: Random) -> str:
    """Return calls of Java methods, and what their target is afterwards."""
    out = []
    for _ in range(random.randint(1, 2)):
        targets, names, arguments = random.choice(_METHODS)
        target = random.choice(targets.split(" "))
        name = random.choice(names.split())
        given = ", ".join(random.choice(choices) for choices in arguments)
        out.append(f"#set($o = {target})$o.{name}({given})|$o|")
    return " ".join(out)


def block(random: Random, depth: int = 0) -> str:
    """Return directives inside each other with all kinds of blanks around them."""
    out = []
    for _ in range(random.randint(0, 4 if depth else 6)):
        out.append(random.choice(_STATEMENTS)(random, depth))
        out.append(random.choice(_BLANKS))
    return "".join(out)


def soup(random: Random) -> str:
    """Return fragments in a row, mostly no template at all."""
    return "".join(random.choice(_FRAGMENTS) for _ in range(random.randint(1, 9)))


def _text(random: Random, depth: int) -> str:
    return random.choice(_TEXTS)


def _reference(random: Random, depth: int) -> str:
    return random.choice(_REFERENCES)


def _set(random: Random, depth: int) -> str:
    target = random.choice(("y", "z", "x", "m.k", "m['k']", "l[0]", "q.r"))
    blank = random.choice(_BLANKS)
    return f"#set({blank}${target}{blank}={blank}{expression(random)})"


def _if(random: Random, depth: int) -> str:
    if depth > 2:
        return ""
    blank = random.choice(_BLANKS)
    out = f"#if({expression(random)}){blank}{block(random, depth + 1)}"
    if random.random() < 0.3:
        out += f"#elseif({expression(random)}){blank}{block(random, depth + 1)}"
    if random.random() < 0.5:
        out += f"{random.choice(('#else', '#{else}'))}{blank}{block(random, depth + 1)}"
    return out + "#end"


def _foreach(random: Random, depth: int) -> str:
    if depth > 2:
        return ""
    blank = random.choice(_BLANKS)
    last = random.choice(("", "", "#if($foreach.hasNext),#end", "$foreach.count", "#break"))
    collection = random.choice(_COLLECTIONS)
    # Each level has a variable of its own: inside a null item, Velocity lets no loop set the same one again.
    item = "ijo"[depth]
    return f"#foreach({blank}${item} in {collection}{blank}){blank}{block(random, depth + 1)}{last}#end"


def _definition(random: Random, depth: int) -> str:
    if depth > 1:
        return ""
    directive = random.choice(("#define($k)", "#macro(f $a $b)", "#macro(g)"))
    return f"{directive}{random.choice(_BLANKS)}{block(random, depth + 2)}#end"


def _call(random: Random, depth: int) -> str:
    calls = (
        "#f($x 1)",
        "#f($q,'s')",
        "#g()",
        "#f()",
        "#h(1)",
        '#evaluate("$x#if($t)1#end")',
        "## c\n",
        "#* c *#",
        "#stop",
    )
    return random.choice(calls)


_STATEMENTS: tuple[Callable[[Random, int], str], ...] = (
    *(_text, _text, _reference, _reference, _reference, _set, _if, _if, _foreach, _foreach, _definition, _call),
)
