"""Walks from configuration to configuration in one account, each step of which has to end where a fresh apply ends.

A step from A to B is right if the API then answers every probe as one that was never anything but B, if the account
holds the same things, if a second plan is empty, and if no call of a route that both have failed while B was applied.
At the end of a walk `destroy` leaves nothing.
"""

import functools
import itertools
import json
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from sfn_harness.terraform.diagnostics import TerraformError
from sfn_harness.terraform.provider import RunningProvider
from tests.e2e.paths.callers import Callers, Credentials
from tests.e2e.paths.probes import Probe, Visit, answered, probes, routes_of, stages_of, target_of
from tests.e2e.paths.settings import Settings
from tests.e2e.paths.things import comparable, things_of

CONFIGURATION = Path(__file__).parents[1] / "configurations" / "paths"

# What makes a new API, or a new address of it: callers of the old one can't but notice.
MOVING = ("engine",)


@dataclass(frozen=True)
class Seen:
    """What an account shows of a configuration: answers by probe, and things by kind."""

    answers: dict[str, dict[str, Any]]
    things: dict[str, Any]


@dataclass
class Report:
    """What is wrong after a step, by kind; empty if nothing is."""

    wrong: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, *lines: str) -> None:
        if lines:
            self.wrong.setdefault(kind, []).extend(lines)

    def kinds(self) -> frozenset[str]:
        """Return what kinds of thing are wrong, in words that two pairs with the same cause are likely to share."""
        return frozenset(f"{kind}: {_kind(kind, line)}" for kind, lines in self.wrong.items() for line in lines)

    def merge(self, other: "Report") -> None:
        for kind, lines in other.wrong.items():
            self.add(kind, *lines)

    def __bool__(self) -> bool:
        return bool(self.wrong)

    def __str__(self) -> str:
        return "\n".join(f"{kind}:\n  " + "\n  ".join(lines[:8]) for kind, lines in self.wrong.items())


class Instance:
    """The configuration of all paths, applied in an account of its own; a context manager.

    Args:
        deploy: the harness's `deploy`.
        settings: what to begin with.
        shared: whether it stays as it is, and the same one does for all who ask for these settings.

    """

    _words = itertools.count(1)

    def __init__(self, deploy: Any, settings: Settings, *, shared: bool = False) -> None:
        self._deploy = deploy
        self._shared = shared
        self.settings = settings
        self._stack = ExitStack()
        self._history: list[Settings] = []

    def __enter__(self) -> "Instance":
        self.deployment = self._deploy(CONFIGURATION, settings=self.settings, fresh=not self._shared)
        try:
            if not self._shared:
                terraform = self.deployment.terraform
                provider = self._stack.enter_context(RunningProvider(self.deployment.directory, terraform.env))
                terraform.env |= provider.variables
            # Making a client takes as long as a hundred calls of one.
            self._client = functools.cache(self.deployment.account.client)
            self._credentials = self._stack.enter_context(Credentials(self.deployment, self._client))
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def see(self, asked: Iterable[Probe]) -> Seen:
        """Ask the API, and look at the account."""
        asked = list(asked)
        outputs = self.deployment.outputs
        if any(probe.api_key for probe in asked):
            self._credentials.know_stages(outputs["rest_api_id"], sorted(outputs["invoke_urls"]))
        try:
            answers = self._visit().answers(asked)
        finally:
            self._credentials.forget_stages()
        account = self.deployment.account
        replaced = {outputs["rest_api_id"]: "<api>", account.id: "<account>"}
        return Seen(answers, comparable(things_of(self._client), replaced))

    def change(self, settings: Settings) -> Report:
        """Apply other settings, while callers go on calling what stays; return what went wrong with that."""
        report = Report()
        before, self.settings = self.settings, settings
        self._history.append(before)
        with Callers(self._unchanged(before, settings)) as callers:
            try:
                self.deployment.apply(settings=settings)
            except TerraformError as error:
                report.add("apply", str(error))
        report.add("calls", *callers.summary())
        if not report.wrong.get("apply"):
            plan = self.deployment.plan()
            report.add("plan", *(f"{address}: {actions}" for address, actions in plan.changes.items()))
        return report

    def stale(self) -> set[tuple[str, str]]:
        """What explicit resources may go on answering: methods and paths that were taken away since the API was made.

        Terraform destroys a removed method after the deployment that takes its place was made, which has copied it.
        """
        if self.settings["engine"] != "resources":
            return set()
        before = itertools.takewhile(lambda each: each["engine"] == "resources", reversed(self._history))
        return set().union(*map(answered, before)) - answered(self.settings)

    def destroy(self) -> Report:
        """Destroy it; return what is left."""
        report = Report()
        self._credentials.forget()
        try:
            self.deployment.destroy()
        except TerraformError as error:
            report.add("destroy", str(error))
            return report
        finally:
            self._stack.close()
        left = {kind: list(things) for kind, things in things_of(self._client, "").items() if things}
        report.add("left", *(f"{kind}: {', '.join(names)}" for kind, names in left.items()))
        return report

    def _visit(self) -> Visit:
        return Visit(self.deployment, self._client, self._credentials, f"w{next(self._words):05d}w")

    def _unchanged(self, before: Settings, after: Settings) -> dict[str, Any]:
        """Return calls of routes that both settings have in the same words and open to all: how to send, and status."""
        if any(before.get(name) != after.get(name) for name in MOVING):
            return {}
        common = {
            (stage, key)
            for stage in stages_of(before).keys() & stages_of(after)
            for key, route in routes_of(before).items()
            if routes_of(after).get(key) == route
            and route.get("authorization", "NONE") == "NONE"
            and not route.get("api_key_required")
            and not (replaces_machine(before, after) and not target_of(before, stage, key))
        }
        visit = self._visit()
        calls = {}
        for probe in probes(before):
            if (probe.stage, probe.key) in common and probe.about == "good" and not probe.names:
                calls[probe.title] = (functools.partial(visit.send, probe), visit.send(probe).status)
        return calls


class Walker:
    """Takes steps from settings to settings, each beginning where the last one ended if it can.

    Args:
        deploy: the harness's `deploy`.

    """

    def __init__(self, deploy: Any) -> None:
        self._deploy = deploy
        self._instance: Instance | None = None
        self._fresh: dict[str, Instance] = {}
        self._stack = ExitStack()
        self.left = Report()
        self.applies = 0

    def __enter__(self) -> "Walker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()
        self._abandon()

    def step(self, before: Settings, after: Settings) -> Report:
        """Go from one to the other; return what is wrong then. The step after one that went wrong starts anew."""
        self._stand_on(before)
        instance = self._instance
        self.applies += 1
        # Some of an apply is waiting: both at the same time.
        with ThreadPoolExecutor(1) as beside:
            applied = beside.submit(self._fresh_one, after)
            report = instance.change(after)
            fresh = applied.result()
        if "apply" not in report.wrong:
            asked = probes(after, [before])
            report.merge(compare(instance.see(asked), fresh.see(asked), instance.stale()))
        if report:
            self._abandon()
        return report

    def finish(self) -> Report:
        """Destroy what is there; return what any walk so far has left."""
        if self._instance is not None:
            self.left.merge(self._instance.destroy())
            self._instance = None
        return self.left

    def _stand_on(self, settings: Settings) -> None:
        if self._instance is not None and self._instance.settings == settings:
            return
        self.finish()
        self._instance = Instance(self._deploy, settings).__enter__()
        self.applies += 1

    def _fresh_one(self, settings: Settings) -> Instance:
        key = json.dumps(settings, sort_keys=True)
        if key not in self._fresh:
            self._fresh[key] = self._stack.enter_context(Instance(self._deploy, settings, shared=True))
            self.applies += 1
        return self._fresh[key]

    def _abandon(self) -> None:
        """Leave what went wrong where it is: the sandbox takes it away, or the deployer's end."""
        if self._instance is not None:
            self._instance.__exit__(None, None, None)
            self._instance = None


def replaces_machine(before: Settings, after: Settings) -> bool:
    """Whether the module's own state machine is made anew, during which it can't be started (`invariant.3.no_gap`)."""
    machines = [made_machine(settings) for settings in (before, after)]
    return None not in machines and machines[0] != machines[1]


def made_machine(settings: Settings) -> tuple[str, str] | None:
    """Return the name and the type of the state machine that the module makes; None if it makes none."""
    machine = settings.get("state_machine", {"definition": ""})
    if "definition" not in machine:
        return None
    name = settings.get("names", {}).get("state_machine") or settings.get("name", "paths")
    return name, machine.get("type", "STANDARD")


def compare(seen: Seen, fresh: Seen, stale: set[tuple[str, str]]) -> Report:
    """Return how what was seen after a step differs from what a fresh apply shows."""
    report = Report()
    for title, answer in seen.answers.items():
        if not _excused(title, stale):
            report.add("answers", *(f"{title}: {each}" for each in _differences(answer, fresh.answers[title])))
    for kind in fresh.things:
        report.add(kind, *_differences(seen.things[kind], fresh.things[kind]))
    return report


def _kind(kind: str, line: str) -> str:
    """Return what a line is about, without the names that settings have."""
    if kind == "apply":  # "terraform apply failed", and then what did
        return " ".join(re.findall(r"[A-Z]\w+", line.partition("Error: ")[2])[:3])
    if kind == "calls":
        return line.rpartition(" but ")[2][:3]
    if kind == "plan":
        return line.partition(": ")[0].rpartition("].")[2].partition("[")[0]
    return re.split(r"[.: ]", line.partition(" is ")[0])[-1]


def _excused(title: str, stale: set[tuple[str, str]]) -> bool:
    _, method, path = title.partition(": ")[0].split(" ")
    return (method, path) in stale or ("ANY", path) in stale


def _differences(ours: Any, theirs: Any, where: str = "") -> list[str]:
    """Return where two JSON values differ, and how."""
    if ours == theirs:
        return []
    if isinstance(ours, dict) and isinstance(theirs, dict):
        nothing = object()
        return [
            line
            for name in sorted(ours.keys() | theirs)
            for line in _differences(ours.get(name, nothing), theirs.get(name, nothing), f"{where}.{name}".strip("."))
        ]
    return [f"{where} is {_text(ours)}; fresh it is {_text(theirs)}"]


def _text(value: Any) -> str:
    try:
        return json.dumps(value, sort_keys=True)[:600]
    except TypeError:
        return "not there"
