"""examples/browser in a real browser: a page that orders through the API and is told of the end by the WebSocket."""

import os
import shutil
import time
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")

PATIENCE = 20_000  # milliseconds


@pytest.fixture(scope="module")
def kitchen(deploy, examples, pages):
    """The example, applied, and its page served from a copy: (deployment, the page's URL)."""
    directory, origin = pages
    deployment = deploy(examples / "browser", origins=[origin])
    shutil.copytree(examples / "browser" / "page", directory / "kitchen")
    (directory / "kitchen" / "config.js").write_text(deployment.account.text(deployment.outputs["config_js"]))
    return deployment, f"{origin}/kitchen/index.html"


class Page:
    """The page, open in a browser, and every request that it made."""

    def __init__(self, page, url: str):
        self.page = page
        self.requests: list[tuple[str, str]] = []
        self.sockets: list[playwright.WebSocket] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requests.append((request.method, request.url)))
        page.on("websocket", lambda socket: self.sockets.append(socket))
        page.on("console", lambda message: message.type == "error" and self.errors.append(message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(url)

    def order(self, dish: str, note: str = "") -> None:
        self.page.get_by_label(dish).check(force=True)
        self.page.get_by_label("For the kitchen").fill(note)
        self.page.get_by_role("button", name="Order").click()

    def card(self, dish: str):
        return self.page.locator(".card", has=self.page.locator(".dish", has_text=dish)).first

    def expect(self, dish: str, status: str, text: str = "") -> None:
        card = self.card(dish)
        playwright.expect(card).to_have_attribute("data-status", status, timeout=PATIENCE)
        playwright.expect(card).to_contain_text(text)


@pytest.fixture
def page(browser, kitchen):
    with browser.new_context(viewport={"width": 1000, "height": 640}) as context:
        yield Page(context.new_page(), kitchen[1])


def test_an_order_runs_and_is_ready(page, kitchen):
    page.order("Pizza", 'it\'s for "table 7"')
    page.expect("Pizza", "RUNNING", "Running")
    page.expect("Pizza", "SUCCEEDED", "Pizza: ready.")
    name = page.card("Pizza").locator("code").inner_text()
    arn = page.card("Pizza").locator("code").get_attribute("title")
    assert arn.endswith(f":{name}")
    execution = kitchen[0].executions.wait(arn, "SUCCEEDED")
    assert kitchen[0].executions.input(arn) == {"dish": "Pizza", "note": 'it\'s for "table 7"'}
    seconds = (execution["stopDate"] - execution["startDate"]).total_seconds()
    assert abs(float(page.card("Pizza").locator("time").inner_text().split()[0]) - seconds) < 0.11
    assert page.errors == []


def test_one_that_fails_says_why(page):
    page.order("Soufflé")
    page.expect("Soufflé", "FAILED", 'Kitchen.Collapsed: It rose, it shone, it fell. The chef says "sorry".')


def test_it_does_not_poll(page):
    """One POST for an order and its preflight, one WebSocket, and nothing else while it waits."""
    page.requests.clear()
    page.order("Ramen")
    page.expect("Ramen", "SUCCEEDED")
    assert [method for method, _ in page.requests if method != "OPTIONS"] == ["POST"]
    assert len(page.sockets) == 1


def test_several_at_once(page):
    for dish in ("Pizza", "Ramen", "Soufflé"):
        page.order(dish)
    page.expect("Pizza", "SUCCEEDED")
    page.expect("Ramen", "SUCCEEDED")
    page.expect("Soufflé", "FAILED")
    assert len(page.sockets) == 1


def test_it_connects_again_when_the_connection_is_lost(page):
    page.order("Pizza")
    page.expect("Pizza", "RUNNING")
    page.page.evaluate("connection.socket.close()")
    page.expect("Pizza", "SUCCEEDED")
    assert len(page.sockets) == 2


def test_what_the_api_refuses_is_shown(page):
    page.page.route(
        "**/execution",
        lambda route: route.fulfill(
            status=429, json={"message": "Too many orders", "type": "ThrottlingException", "requestId": "1"}
        ),
    )
    page.order("Pizza")
    page.expect("Pizza", "REFUSED", "ThrottlingException: Too many orders")


def test_it_loads_nothing_from_elsewhere(page, kitchen):
    page.page.wait_for_load_state("networkidle")
    own = kitchen[1].rpartition("/")[0]
    assert {url.partition("?")[0] for _, url in page.requests} == {
        f"{own}/{name}" for name in ("index.html", "style.css", "config.js", "page.js")
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screenshot(browser, kitchen, tmp_path, scheme):
    """The three states in one picture. SCREENSHOTS=<directory> keeps it, for the example's README."""
    with browser.new_context(viewport={"width": 1000, "height": 600}, color_scheme=scheme) as context:
        page = Page(context.new_page(), kitchen[1])
        page.order("Pizza", "it's for table 7")
        page.order("Soufflé", "and quickly!")
        page.expect("Pizza", "SUCCEEDED")
        page.expect("Soufflé", "FAILED")
        page.order("Ramen", "extra chili")
        page.expect("Ramen", "RUNNING")
        page.page.mouse.move(0, 0)
        time.sleep(1)
        picture = Path(os.environ.get("SCREENSHOTS", tmp_path), f"{scheme}.png")
        page.page.screenshot(path=picture)
        assert 10_000 < picture.stat().st_size < 200_000


def test_a_second_plan_shows_no_change(kitchen):
    plan = kitchen[0].plan()
    assert plan.is_empty, plan.changes
