"""examples/human-approval: an order waits in a workflow until a person has answered."""

import json
import re
import shlex
import time

import pytest

from sfn_harness.terraform.diagnostics import TerraformError
from tests.e2e.roles import permissions_of, without

PATIENCE = 30  # seconds for a question that has to come
HEARTBEAT = 2  # seconds


@pytest.fixture(scope="module")
def approvals(deploy, examples):
    return deploy(examples / "human-approval")


# What differs each time.
VARYING = {"executionArn": str, "requestId": str, "startDate": float, "taskToken": str}


def comparable(answer: dict) -> dict:
    """An answer without what differs each time, and with the JSON in it parsed: AWS writes that without spaces."""
    for name, kind in VARYING.items():
        assert isinstance(answer.get(name, kind()), kind), answer
    texts = {name: json.loads(answer[name]) for name in ("input", "output") if name in answer}
    return {name: value for name, value in {**answer, **texts}.items() if name not in VARYING}


def aws(deployment, command: str) -> str:
    """Do what AWS's command line does for the README's command; not every machine has it."""
    words = shlex.split(command)
    options = dict(zip(words[3::2], words[4::2], strict=True))
    url, seconds = options.pop("--queue-url"), int(options.pop("--wait-time-seconds"))
    assert words[:3] == ["aws", "sqs", "receive-message"]
    assert options == {"--query": "Messages[0].Body", "--output": "text"}
    received = deployment.account.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=seconds)
    return received["Messages"][0]["Body"]


def test_the_commands_of_the_readme_print_what_it_says(approvals, examples, paste):
    text = (examples / "human-approval" / "README.md").read_text()
    blocks = re.findall(r"^```(bash|json)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[1:]
    assert [language for language, _ in blocks] == ["bash", "json"] * 10
    known = {"approvals_queue_url": approvals.outputs["approvals_queue_url"]}
    known["invoke_urls.alpha"] = approvals.outputs["invoke_urls"]["alpha"]

    def run(command: str) -> dict:
        for name, value in known.items():
            command = command.replace(f"<{name}>", value)
        assert "<" not in command
        return json.loads(aws(approvals, command) if command.startswith("aws") else paste(approvals, command)[1])

    for (_, command), (_, shown) in zip(blocks[::2], blocks[1::2], strict=True):
        answer, expected = run(command.strip()), json.loads(shown)
        deadline = time.monotonic() + PATIENCE
        # After an answer the workflow takes a moment to end.
        while answer.get("status") == "RUNNING" and time.monotonic() < deadline:
            answer = run(command.strip())
        assert comparable({name: answer[name] for name in expected}) == comparable(expected), command
        if "taskToken" in answer:
            known["taskToken"] = answer["taskToken"]


class Order:
    """An order, and the person who is asked about it."""

    def __init__(self, deployment, state_machine_arn: str | None = None):
        """Order through the API, or from another state machine directly."""
        self.deployment = deployment
        self.body = {"id": f"order-{time.time_ns()}", "item": 'a "fish" tank, it\'s é', "price": 90.5}
        if state_machine_arn is None:
            self.arn = self.post("/orders", self.body).expect(200).json()["executionArn"]
        else:
            states, order = deployment.account.client("stepfunctions"), json.dumps(self.body)
            self.arn = states.start_execution(stateMachineArn=state_machine_arn, input=order)["executionArn"]

    def post(self, path: str, body: dict):
        return self.deployment.http.post(self.deployment.url(path), json=body)

    def describe(self) -> dict:
        return self.deployment.http.get(self.deployment.url(f"/orders/{self.body['id']}")).expect(200).json()

    def token(self) -> str:
        """Take the question out of the queue."""
        queue, sqs = self.deployment.outputs["approvals_queue_url"], self.deployment.account.client("sqs")
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1).get("Messages", []):
                question = json.loads(message["Body"])
                if question["order"] == self.body:
                    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                    assert set(question) == {"order", "taskToken"}
                    return question["taskToken"]
        raise AssertionError(f"no question about {self.body}")

    def approve(self, token: str, output={"decision": "approved", "by": "Ana"}):  # noqa: B006
        return self.post("/approvals/approve", {"taskToken": token, "output": output})

    def reject(self, token: str, error: str = "Rejected", cause: str = "No pets."):
        return self.post("/approvals/reject", {"taskToken": token, "error": error, "cause": cause})

    def heartbeat(self, token: str):
        return self.post("/approvals/heartbeat", {"taskToken": token})

    def states(self) -> list[str]:
        return [state.name for state in self.deployment.executions.states(self.arn)]


@pytest.fixture
def order(approvals):
    return Order(approvals)


def test_an_order_waits_until_it_is_approved(approvals, order):
    token = order.token()
    waiting = order.describe()
    assert (waiting["status"], json.loads(waiting["input"])) == ("RUNNING", order.body)
    assert token not in json.dumps(waiting)
    answer = {"decision": "approved", "by": 'Ana "the boss"', "until": None}
    assert order.approve(token, answer).expect(200).json() == {}
    assert approvals.executions.output(order.arn) == {"status": "approved", "order": order.body, "answer": answer}
    assert order.states() == ["TakeOrder", "AskForApproval", "WasItApproved", "Approved"]
    ended = order.describe()
    assert (ended["status"], ended["name"]) == ("SUCCEEDED", order.body["id"])
    assert token not in json.dumps(ended)


def test_a_rejection_is_caught_and_says_why(approvals, order):
    cause = 'It\'s "too\\much"\né'
    assert order.reject(order.token(), cause=cause).expect(200).json() == {}
    assert approvals.executions.output(order.arn) == {
        "status": "rejected",
        "order": order.body,
        "answer": {"Error": "Rejected", "Cause": cause},
    }
    assert order.states() == ["TakeOrder", "AskForApproval", "Rejected"]


def test_another_error_fails_the_execution(approvals, order):
    order.reject(order.token(), error="Desk.OnFire", cause="it burns").expect(200)
    ended = approvals.executions.wait(order.arn, "FAILED")
    assert (ended["error"], ended["cause"]) == ("Desk.OnFire", "it burns")


def test_an_answer_that_decides_nothing_asks_again(approvals, order, expect_error):
    tokens = [order.token()]
    for answer in ({"decision": "ask Ben"}, {"decision": 1}, {}, "approved", None):
        order.approve(tokens[-1], answer).expect(200)
        tokens.append(order.token())
        expect_error(order.approve(tokens[-2]), 409, "TaskTimedOut")
    assert len(set(tokens)) == len(tokens)
    order.approve(tokens[-1]).expect(200)
    assert approvals.executions.output(order.arn)["status"] == "approved"


def test_a_used_token_takes_no_second_answer(approvals, order, expect_error):
    token = order.token()
    order.reject(token).expect(200)
    for late in (order.approve(token), order.reject(token), order.heartbeat(token)):
        expect_error(late, 409, "TaskTimedOut")
    assert approvals.executions.output(order.arn)["status"] == "rejected"


@pytest.fixture
def impatient(approvals):
    """The ARN of the same workflow with less patience. Its tasks are answered like the others'."""
    states = approvals.account.client("stepfunctions")
    original = states.describe_state_machine(stateMachineArn=approvals.outputs["state_machine_arn"])
    definition = json.loads(original["definition"])
    assert definition["States"]["AskForApproval"]["HeartbeatSeconds"] == 3600
    definition["States"]["AskForApproval"]["HeartbeatSeconds"] = HEARTBEAT
    copy = {"definition": json.dumps(definition), "roleArn": original["roleArn"]}
    arn = states.create_state_machine(name=f"{original['name']}-impatient", **copy)["stateMachineArn"]
    yield arn
    states.delete_state_machine(stateMachineArn=arn)


def test_heartbeats_keep_an_order_alive_and_without_them_it_expires(approvals, impatient, expect_error):
    """Two orders at the same time: one whose person gives signs of life, and one that nobody takes care of."""
    attended, forgotten = Order(approvals, impatient), Order(approvals, impatient)
    token, other = attended.token(), forgotten.token()
    until = time.monotonic() + 2.5 * HEARTBEAT
    while time.monotonic() < until:
        assert attended.heartbeat(token).expect(200).json() == {}
        time.sleep(HEARTBEAT / 10)
    assert approvals.executions.describe(attended.arn)["status"] == "RUNNING"
    attended.approve(token).expect(200)
    assert approvals.executions.output(attended.arn)["status"] == "approved"
    assert approvals.executions.output(forgotten.arn) == {"status": "expired", "order": forgotten.body}
    assert forgotten.states() == ["TakeOrder", "AskForApproval", "Expired"]
    for late in (forgotten.approve(other), forgotten.heartbeat(other)):
        expect_error(late, 409, "TaskTimedOut")


def test_the_state_machine_may_send_to_this_queue_only(approvals):
    queue, sqs = approvals.outputs["approvals_queue_url"], approvals.account.client("sqs")
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    allowed = permissions_of(approvals, approvals.outputs["state_machine_role_name"])
    assert allowed == {"sqs:SendMessage": {arn}}


def test_without_that_permission_nobody_is_asked(approvals):
    def outcome() -> str:
        order, deadline = Order(approvals), time.monotonic() + 1.5
        # A question that can't be sent fails its order at once.
        while (described := order.describe())["status"] == "RUNNING" and time.monotonic() < deadline:
            time.sleep(0.1)
        if described["status"] == "FAILED":
            return described["error"]
        order.reject(order.token()).expect(200)
        return "asked"

    def eventually(expected: str) -> bool:
        """On AWS a changed policy takes some seconds to be in force."""
        deadline = time.monotonic() + PATIENCE
        while not (found := outcome() == expected) and time.monotonic() < deadline:
            pass
        return found

    with without(approvals, approvals.outputs["state_machine_role_name"], "sqs:SendMessage"):
        assert eventually("SQS.AmazonSQSException")
    assert eventually("asked")


def test_a_second_plan_shows_no_change(approvals):
    plan = approvals.plan()
    assert plan.is_empty, plan.changes


def test_patience_that_makes_no_sense_is_refused(plan, examples):
    with pytest.raises(TerraformError) as refused:
        plan(examples / "human-approval", patience={"heartbeat_seconds": 50, "timeout_seconds": 50})
    assert "patience.timeout_seconds must be from 60 to 1209600" in str(refused.value)
    assert "patience.heartbeat_seconds must be less than patience.timeout_seconds" in str(refused.value)
