"""Where lines go: a queue that never makes the caller wait, and a file a day."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from shared_services.logging.daily_file import DailyFile
from shared_services.logging.sink import Sink


class Slow:
    """An output that waits until it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.text = ""

    def write(self, text: str) -> None:
        self.go.wait(30)
        self.text += text

    def close(self) -> None:
        self.go.set()


class Broken:
    """An output that fails."""

    def write(self, text: str) -> None:
        raise OSError(28, "No space left on device")

    def close(self) -> None:
        raise OSError(28, "No space left on device")


def test_a_full_queue_drops_and_says_how_many() -> None:
    output = Slow()
    sink = Sink([output], 10, lambda count: f"dropped {count}\n")
    for number in range(1000):  # would wait for ever if it waited
        sink.put(f"{number}\n")
    assert sink.dropped > 900
    output.go.set()
    assert sink.flush()
    sink.put("later\n")
    assert sink.flush()
    assert f"dropped {sink.dropped}\n" in output.text
    assert output.text.count("\n") == 1000 - sink.dropped + 2
    sink.close()


def test_an_output_that_fails_stops_neither_the_others_nor_the_caller() -> None:
    good = Slow()
    good.go.set()
    sink = Sink([Broken(), good], 10, str)
    sink.put("line\n")
    assert sink.flush()
    assert (good.text, sink.failures) == ("line\n", 1)
    sink.close()


def test_what_was_logged_last_is_written_when_the_process_ends() -> None:
    code = "from shared_services import get_logger; [get_logger().info('x', n=n) for n in range(500)]"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (answer.stdout.count("\n"), answer.stderr) == (500, "")


def test_a_fork_writes_too() -> None:
    code = (
        "import os; from shared_services import get_logger, flush_logs; get_logger().info('parent'); flush_logs()\n"
        "pid = os.fork()\n"
        "if not pid: get_logger().info('child'); flush_logs(); os._exit(0)\n"
        "os.waitpid(pid, 0)"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert '"message":"child"' in answer.stdout


def test_a_day_has_a_file_and_the_plain_name_leads_to_it(tmp_path: Path) -> None:
    now = datetime(2026, 1, 1, 18, 29, 59, tzinfo=UTC).timestamp()  # 23:59:59 in India
    moments = [now, now + 1]
    file = DailyFile(tmp_path / "shared_services.log", clock=lambda: moments[0])
    file.write("old year\n")
    assert (tmp_path / "shared_services_20260101.log").read_text() == "old year\n"
    moments.pop(0)
    file.write("new year\n")
    assert (tmp_path / "shared_services_20260102.log").read_text() == "new year\n"
    assert (tmp_path / "shared_services.log").read_text() == "new year\n"
    file.close()


def test_old_files_go_and_others_stay(tmp_path: Path) -> None:
    for day in range(1, 21):
        (tmp_path / f"app_202601{day:02d}.log").write_text("x")
    (tmp_path / "app_notes.log").write_text("x")
    file = DailyFile(tmp_path / "app.log", keep_days=3, clock=lambda: datetime(2026, 1, 21, tzinfo=UTC).timestamp())
    file.write("x\n")
    file.close()
    left = sorted(path.name for path in tmp_path.iterdir() if not path.is_symlink())
    assert left == ["app_20260119.log", "app_20260120.log", "app_20260121.log", "app_notes.log"]


def test_a_file_that_was_there_before_is_not_replaced_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_text("precious")
    file = DailyFile(tmp_path / "app.log")
    file.write("x\n")
    file.close()
    assert (tmp_path / "app.log").read_text() == "precious"


def test_a_deleted_file_comes_back(tmp_path: Path) -> None:
    moments = [time.time()]
    file = DailyFile(tmp_path / "app.log", clock=lambda: moments[0])
    file.write("one\n")
    path = Path(os.path.realpath(tmp_path / "app.log"))
    path.unlink()
    moments[0] += 61
    file.write("two\n")
    assert [found.read_text() for found in tmp_path.glob("app_*.log")] in (["two\n"],)
    file.close()
