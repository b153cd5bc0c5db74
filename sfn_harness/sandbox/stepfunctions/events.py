"""The default event bus of each account and region."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import eventbridge

from sfn_harness.stepfunctions.ports import Scope

__all__ = ["USES", "SandboxEvents"]

Json = Any

_LOG = logging.getLogger(__name__)


class SandboxEvents:
    """Implements `sfn_harness.stepfunctions.ports.Events`."""

    def put(self, scope: Scope, detail_type: str, resources: Sequence[str], detail: Mapping[str, Json]) -> None:
        """Put an event of ``aws.states``, unless no rule and no archive could want it: MiniStack keeps every one."""
        with request_scope(scope.account, scope.region):
            if not eventbridge._rules and not eventbridge._archives:
                return
            entry = {
                "Source": "aws.states",
                "DetailType": detail_type,
                "Detail": json.dumps(detail),
                "Resources": list(resources),
            }
            try:
                eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
            except Exception:
                _LOG.exception("the event bus has failed")


USES = {
    "ministack.core.responses": ("request_scope",),
    "ministack.services.eventbridge": ("_archives", "_put_events", "_rules"),
}
