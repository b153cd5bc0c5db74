import json, time, threading
import pytest
from websockets.sync.client import connect

@pytest.fixture(scope="module")
def notified(deploy, configurations):
    return deploy(configurations / "notifications")

def test_x(notified):
    print(json.dumps(notified.outputs, indent=1))
    url = notified.account.url(notified.outputs["notifications"]["url"])
    sfn = notified.account.client("stepfunctions")
    arns = notified.outputs["state_machine_arns"]
    with connect(url, proxy=None) as ws:
        for name in ("timed", "failing", "late", "echo"):
            a = sfn.start_execution(stateMachineArn=arns[name], input='{"seconds": 1}')["executionArn"]
            t = time.time()
            ws.send(json.dumps({"action": "subscribe", "executionArn": a}))
            print(ws.recv(timeout=20), time.time() - t)
            if name == "timed":
                with connect(url + "?executionArn=" + a, proxy=None) as w2:
                    print("on connect", w2.recv(timeout=20))
        a = sfn.start_execution(stateMachineArn=arns["slow"])["executionArn"]
        ws.send(json.dumps({"action": "subscribe", "executionArn": a}))
        time.sleep(1)
        sfn.stop_execution(executionArn=a, error="E", cause="c")
        print(ws.recv(timeout=20))
        ws.send("hi"); print(ws.recv(timeout=20))
        ws.send(json.dumps({"action": "subscribe", "executionArn": a + "x"})); print(ws.recv(timeout=20))
        a = sfn.start_execution(stateMachineArn=arns["foreign"])["executionArn"]
        ws.send(json.dumps({"action": "subscribe", "executionArn": a})); print(ws.recv(timeout=20))
    p = notified.plan()
    print(p.is_empty, p.changes)
    print(notified.account.client("dynamodb").scan(TableName=notified.outputs["notifications"]["table_name"])["Items"])
    logs = notified.account.client("logs")
    for g in logs.describe_log_groups()["logGroups"]:
        print(g["logGroupName"])
        for s in logs.describe_log_streams(logGroupName=g["logGroupName"])["logStreams"]:
            for e in logs.get_log_events(logGroupName=g["logGroupName"], logStreamName=s["logStreamName"])["events"]: print(e["message"])
    assert 0
