"""`make bench` measures every public function that does no I/O."""

from __future__ import annotations

import inspect

import shared_services
from tests.bench.functions import cases

PARTS = ("models", "market", "validation", "finance")
READS_FILES = {"schema_files"}


def test_every_function_without_io_is_measured() -> None:
    functions = {
        name
        for name in shared_services.__all__
        if inspect.isfunction(function := getattr(shared_services, name)) and function.__module__.split(".")[1] in PARTS
    }
    assert functions - READS_FILES - set(cases()) == set()


def test_there_are_more_than_fifty_functions() -> None:
    assert sum(inspect.isfunction(getattr(shared_services, name)) for name in shared_services.__all__) > 50


def test_every_call_works() -> None:
    for call in cases().values():
        call()
