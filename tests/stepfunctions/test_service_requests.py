"""Whatever is asked for gets an answer that the service's model describes, or an error that it names.

The requests are drawn from the model's shapes: the same ones each time, for each seed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, Shape, StructureShape

from sfn_harness.aws.errors import ApiError
from tests.stepfunctions.world import ACCOUNT, FAIL, PASS, REGION, ROLE, WAIT, World

MAP = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **MAP}
MAPPED = {"StartAt": "M", "States": {"M": {"Type": "Map", "ItemProcessor": DISTRIBUTED, "End": True}}}
DEFINITIONS = [json.dumps(definition) for definition in (PASS, WAIT, FAIL, MAPPED, {})] + ["none"]
TEXTS = ["a", "b c", "é", "", "x" * 90]
DOCUMENTS = ["{}", "[1, 2]", '"a"', "{", ""]
NUMBERS = [0, 1, 2, 50, 100, 1001, -1]

# It knows of no state machine that does not exist, and yet has to say something. AWS's answer is not recorded.
UNLISTED = {("ListStateMachineVersions", "StateMachineDoesNotExist")}


class Requests:
    """Draws requests. What has been answered before (ARNs, tokens) is asked for again."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.arns = [f"arn:aws:states:{REGION}:{ACCOUNT}:{rest}" for rest in ("stateMachine:none", "execution:a:b")]
        self.arns += ["none", f"arn:aws:states:{REGION}:{ACCOUNT}:mapRun:m/l:id"]
        self.tokens = ["none"]

    def draw(self, shape: Shape | None, name: str = "") -> Any:
        if isinstance(shape, StructureShape):
            return {
                member: self.draw(inner, member)
                for member, inner in shape.members.items()
                if self.random.random() < (0.95 if member in shape.required_members else 0.25)
            }
        if isinstance(shape, ListShape):
            return [self.draw(shape.member) for _ in range(self.random.randrange(3))]
        return self.random.choice(self._choices(shape, name))

    def _choices(self, shape: Shape | None, name: str) -> list[Any]:
        if name == "roleArn":
            return [ROLE]
        if name.endswith("Arn"):
            fitting = [arn for arn in self.arns if f":{name.removesuffix('Arn')}:" in arn]
            return fitting if fitting and self.random.random() < 0.9 else self.arns
        if name == "nextToken":
            return self.tokens
        if name == "definition":
            return DEFINITIONS
        if name in ("input", "output", "variables", "context"):
            return DOCUMENTS
        if name == "name":
            return list("abcdef")
        if shape is None or shape.type_name == "string":
            return (shape and shape.metadata.get("enum")) or TEXTS
        return [True, False] if shape.type_name == "boolean" else NUMBERS

    def learn(self, answer: Any, name: str = "") -> None:
        for member, value in _leaves(answer, name):
            if member.endswith("Arn") and value not in self.arns:
                self.arns = [*self.arns[-40:], value]
            elif member == "nextToken":
                self.tokens.append(value)


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for member, inner in value.items():
            yield from _leaves(inner, member)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, name)
    else:
        yield name, value


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_kinds_of_requests(seed):
    model = ServiceModel(Loader().load_service_model("stepfunctions", "service-2"), "stepfunctions")
    requests = Requests(seed)
    names = sorted(set(model.operation_names) - {"GetActivityTask"})  # waits for a minute of the world's time
    answered = set()
    with World(seed=seed) as world:
        for _ in range(1200):
            name = requests.random.choice(names)
            request = requests.draw(model.operation_model(name).input_shape)
            try:
                if name == "StartSyncExecution":
                    task = world.begin(name, **request)
                    world.advance(300)
                    answer = task.result()
                else:
                    answer = world.call(name, **request)
            except ApiError as error:
                known = world.sfn.model.operation(name).errors | {"ValidationException"}
                assert error.code in known or (name, error.code) in UNLISTED, f"{name} {request}: {error}"
            else:
                answered.add(name)
                requests.learn(answer)
            world.advance(requests.random.choice([0, 0, 0, 60]))
    assert len(answered) > 20
