"""The service's own beginning and end."""

from __future__ import annotations

from tests.stepfunctions.world import PASS, WAIT


def test_it_closes_without_a_word(world):
    execution = world.start(world.create(WAIT))
    world.start(world.create(PASS))
    told = len(world.events.put_events)
    world.sfn.close()
    world.settle()
    assert world.describe(execution)["status"] == "ABORTED"
    assert len(world.events.put_events) == told > 0
    world.advance(60)
    assert world.describe(execution)["status"] == "ABORTED"
