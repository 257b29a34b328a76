"""Files that grow, rotate, are copied and emptied, packed, cut: every line is taken once."""

from __future__ import annotations

import gzip
import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from shared_services import InputError, PermanentError
from shared_services.aggregation.aggregate import Aggregator
from shared_services.aggregation.files import FileSource
from shared_services.aggregation.report import Report
from shared_services.aggregation.sinks import FileSink
from shared_services.aggregation.streams import StreamSource


def line(number: int) -> str:
    return json.dumps({"timestamp": "2024-01-20T10:30:00Z", "severity": "INFO", "message": f"line {number}"}) + "\n"


class Log:
    """A log file that numbers its lines, and what an aggregator makes of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "app.log"
        self.count = 0
        self.report = Report()

    def write(self, lines: int, file: Path | None = None) -> None:
        with (file or self.path).open("a") as out:
            for _ in range(lines):
                out.write(line(self.count))
                self.count += 1

    def aggregate(self, patterns: str = "app*.log*", **more: Any) -> Report:
        source = FileSource([str(self.folder / patterns)], service="app")
        sink = FileSink(str(self.folder / "out.jsonl"))
        self.report = Aggregator([source], sink, self.folder / "state", **more).run()
        return self.report

    def messages(self) -> list[str]:
        out = self.folder / "out.jsonl"
        return [json.loads(each)["message"] for each in out.read_text().splitlines()] if out.exists() else []

    def holds_each_once(self) -> None:
        assert sorted(self.messages()) == sorted(f"line {number}" for number in range(self.count))
        ids = [json.loads(each)["insert_id"] for each in (self.folder / "out.jsonl").read_text().splitlines()]
        assert len(set(ids)) == len(ids)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


def test_a_second_run_takes_what_is_new(log: Log) -> None:
    log.write(10)
    assert log.aggregate().lines == 10
    assert log.aggregate().lines == 0
    log.write(5)
    assert log.aggregate().lines == 5
    log.holds_each_once()


def test_a_renamed_file_is_read_on_and_the_new_one_from_its_beginning(log: Log) -> None:
    log.write(10)
    log.aggregate()
    log.write(3)
    log.path.rename(log.folder / "app.log.1")
    log.write(4)
    log.aggregate()
    log.holds_each_once()


def test_copied_and_emptied(log: Log) -> None:
    log.write(10)
    log.aggregate()
    log.write(3)  # not read before the copy
    shutil.copy(log.path, log.folder / "app.log.1")
    log.path.write_text("")
    log.write(2)
    log.aggregate()
    log.holds_each_once()


def test_a_copy_beside_its_original_brings_nothing_new(log: Log) -> None:
    log.write(10)
    log.aggregate()
    shutil.copy(log.path, log.folder / "app.log.1")
    log.write(3)
    assert log.aggregate().lines == 3
    log.write(3)
    log.path.write_text("")
    log.write(1)
    log.count -= 4  # three lines were lost with the file before anybody read them
    log.write(1)


def test_packed_files_are_known_again(log: Log) -> None:
    log.write(10)
    log.aggregate()
    log.write(5)
    (log.folder / "app.log.1.gz").write_bytes(gzip.compress(log.path.read_bytes()))
    log.path.unlink()
    log.write(2)
    log.aggregate()
    log.holds_each_once()
    damaged = log.folder / "app.log.2.gz"
    damaged.write_bytes(gzip.compress((line(77) * 500).encode())[:-30])
    assert any("can't be read" in note for note in log.aggregate().notes)


def test_a_file_that_is_cut_is_read_on_at_its_end(log: Log) -> None:
    log.write(10)
    log.aggregate()
    text = log.path.read_text().splitlines(keepends=True)
    log.path.write_text("".join(text[:4]))
    log.write(3)
    report = log.aggregate()
    assert report.lines + sum(report.garbage.values()) <= 3
    log.path.write_text("".join(text[:2]))
    report = log.aggregate()
    assert any("was cut" in note for note in report.notes)
    log.write(3)
    assert log.aggregate().lines == 3


def test_a_line_is_taken_when_it_is_whole(log: Log) -> None:
    log.write(2)
    half = line(2)
    with log.path.open("a") as out:
        out.write(half[:30])
    assert log.aggregate().lines == 2
    with log.path.open("a") as out:
        out.write(half[30:-1])  # whole, but for its end
    assert log.aggregate().lines == 1
    with log.path.open("a") as out:
        out.write("\n")
    log.count = 3
    log.write(1)
    assert log.aggregate().lines == 1
    log.holds_each_once()


def test_garbage_is_counted_and_stops_nothing(log: Log) -> None:
    log.write(3)
    with log.path.open("ab") as out:
        out.write(b"\x00" * 5000 + line(3).encode())  # a hole, and a line behind it
        out.write(b"Traceback (most recent call last):\n\xff\xfe\n" + b"x" * 3_000_000 + b"\n")
    log.count = 4
    log.write(2)
    report = log.aggregate()
    assert report.lines == 6
    assert report.garbage == {str(log.path): 3}
    assert report.samples[0] == (str(log.path), "Traceback (most recent call last):")
    log.holds_each_once()
    assert log.aggregate().garbage == {}


def test_links_and_unreadable_files_do_no_harm(log: Log) -> None:
    log.write(3)
    (log.folder / "app.log.link").symlink_to(log.path)
    (log.folder / "app.log.gone").symlink_to(log.folder / "nothing")
    (log.folder / "app.log.folder").mkdir()
    log.aggregate()
    log.holds_each_once()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_to_the_file_each_line_is_taken_once(log: Log, seed: int) -> None:
    chance = random.Random(seed)
    log.write(1)
    for step in range(30):
        match chance.randrange(7):
            case 0 | 1 | 2:
                log.write(chance.randrange(1, 30))
            case 3:
                log.path.rename(log.folder / f"app.log.{step}")
                log.write(chance.randrange(1, 10))
            case 4:
                shutil.copy(log.path, log.folder / f"app.log.{step}")
                if chance.random() < 0.3:
                    log.aggregate(batch_lines=20)  # in between
                log.path.write_text("")
            case 5:
                old = chance.choice(sorted(log.folder.glob("app.log*")))
                if old.suffix != ".gz" and old != log.path:
                    (log.folder / f"{old.name}.gz").write_bytes(gzip.compress(old.read_bytes()))
                    old.unlink()
            case 6:
                log.aggregate(batch_lines=chance.choice([7, 1000]))
    log.aggregate()
    log.holds_each_once()


class Fails(FileSink):
    """Takes half a batch, and fails."""

    def take(self, name: str, rows: Path, before: Any) -> None:
        data = rows.read_bytes()
        with Path(self._path).open("ab") as out:
            out.write(data[: len(data) // 2])
        raise PermanentError("the disk is full")


def test_a_batch_that_did_not_arrive_is_given_again(log: Log) -> None:
    log.write(10)
    source = FileSource([str(log.path)], service="app")
    with pytest.raises(PermanentError):
        Aggregator([source], Fails(str(log.folder / "out.jsonl")), log.folder / "state").run()
    log.write(5)
    report = log.aggregate()
    assert any("interrupted before" in note for note in report.notes)
    log.holds_each_once()


def test_the_state_is_one_processs_and_one_sinks(log: Log) -> None:
    log.write(1)
    first = Aggregator([], FileSink(str(log.folder / "out.jsonl")), log.folder / "state")
    with pytest.raises(InputError, match="another aggregator"):
        log.aggregate()
    first.run()
    with pytest.raises(InputError, match="another sink"):
        Aggregator([], FileSink(str(log.folder / "else.jsonl")), log.folder / "state")
    (log.folder / "state/checkpoint.json").write_text("{")
    with pytest.raises(InputError, match="can't be read"):
        log.aggregate()


def test_a_stream_given_again_brings_nothing_new(log: Log) -> None:
    log.path.write_text(line(0) + line(0) + line(1) + line(2)[:-1])
    taken = []
    for _ in range(2):
        with log.path.open("rb") as stream:
            sink = FileSink(str(log.folder / "out.jsonl"))
            report = Aggregator([StreamSource(stream.fileno())], sink, log.folder / "state", batch_lines=2).run()
            taken.append((report.lines, report.duplicates))
    assert taken == [(4, 0), (0, 4)]


def test_ids_of_their_own_are_remembered_across_files_and_runs(log: Log) -> None:
    text = json.dumps({"time": 1705746600, "message": "m", "insertId": "i-1"}) + "\n"
    (log.folder / "app.log").write_text(text)
    (log.folder / "app2.log").write_text(text + line(0))
    report = log.aggregate()
    assert (report.lines, report.duplicates) == (2, 1)
    (log.folder / "app3.log").write_text(line(1) + text)
    report = log.aggregate()
    assert (report.lines, report.duplicates) == (1, 1)
