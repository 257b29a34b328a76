"""What a line says."""

from __future__ import annotations

import asyncio
import logging
import re
import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared_services import (
    InputError,
    Logger,
    bound_correlation_id,
    bound_fields,
    bound_trace,
    correlation_id,
    flush_logs,
    get_logger,
    log_request,
    setup_logging,
)
from shared_services.logging import redaction, state
from shared_services.logging.redaction import Redactor

Lines = Callable[[], list[dict[str, Any]]]


def test_a_line_has_the_fields_of_the_platform_and_of_cloud_logging(lines: Lines) -> None:
    get_logger("market_data").info("Data fetch completed", duration_ms=1250.5, symbols=["TCS", "INFY"])
    (line,) = lines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("timestamp"))
    assert line.pop("line") > 1
    assert line == {
        "severity": "INFO",
        "level": "INFO",
        "service": "orders",
        "message": "Data fetch completed",
        "module": "test_lines",
        "function": "test_a_line_has_the_fields_of_the_platform_and_of_cloud_logging",
        "logger": "market_data",
        "logging.googleapis.com/labels": {"service": "orders"},
        "duration_ms": 1250.5,
        "symbols": ["TCS", "INFY"],
    }


def test_both_styles_and_bound_fields_come_out_alike(lines: Lines) -> None:
    logger = Logger("trades").bind(run_id="r-7")
    logger.info("Trade executed", extra={"symbol": "RELIANCE", "price": Decimal("2450.50")}, quantity=100)
    logger.unbind("run_id").warning("%s of %d", "one", 3)
    first, second = lines()
    assert (first["symbol"], first["price"], first["quantity"], first["run_id"]) == ("RELIANCE", "2450.50", 100, "r-7")
    assert (second["message"], second["severity"], second.get("run_id")) == ("one of 3", "WARNING", None)


def test_performance_is_in_milliseconds(lines: Lines) -> None:
    Logger("trades").performance("trade_execution", 0.023, symbol="TCS")
    with pytest.raises(ZeroDivisionError), Logger("trades").timed("load"):
        _ = 1 / 0
    first, second = lines()
    assert (first["operation"], first["duration_ms"], first["symbol"]) == ("trade_execution", 23.0, "TCS")
    assert (first["function"], second["operation"], second["outcome"]) == (
        "test_performance_is_in_milliseconds",
        "load",
        "failed",
    )


@pytest.mark.parametrize(
    ("status", "ms", "severity"), [(200, 45.2, "INFO"), (200, 1500, "WARNING"), (404, 1, "WARNING"), (503, 1, "ERROR")]
)
def test_a_request_is_as_cloud_logging_shows_it(lines: Lines, status: int, ms: float, severity: str) -> None:
    log_request("GET", "/api/data?token=abc123", status, ms, user_id="user123")
    (line,) = lines()
    assert (line["severity"], line["status_code"], line["duration_ms"], line["user_id"]) == (
        severity,
        status,
        ms,
        "user123",
    )
    assert line["httpRequest"]["latency"] == f"{ms / 1000:.6f}s"
    assert line["function"] == "test_a_request_is_as_cloud_logging_shows_it"


def test_an_error_has_its_class_and_place(lines: Lines) -> None:
    try:
        raise TimeoutError("no answer")
    except TimeoutError as error:
        get_logger().exception("fetch failed")
        get_logger().error("again", exc_info=error)
    for line in lines():
        assert (line["error_class"], line["error_type"], line["error_message"]) == (
            "transient",
            "TimeoutError",
            "no answer",
        )
        assert "test_an_error_has_its_class_and_place" in line["stack_trace"]


def test_the_standard_librarys_records_come_out_alike(lines: Lines) -> None:
    logging.getLogger("uvicorn.error").warning("slow: %s", "x", extra={"client": "c-1"})
    (line,) = lines()
    assert (line["message"], line["severity"], line["client"], line["logger"]) == (
        "slow: x",
        "WARNING",
        "c-1",
        "uvicorn.error",
    )


def test_correlation_ids_follow_tasks_and_are_never_mixed(lines: Lines) -> None:
    async def request(number: int) -> None:
        with bound_correlation_id(f"c-{number}"), bound_fields(number=number):
            await asyncio.sleep(0.001 * (number % 3))
            get_logger().info("handled")

    async def main() -> None:
        await asyncio.gather(*(request(number) for number in range(20)))

    asyncio.run(main())
    handled = [line for line in lines() if line["message"] == "handled"]
    assert {(line["correlation_id"], line["number"]) for line in handled} == {(f"c-{n}", n) for n in range(20)}
    assert correlation_id() is None


@pytest.mark.parametrize("given_id", ["", "x" * 500, "a\nb", 'a"b c'])
def test_a_correlation_id_from_outside_is_checked(given_id: str) -> None:
    with bound_correlation_id(given_id) as used:
        assert re.fullmatch(r"[0-9a-f]{32}", used)


def test_a_trace_is_named_as_cloud_logging_wants_it(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state.current(), "project", "atm-dev")
    with bound_trace({"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}):
        get_logger().info("x")
    (line,) = lines()
    assert line["logging.googleapis.com/trace"] == "projects/atm-dev/traces/4bf92f3577b34da6a3ce929d0e0e4736"
    assert line["logging.googleapis.com/spanId"] == "00f067aa0ba902b7"
    assert line["logging.googleapis.com/trace_sampled"] is True


def test_levels_are_set_by_name(tmp_path: Path, lines: Lines) -> None:
    setup_logging("x", "INFO", "json", tmp_path / "logs/service.log", to_stdout=False, levels={"google": "ERROR"})
    get_logger("google.auth").warning("silent")
    logging.getLogger("google.auth").warning("silent too")
    get_logger("googled").warning("heard")
    get_logger("x").debug("silent")
    assert [line["message"] for line in lines()] == ["heard"]


def test_a_field_never_replaces_one_of_the_lines_own(lines: Lines) -> None:
    get_logger().info("real", severity="DEBUG", extra={"service": "forged", "message": "forged"})
    (line,) = lines()
    assert (line["severity"], line["service"], line["message"]) == ("INFO", "orders", "real")
    assert (line["severity_"], line["service_"], line["message_"]) == ("DEBUG", "forged", "forged")


def test_text_is_one_line_whatever_is_logged(tmp_path: Path) -> None:
    setup_logging("auth", "INFO", "text", tmp_path / "a.log", to_stdout=False)
    get_logger().info("signed in\n2026-01-01T00:00:00.000Z ERROR forged", user="u 1")
    assert flush_logs()
    (line,) = (tmp_path / "a.log").read_text().splitlines()
    assert line.endswith(
        'INFO     auth signed in\\n2026-01-01T00:00:00.000Z ERROR forged logger=shared_services user="u 1"'
    )


@pytest.mark.parametrize(("level", "form"), [("LOUD", "json"), ("INFO", "xml")])
def test_a_wrong_level_or_format_is_refused(level: str, form: str) -> None:
    with pytest.raises(InputError, match="what to do"):
        setup_logging("x", level, form)


SECRET = "s3cr3t-canary-value"


@pytest.mark.parametrize(
    "fields",
    [
        {"password": SECRET},
        {"kite_api_key": SECRET},
        {"X-Api-Key": SECRET},
        {"headers": {"Authorization": f"Bearer {SECRET}"}},
        {"rows": [{"accessToken": SECRET}]},
        {"url": f"postgresql://app:{SECRET}@db/market"},
        {"note": f"sent Authorization: Bearer {SECRET}"},
        {"query": f"?api_key={SECRET}&x=1"},
        {"path": f"/stream?token={SECRET}&x=1"},
        {"said": f"https://api.telegram.org/bot123456:{SECRET * 4}/sendMessage"},
        {"body": f'{{"password": "{SECRET}"}}'},
        {"pan_number": SECRET},
        {"error": ValueError(f"password={SECRET}").args},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_secret_is_never_written(tmp_path: Path, fields: dict[str, Any]) -> None:
    setup_logging("x", "INFO", "json", tmp_path / "a.log", to_stdout=False, redact=["pan_number"])
    get_logger().info("x", **fields)
    logging.getLogger("y").warning("x", extra=fields)
    get_logger().info(f"text: {next(iter(fields))}={SECRET}" if "password" in fields else "x")
    assert flush_logs()
    assert SECRET not in (tmp_path / "a.log").read_text()


def test_an_errors_text_and_trace_hide_secrets(lines: Lines, tmp_path: Path) -> None:
    try:
        raise RuntimeError(f"can't connect to postgresql://app:{SECRET}@db/market")
    except RuntimeError:
        get_logger().exception("failed")
    assert SECRET not in str(lines())


@pytest.mark.parametrize("name", ["tokens", "token_count", "secret_name", "symbol", "keyboard", "author", "spin"])
def test_what_only_sounds_like_a_secret_stays(name: str) -> None:
    assert Redactor().fields({name: "x"}) == {name: "x"}


@given(st.text(max_size=2000))
def test_redaction_is_quick_and_idempotent(text: str) -> None:
    redactor = Redactor()
    once = redactor.text(text)
    assert redactor.text(once) == once


@given(before=st.text(max_size=20), secret=st.from_regex(redaction._IN_TEXT), after=st.text(max_size=20))
def test_no_secret_escapes_the_quick_look(before: str, secret: str, after: str) -> None:
    text = before + secret + after
    assert Redactor().suspects(text) or redaction._IN_TEXT.search(text) is None


def test_a_request_is_redacted_as_any_line_is(tmp_path: Path) -> None:
    setup_logging("x", log_file=tmp_path / "a.log", to_stdout=False, redact=["user"])
    log_request("GET", "/", 200, 1.0, user_id="u-1")
    assert flush_logs()
    assert '"user_id":"[redacted]"' in (tmp_path / "a.log").read_text()


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.decimals() | st.datetimes(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner) | st.tuples(inner, inner),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    event=st.text() | st.integers() | st.none(),
    args=st.lists(anything, max_size=2),
    fields=st.dictionaries(st.text(), anything),
)
def test_anything_can_be_logged(lines: Lines, event: object, args: list[Any], fields: dict[str, Any]) -> None:
    before = state.current().failures
    get_logger().info(event, *args, extra=fields)
    assert state.current().failures == before


def test_nothing_raises_into_the_caller(lines: Lines) -> None:
    class Odd:
        def __str__(self) -> str:
            raise RuntimeError("no text")

        __repr__ = __str__

    loop: list[Any] = []
    loop.append(loop)
    get_logger().info(Odd())
    get_logger().info("x", value=Odd(), loop=loop, big=10**400)
    get_logger().performance("x", "not a number")  # type: ignore[arg-type]
    log_request("GET", "/", "200", None)  # type: ignore[arg-type]
    log_request("GET", "/", 200, 1.0, user_id="u")
    assert lines()[-1]["user_id"] == "u"


def test_loggers_made_before_setup_follow_it(tmp_path: Path) -> None:
    early = get_logger("early")
    setup_logging("late", "WARNING", "json", tmp_path / "a.log", to_stdout=False)
    early.info("silent")
    early.warning("heard")
    assert flush_logs()
    assert (tmp_path / "a.log").read_text().count("\n") == 1


def test_many_threads_write_whole_lines(lines: Lines) -> None:
    def write(number: int) -> None:
        for count in range(100):
            get_logger().info("x" * 200, thread_number=number, count=count)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({(line["thread_number"], line["count"]) for line in lines()}) == 800
