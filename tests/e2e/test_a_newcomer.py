"""A newcomer: a fresh clone, a fresh HOME, no terraform on the machine, no registry in reach."""

from __future__ import annotations

import shutil

import pytest

from tests.support.checkout import Checkout, Result

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.xdist_group("platform")]


def test_make_up_in_a_fresh_clone_without_terraform(up: tuple[Checkout, Result]) -> None:
    clone, done = up
    assert shutil.which("terraform", path=clone.path) is None
    assert done.code == 0, done.out + done.err
    assert (clone.programs / "terraform").exists()
    assert "from PyPI" in clone.envctl("doctor").out
    clone.must("plan", "local")


def test_make_up_again_changes_nothing_and_says_what_runs_a_starter(up: tuple[Checkout, Result]) -> None:
    clone, _ = up
    done = clone.run(["make", "up"], {})
    assert done.code == 0, done.out + done.err
    assert "local is up: 0 added, 0 changed, 0 removed" in done.out
    assert "starter" in done.out
