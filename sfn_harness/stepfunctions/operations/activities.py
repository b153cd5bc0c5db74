"""Activities, and the tasks that their workers take."""

from __future__ import annotations

from sfn_harness.stepfunctions.errors import ApiError
from sfn_harness.stepfunctions.json_text import write
from sfn_harness.stepfunctions.names import check_name, parse_arn
from sfn_harness.stepfunctions.operations.parts import Answer, Call
from sfn_harness.stepfunctions.operations.settings import encryption_configuration
from sfn_harness.stepfunctions.operations.tags import add_tags
from sfn_harness.stepfunctions.pages import Pages
from sfn_harness.stepfunctions.store import Activity, Region


def create_activity(call: Call) -> Answer:
    """Create an activity, or answer once more for one that is there."""
    name = call.request["name"]
    check_name(name)
    arn = call.here.scope.arn(f"activity:{name}")
    encryption = encryption_configuration(call.request.get("encryptionConfiguration")) or {"type": "AWS_OWNED_KEY"}
    activity = call.here.activities.get(arn)
    if activity is None:
        activity = Activity(arn, name, call.parts.now(), encryption, {})
        add_tags(activity.tags, call.request.get("tags") or (), arn)
        call.here.activities[arn] = activity
    elif activity.encryption != encryption:
        raise ApiError("ActivityAlreadyExists", f"Activity Already Exists: '{arn}'")  # not recorded
    return {"activityArn": arn, "creationDate": activity.created}


def _find(here: Region, text: str) -> Activity:
    parse_arn(text, "activity")
    activity = here.activities.get(text)
    if activity is None:
        raise ApiError("ActivityDoesNotExist", f"Activity Does Not Exist: '{text}'")
    return activity


def describe_activity(call: Call) -> Answer:
    """Describe an activity."""
    activity = _find(call.here, call.request["activityArn"])
    return {
        "activityArn": activity.arn,
        "name": activity.name,
        "creationDate": activity.created,
        "encryptionConfiguration": activity.encryption,
    }


def delete_activity(call: Call) -> Answer:
    """Delete an activity; none is deleted just as well."""
    arn = parse_arn(call.request["activityArn"], "activity")
    call.here.activities.pop(arn.text, None)
    return {}


def list_activities(call: Call) -> Answer:
    """List activities by name."""
    activities = sorted(call.here.activities.values(), key=lambda activity: activity.name)
    return Pages(["ListActivities"], call.request, call.parts.now()).of(
        "activities",
        activities,
        lambda activity: [activity.name],
        lambda activity: {
            "activityArn": activity.arn,
            "name": activity.name,
            "creationDate": activity.created,
        },
    )


async def get_activity_task(call: Call) -> Answer:
    """Give a worker the oldest task; nothing when none comes for a minute."""
    activity = _find(call.here, call.request["activityArn"])
    taken = await call.parts.activities.take(activity.arn, call.request.get("workerName"))
    if taken is None:
        return {}
    token, value = taken
    return {"taskToken": token, "input": write(value)}
