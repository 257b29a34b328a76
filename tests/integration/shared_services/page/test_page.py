"""The page in a browser: edit, see what would differ, apply, take back; refusals at their field; roles; two at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared_services import Bucket

from .running import ask

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("shared-services")]

Opened = Callable[..., Any]
# Where pictures for the docs go, when they are wanted: SCREENSHOTS=docs/images.
PICTURES = os.environ.get("SCREENSHOTS")


def picture(page: Any, name: str) -> None:
    if PICTURES:
        page.wait_for_timeout(200)
        page.screenshot(path=str(Path(PICTURES) / f"shared-services-{name}.png"))


def standing(page: Any, words: str) -> None:
    page.wait_for_function("words => document.querySelector('.standing').textContent.includes(words)", arg=words)


def version(url: str, name: str) -> int:
    return int(ask(f"{url}/api/v1/config/{name}").json["version"])


def test_a_value_is_edited_applied_and_taken_back(url: str, follower: str, opened: Opened) -> None:
    page, base = opened(url, "config/risk"), version(url, "risk")
    before = page.get_by_label("Orders per minute").input_value()
    page.get_by_label("Orders per minute").fill("75")
    page.get_by_label("Sector").fill("0.3")
    picture(page, "edit")
    page.get_by_role("button", name="Review").click()
    rows = page.locator("dialog tbody tr")
    rows.first.wait_for()
    shown = [re.sub(r"\s+", " ", each).strip() for each in rows.all_inner_texts()]
    assert shown == ["limits.sector 0.25 0.3", f"limits.orders_per_minute {before} 75"]
    page.get_by_label("Comment").fill("Fewer orders while the router is tuned.")
    picture(page, "review")
    page.get_by_role("button", name="Apply now").click()
    standing(page, f"version {base + 1}")
    page.wait_for_function(
        "async url => (await (await fetch(url)).json()).values.limits.orders_per_minute === 75",
        arg="/api/v1/config/risk",
    )
    for _ in range(200):  # it reaches a service that runs
        if ask(f"{follower}/orders-per-minute").json["value"] == 75:
            break
        page.wait_for_timeout(20)
    else:
        pytest.fail("the change did not reach the service")
    page.get_by_role("link", name="History").click()
    page.get_by_text("in force").wait_for()
    picture(page, "history")
    page.locator(".version", has_text=f"version {base}").get_by_role("button", name="Roll back").click()
    page.get_by_role("button", name="Roll back", exact=True).click()
    standing(page, f"version {base + 2}")
    assert ask(f"{url}/api/v1/config/risk").json["values"]["limits"]["sector"] == 0.25


def test_what_is_refused_is_said_at_its_field(url: str, opened: Opened) -> None:
    page = opened(url, "config/risk")
    page.get_by_label("Daily reduce").fill("0.5")
    row = page.locator(".row.wrong")
    row.wait_for()
    assert "daily_reduce is at most daily_halt (0.02)" in row.inner_text()
    assert page.get_by_label("Daily reduce").get_attribute("aria-invalid") == "true"
    assert page.get_by_role("button", name="Review").is_disabled()
    page.get_by_label("Orders per minute").fill("many")
    page.locator(".row.wrong", has_text="Orders per minute").wait_for()
    picture(page, "refused")
    page.get_by_role("button", name="Discard").click()
    assert page.locator(".row.wrong").count() == 0
    assert page.locator("#bar").is_hidden()


@pytest.mark.whole
def test_lists_maps_and_what_need_not_be_there(url: str, opened: Opened) -> None:
    page = opened(url, "config/notifications")
    telegram = page.locator("fieldset", has=page.locator("legend", has_text="Telegram"))
    telegram.get_by_role("switch").first.click()  # out of use on a laptop
    telegram.get_by_label("Bot token").fill("telegram-bot-token")
    telegram.get_by_label("Chat ID").fill("telegram-chat-id")
    page.get_by_role("button", name="Review").click()
    page.locator("dialog tbody tr").first.wait_for()
    assert "telegram" in page.locator("dialog").inner_text()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Discard").click()
    page.goto(f"{url}/ui/#/config/api-gateway")
    routes = page.locator("fieldset", has=page.locator("legend", has_text="Routes"))
    routes.get_by_label("New name in Routes").fill("quotes")
    routes.get_by_role("button", name="Add").click()
    routes.get_by_role("textbox", name="quotes").fill("market-data-ingestion")
    page.get_by_role("button", name="Review").click()
    page.locator("dialog tbody tr").first.wait_for()
    assert "ROUTES.quotes" in page.locator("dialog").inner_text()


def test_another_ones_change_is_seen_at_once_and_never_overwritten(url: str, opened: Opened) -> None:
    mine, theirs = opened(url, "config/trading"), opened(url, "config/trading")
    mine.locator(".live.on").wait_for()
    base = version(url, "trading")
    mine.get_by_label("Maximum open positions").fill("33")
    theirs.get_by_label("Capital").fill("250000")
    theirs.get_by_role("button", name="Review").click()
    theirs.get_by_role("button", name="Apply now").click()
    standing(theirs, f"version {base + 1}")
    notice = mine.locator(".banner.warn")
    notice.wait_for()
    assert "You changed other values" in notice.inner_text()
    picture(mine, "meanwhile")
    mine.get_by_role("button", name="Take it over, keep my edits").click()
    standing(mine, f"version {base + 1}")
    assert mine.get_by_label("Capital").input_value() == "250000"
    mine.get_by_role("button", name="Review").click()
    mine.get_by_role("button", name="Apply now").click()
    standing(mine, f"version {base + 2}")
    standing(theirs, f"version {base + 2}")  # who edits nothing just follows
    assert theirs.get_by_label("Maximum open positions").input_value() == "33"


def test_roles(signed: str, opened: Opened) -> None:
    auditor = opened(signed, "config/resilience", "uma@audit.example.com")
    assert auditor.get_by_label("Failure threshold").first.is_disabled()
    assert "may read the configuration" in auditor.locator(".banner").inner_text()
    editor = opened(signed, "config/resilience", "ravi@example.com")
    editor.get_by_label("Failure threshold").first.fill("7")
    editor.get_by_role("button", name="Review").click()
    editor.get_by_label("Comment").fill("The broker is slow in the mornings.")
    assert editor.get_by_role("button", name="Apply now").count() == 0
    editor.get_by_role("button", name="Propose").click()
    editor.get_by_text("waits").wait_for()
    assert editor.get_by_role("button", name="Apply").count() == 0
    approver = opened(signed, "config/resilience/proposals", "ana@example.com")
    approver.get_by_text("proposed by ravi@example.com").wait_for()
    picture(approver, "proposal")
    approver.get_by_role("button", name="Apply", exact=True).click()
    standing(approver, "version 1")
    standing(editor, "version 1")
    stranger = opened(signed, "config/resilience", "eve@example.org")
    assert "lacks config.read" in stranger.locator("main").inner_text()


def test_what_nobody_changed_has_no_object(url: str, opened: Opened) -> None:
    page = opened(url, "config/logging/text")
    assert page.locator("#view pre").inner_text() == "# nothing was changed at run time"


def test_a_narrow_page_keeps_what_is_said_of_a_list_readable(url: str, opened: Opened) -> None:
    page = opened(url, "config/risk")
    page.set_viewport_size({"width": 390, "height": 800})
    said = page.locator("fieldset.flat .row .about").first.bounding_box()
    assert said["width"] > 150


def test_reports_on_a_page(reports: Bucket, url: str, opened: Opened) -> None:
    """Its words are all there is on it: an absent part leaves no `false` behind."""
    page = opened(url, "reports")
    shown = page.locator("main").inner_text().split("\n")
    assert [each for each in shown if each] == ["Reports", "As they were sent.", "There are none yet."]
    name = "daily/2026-01-30.csv"
    reports.write(name, b"day,pnl\n", content_type="text/csv")
    page.reload()
    row = page.locator("main tbody tr")
    row.wait_for()
    assert row.inner_text().split("\t")[0].strip() == name
    with page.expect_download() as taken:
        row.get_by_role("button", name="save").click()
    assert taken.value.suggested_filename == "2026-01-30.csv"
    assert taken.value.path().read_bytes() == b"day,pnl\n"


@pytest.mark.whole
def test_services_on_a_page(url: str, opened: Opened) -> None:
    page = opened(url, "services")
    page.locator(".services tbody tr").nth(11).wait_for()
    assert "risk-manager" in page.locator(".services").inner_text()
