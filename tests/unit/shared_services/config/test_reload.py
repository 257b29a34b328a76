"""Following the sources: atomic, refusing what is wrong, telling listeners, and taking back."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from shared_services import ConfigChange, ConfigManager, InvalidConfiguration, Notification, parse_notification

from .test_layers import Remote

Write = Callable[[str, str], Path]


def test_a_changed_file_is_seen_without_a_restart(manager: ConfigManager, write: Write) -> None:
    before = manager.get_config("trading")
    assert manager.get_config("trading") is before
    write("trading.yaml", "capital: 5\n")
    assert manager.get_config("trading").capital == 5
    assert before.capital == 1_000_000  # who holds the old one still has it whole


def test_a_new_file_for_the_environment_is_seen(manager: ConfigManager, write: Write) -> None:
    manager.get_config("risk")
    write("environments/test/risk.yaml", "check_timeout_ms: 10\n")
    assert manager.get_config("risk").check_timeout_ms == 10


def test_a_bad_version_keeps_the_last_good_one_and_says_so(
    manager: ConfigManager, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    good = manager.get_config("trading")
    write("trading.yaml", "capital: none at all\n")
    assert manager.get_config("trading") is good
    assert "version 1 stays in force: config/trading.yaml:1:10 capital" in caplog.text
    rejected = manager.status("trading")[0].rejected
    assert rejected is not None
    with pytest.raises(InvalidConfiguration, match=r"trading\.yaml:1:10"):
        manager.load_config("trading")
    write("trading.yaml", "capital: 7\n")
    assert manager.get_config("trading").capital == 7
    assert manager.status("trading")[0].rejected is None


def test_a_deleted_file_keeps_the_last_good_one(manager: ConfigManager, folder: Path) -> None:
    good = manager.get_config("trading")
    (folder / "trading.yaml").unlink()
    assert manager.get_config("trading") is good


def test_a_half_written_file_is_never_seen(folder: Path) -> None:
    manager = ConfigManager(folder, environ={}, poll_seconds=0)
    stop = threading.Event()

    def rewrite() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with (folder / "trading.yaml").open("w") as file:  # in pieces, as no editor should
                file.write(f"capital: {number}\nmaximum_open_positions: ")
                file.flush()
                file.write(f"{number}\n")

    manager.get_config("trading")
    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        seen = [manager.get_config("trading") for _ in range(5000)]  # one in some hundreds fell between two pieces
    finally:
        stop.set()
        writer.join()
    assert all(c.capital == c.maximum_open_positions or c.capital == 1_000_000 for c in seen)


def test_a_file_without_a_last_newline_is_read_once_it_is_still(manager: ConfigManager, folder: Path) -> None:
    manager.get_config("trading")
    path = folder / "trading.yaml"
    path.write_text("capital: 5")
    assert manager.get_config("trading").capital == 1_000_000
    os.utime(path, (time.time() - 10, time.time() - 10))
    assert manager.get_config("trading").capital == 5


def test_a_rewrite_that_changes_nothing_is_no_version(manager: ConfigManager, write: Write, folder: Path) -> None:
    manager.get_config("trading")
    write("trading.yaml", "# a comment more\n" + (folder / "trading.yaml").read_text())
    manager.get_config("trading")
    assert len(manager.history("trading")) == 1


def test_listeners_are_told_what_changed(manager: ConfigManager, write: Write) -> None:
    told: list[ConfigChange] = []
    stop = manager.on_change(told.append, "trading")
    manager.get_config("trading")
    manager.get_config("risk")
    write("environments/test/trading.yaml", "capital: 5\nentry: {opens: '10:00'}\n")
    manager.poll()
    assert [(change.version, change.changed, change.reason) for change in told] == [
        (2, ("capital", "entry.opens"), "file")
    ]
    assert (told[0].old.get("capital"), told[0].new.get("capital")) == (1_000_000, 5)
    stop()
    write("environments/test/trading.yaml", "capital: 6\n")
    manager.poll()
    assert len(told) == 1


def test_a_listener_that_fails_stops_nothing(
    manager: ConfigManager, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    manager.on_change(lambda change: 1 / 0)
    manager.on_change(lambda change: told.append(change.name))
    manager.get_config("trading")
    write("environments/test/trading.yaml", "capital: 5\n")
    assert manager.get_config("trading").capital == 5
    assert told == ["trading"]
    assert "a listener of the configuration trading failed" in caplog.text


def test_rollback_holds_until_the_source_changes_again(manager: ConfigManager, write: Write) -> None:
    for capital in (1, 2, 3):
        write("environments/test/trading.yaml", f"capital: {capital}\n")
        manager.get_config("trading")
    assert manager.rollback("trading").config.get("capital") == 2
    assert manager.get_config("trading").capital == 2
    assert manager.rollback("trading", to=1).reason == "rollback to 1"
    assert manager.get_config("trading").capital == 1
    assert manager.status("trading")[0].rolled_back
    write("environments/test/trading.yaml", "capital: 3  # still\n")
    assert manager.get_config("trading").capital == 1
    write("environments/test/trading.yaml", "capital: 4\n")
    assert manager.get_config("trading").capital == 4
    assert [version.config.get("capital") for version in manager.history("trading")] == [1, 2, 3, 2, 1, 4]


def test_reload_ends_a_rollback(manager: ConfigManager, write: Write) -> None:
    manager.get_config("trading")
    write("environments/test/trading.yaml", "capital: 5\n")
    manager.get_config("trading")
    manager.rollback("trading")
    assert manager.get_config("trading").capital == 1_000_000
    assert [result.outcome for result in manager.reload("trading")] == ["changed"]
    assert manager.get_config("trading").capital == 5


def test_a_version_that_is_not_kept_is_said(manager: ConfigManager) -> None:
    manager.get_config("trading")
    with pytest.raises(LookupError, match="kept: 1"):
        manager.rollback("trading")
    with pytest.raises(LookupError, match="no version 9"):
        manager.rollback("trading", to=9)


def test_history_has_an_end(folder: Path, write: Write) -> None:
    manager = ConfigManager(folder, environment="test", environ={}, poll_seconds=0, history=3)
    for capital in range(1, 8):
        write("environments/test/trading.yaml", f"capital: {capital}\n")
        manager.get_config("trading")
    assert [version.config.get("capital") for version in manager.history("trading")] == [5, 6, 7]


def test_a_notification_reads_the_object_again(folder: Path) -> None:
    remote = Remote(trading="capital: 1\n")
    manager = ConfigManager(folder, remote=remote, environ={})
    assert manager.get_config("trading").capital == 1
    manager.get_config("risk")
    remote.objects["trading.yaml"] = "capital: 2\n"
    assert manager.get_config("trading").capital == 1
    (result,) = manager.notified(Notification(("trading",)))
    assert (result.outcome, manager.get_config("trading").capital) == ("changed", 2)
    remote.objects["trading.yaml"] = "capital: wrong\n"
    (result,) = manager.notified(Notification(("trading",)))
    assert result.outcome == "rejected"
    assert result.error is not None
    assert "gs://config/trading.yaml:1:10" in str(result.error)
    remote.down = True
    assert [r.outcome for r in manager.notified(Notification())] == ["rejected", "unchanged"]
    assert manager.get_config("trading").capital == 2


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (b"", ()),
        (b"{", ()),
        (b"[]", ()),
        (b'{"reason": "start-of-day"}', ()),
        (b'{"names": ["risk", 1]}', ("risk", "1")),
    ],
)
def test_any_message_is_understood_or_means_everything(data: bytes, names: tuple[str, ...]) -> None:
    found = parse_notification(data, {})
    assert found is not None
    assert found.names == names


def test_the_watching_thread_tells_at_once(folder: Path, write: Write) -> None:
    manager = ConfigManager(folder, environment="test", environ={}, poll_seconds=0.02)
    told = threading.Event()
    manager.get_config("trading")
    manager.on_change(lambda change: told.set(), "trading")
    manager.start_watching()
    try:
        write("environments/test/trading.yaml", "capital: 5\n")
        assert told.wait(60)
    finally:
        manager.stop_watching()
    assert not [thread for thread in threading.enumerate() if thread.name == "config-watch"]


def test_many_threads_get_one_object(folder: Path) -> None:
    manager = ConfigManager(folder, environ={})
    seen: list[object] = []
    threads = [threading.Thread(target=lambda: seen.append(manager.get_config("strategies"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(config) for config in seen}) == 1


def test_the_bucket_is_read_again_without_a_message(folder: Path) -> None:
    remote = Remote(trading="capital: 1\n")
    manager = ConfigManager(folder, remote=remote, environ={}, poll_seconds=0.01)
    told = threading.Event()
    manager.get_config("trading")
    manager.on_change(lambda change: told.set())
    manager.start_watching(bucket_seconds=0.02)
    try:
        remote.objects["trading.yaml"] = "capital: 2\n"
        assert told.wait(10)
    finally:
        manager.stop_watching()
    assert manager.get_config("trading").capital == 2


def test_a_notification_of_nothing_new_keeps_a_rollback(folder: Path) -> None:
    remote = Remote(trading="capital: 1\n")
    manager = ConfigManager(folder, remote=remote, environ={})
    manager.get_config("trading")
    remote.objects["trading.yaml"] = "capital: 2\n"
    manager.notified(Notification(("trading",)))
    manager.rollback("trading")
    assert [result.outcome for result in manager.notified(Notification())] == ["unchanged"]
    assert manager.get_config("trading").capital == 1
