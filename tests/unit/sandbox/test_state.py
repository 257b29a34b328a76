"""Where a sandbox puts its sockets."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from sandbox.state import StateDir

LONGEST = 103  # of macOS; Linux has 107


@pytest.mark.parametrize("long_tmpdir", [False, True])
def test_a_socket_has_a_path_that_fits_wherever_the_state_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long_tmpdir: bool
) -> None:
    deep = tmp_path / ("deep" * 25)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep) if long_tmpdir else "/tmp")
    with StateDir(deep) as state:
        path = Path(state.socket_path("provider.sock"))
        assert len(os.fsencode(path.with_suffix(".random-grpc"))) <= LONGEST
        assert path.parent.stat().st_mode & 0o077 == 0
    assert not path.parent.exists()
