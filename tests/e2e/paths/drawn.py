"""Walks that Hypothesis draws, and how the pair of settings that went wrong in one becomes a small one."""

import copy
import json
from collections.abc import Callable, Iterator
from itertools import pairwise

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.e2e.paths.settings import Settings, configurations

Pair = tuple[Settings, Settings]

# A walk goes from each of its configurations to each other one. Their number is a prime, so that steps of any width get
# everywhere.
STATIONS = 5
PAIRS_OF_A_WALK = STATIONS * (STATIONS - 1)


def walk(number: int) -> list[Pair]:
    """Return the steps of one walk, the same for the same number; each begins where the one before it ends."""
    drawn: list[list[Settings]] = []

    # The first example of all is the simplest one.
    @seed(number)
    @settings(
        max_examples=2,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(stations())
    def draw(found: list[Settings]) -> None:
        drawn.append(found)

    draw()
    found = drawn[-1]
    order = [step * width % STATIONS for width in range(1, STATIONS) for step in range(STATIONS)] + [0]
    return [(found[before], found[after]) for before, after in pairwise(order)]


@st.composite
def stations(draw: st.DrawFn) -> list[Settings]:
    """Draw configurations that differ, most of which have something in common with the first."""
    first = draw(configurations())
    others = st.lists(configurations(like=first), min_size=STATIONS - 1, max_size=STATIONS - 1, unique_by=text_of)
    return [first, *draw(others.filter(lambda found: first not in found))]


def text_of(value: Settings | Pair) -> str:
    """Return a configuration, or a pair, as one line of JSON."""
    return json.dumps(value, sort_keys=True)


def reduced(pair: Pair, still_wrong: Callable[[Settings, Settings], bool]) -> Pair:
    """Return a pair with as few settings as possible of which `still_wrong` is true, as it is of this one.

    Each setting is left out once, the outer ones first: in both, and if that is right, in one of the two.

    Args:
        pair: before and after.
        still_wrong: tells of a smaller pair whether the same is wrong with it.

    """
    for place in sorted({place for each in pair for place in _places(each)}, key=lambda place: (len(place), place)):
        for sides in ((0, 1), (0,), (1,)):
            if all(place in set(_places(pair[side])) for side in sides):
                smaller = copy.deepcopy(pair)
                for side in sides:
                    _remove(smaller[side], place)
                if smaller[0] != smaller[1] and still_wrong(*smaller):
                    pair = smaller
                    break
    return pair


def _places(settings_: Settings, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in settings_.items():
        # Without an engine it would have the module's default.
        if (*above, name) != ("engine",):
            yield (*above, name)
        if isinstance(value, dict):
            yield from _places(value, (*above, name))


def _remove(settings_: Settings, place: tuple[str, ...]) -> None:
    *above, name = place
    for each in above:
        settings_ = settings_[each]
    del settings_[name]
