"""States that run one after another: an execution, a branch of a Parallel state, an iteration of a Map state."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sfn_harness.stepfunctions.engine.attempts import perform
from sfn_harness.stepfunctions.engine.simple import choose, fail, pass_on, succeed, wait
from sfn_harness.stepfunctions.engine.visit import Visit
from sfn_harness.stepfunctions.errors import StateError
from sfn_harness.stepfunctions.language import tree

if TYPE_CHECKING:
    from sfn_harness.stepfunctions.engine.documents import Document
    from sfn_harness.stepfunctions.engine.execution import Execution

Json = Any

_ENTERED = {kind: f"{kind}StateEntered" for kind in ("Pass", "Task", "Choice", "Wait", "Succeed", "Fail")}
_ENTERED |= {kind: f"{kind}StateEntered" for kind in ("Parallel", "Map")}
_EXITED = {kind: entered.replace("Entered", "Exited") for kind, entered in _ENTERED.items()}
_ABORTED = {kind: f"{kind}StateAborted" for kind in ("Task", "Wait", "Parallel", "Map")}

# States after which a branch lets others run: a loop of states that do no work would keep the event loop to itself.
_TURN = 200

AT_ONCE = {tree.Pass: pass_on, tree.ChoiceState: choose, tree.Succeed: succeed, tree.Fail: fail}


class Branch:
    """Where a program is.

    Attributes:
        execution: whose it is.
        program: its states.
        history: the execution's.
        last: the id of its last event, which its next one follows.
        variables: those in sight. Never changed: an Assign makes new ones.
        item: ``$$.Map.Item``, in an iteration of a Map state.
        index: the number of the iteration.
        visit: the state that it is in; None before and after.
        result: the output of the last state; None until then.

    """

    __slots__ = ("_input", "execution", "history", "index", "item", "last", "program", "result", "variables", "visit")

    def __init__(
        self,
        execution: Execution,
        program: tree.Program,
        document: Document,
        last: int,
        variables: Mapping[str, Json],
        item: Mapping[str, Json] | None = None,
        index: int = 0,
    ) -> None:
        """Stand before the program's first state, whose input ``document`` is."""
        self.execution, self.program, self.history = execution, program, execution.history
        self.last, self.variables, self.item, self.index = last, variables, item, index
        self._input: Document | None = document
        self.visit: Visit | None = None
        self.result: Document | None = None

    def child(
        self,
        program: tree.Program,
        document: Document,
        last: int,
        item: Mapping[str, Json] | None = None,
        index: int = 0,
    ) -> Branch:
        """Return a branch within this one: it sees these variables, and keeps its own."""
        return Branch(self.execution, program, document, last, self.variables, item or self.item, index)

    async def run(self) -> Document:
        """Run to the end, from the start or from where it failed or was stopped; return the output.

        Raises StateFailedError.
        """
        visit = self.visit
        if visit is None:
            self._enter(self.program.start_at, self._input)
            self._input = None
        elif type(visit.state) in AT_ONCE:
            self._enter(visit.state.name, visit.input)
        else:
            visit.restart()
        return await self._go()

    def _enter(self, name: str, document: Document) -> None:
        visit = self.visit = Visit(self, self.program.states[name], document)
        self.last = visit.entered = self.history.add(_ENTERED[visit.state.kind], self.last, (name, document.text))

    async def _go(self) -> Document:
        passed = 0
        while True:
            passed += 1
            if passed % _TURN == 0:
                await asyncio.sleep(0)
            visit = self.visit
            at_once = AT_ONCE.get(type(visit.state))
            try:
                if at_once is not None:
                    output, following, assigned, texts = at_once(visit)
                elif isinstance(visit.state, tree.Wait):
                    output, following, assigned, texts = await wait(visit)
                else:
                    output, following, assigned, texts = await perform(visit)
            except StateError as error:
                raise visit.failure(error) from error
            if assigned:
                self.variables = {**self.variables, **assigned}
            name = visit.state.name
            self.last = self.history.add(_EXITED[visit.state.kind], self.last, (name, output.text, texts))
            if following is None:
                self.visit, self.result = None, output
                return output
            self._enter(following, output)

    def abort(self, previous: int) -> None:
        """Write that the states in which it stands are aborted, since another branch has failed."""
        visit = self.visit
        if visit is None or visit.is_closed:
            return
        aborted = _ABORTED.get(visit.state.kind)
        if aborted is not None:
            self.history.add(aborted, previous)
        for child in visit.children:
            if isinstance(visit.state, tree.Map) and child.result is None:
                details = {"name": visit.state.name, "index": child.index}
                self.history.add("MapIterationAborted", previous, details)
            child.abort(previous)

    def settle(self) -> None:
        """Keep as little as a redrive needs: data as text."""
        documents = [self._input, self.result]
        if self.visit is not None:
            documents.append(self.visit.input)
            for child in self.visit.children:
                child.settle()
        for document in documents:
            if document is not None:
                document.settle()
