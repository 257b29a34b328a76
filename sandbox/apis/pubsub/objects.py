"""Cloud Storage subscriptions: messages gathered into objects."""

from __future__ import annotations

import asyncio
import datetime
import logging
import re
from urllib.parse import quote

from sandbox.apis.pubsub import records
from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.pubsub.messages import Delivery, seconds
from sandbox.control.context import Control
from sandbox.control.http import Request
from sandbox.control.store import Resource

log = logging.getLogger("sandbox.pubsub")

_AT_ONCE = 1000
_AFTER_FAILURE = 1.0
_SPARE = 60.0  # that the lease of a message outlives its object's time
_DATETIME = re.compile(r"YYYY|MM|DD|hh|mm|ss")
_PARTS = {"YYYY": "%Y", "MM": "%m", "DD": "%d", "hh": "%H", "mm": "%M", "ss": "%S"}


async def gather(control: Control, engine: Engine, name: str) -> None:
    """Write the messages of one subscription, an object when it is full or its time is up.

    Messages are acknowledged once their object is written: those that were held when the process ended come again.
    """
    waiter, held, began = engine.waiter(name), list[Delivery](), 0.0
    while True:
        waiter.clear()
        subscription = control.store.get("pubsub.subscriptions", name)
        config = subscription.document.get("cloudStorageConfig") if subscription is not None else None
        if subscription is None or config is None:
            return
        longest = seconds(config.get("maxDuration"), 300)
        most, largest = int(config.get("maxMessages") or 0), int(config.get("maxBytes") or 0)
        wanted = min(_AT_ONCE, most - len(held)) if most else _AT_ONCE
        found = engine.pull(subscription, max(1, wanted), longest + _SPARE)
        if found and not held:
            began = control.clock()
        held += found
        size = sum(len(each.data) for each in held)
        left = began + longest - control.clock()
        if held and (left <= 0 or (most and len(held) >= most) or (largest and size >= largest)):
            if not await _write(control, engine, subscription, held):
                await asyncio.sleep(_AFTER_FAILURE)
            held = []
            continue
        if found:
            continue
        due = engine.next_available(name) if not held else None
        rest = left if held else None if due is None else max(0.01, due - control.clock())
        try:
            async with asyncio.timeout(rest):  # wait_for of Python 3.11 may lose a cancellation
                await waiter.wait()
        except TimeoutError:
            continue


async def _write(control: Control, engine: Engine, subscription: Resource, held: list[Delivery]) -> bool:
    """One object; its messages are acknowledged, or given back."""
    config = subscription.document["cloudStorageConfig"]
    try:
        if config.get("avroConfig") is not None:
            content, kind = records.avro_file(control, subscription, held), "application/avro"
        else:
            content, kind = b"".join(each.data + b"\n" for each in held), "text/plain"
        name = object_name(config, datetime.datetime.fromtimestamp(control.clock(), datetime.UTC), control.hex(8))
        path = f"/upload/storage/v1/b/{quote(config['bucket'])}/o"
        query = {"uploadType": ["media"], "name": [name]}
        response = await control.dispatch(Request("POST", path, query, {"content-type": kind}, content))
        problem = "" if response.status == 200 else f"{config['bucket']} answered {response.status}"
    except Exception as error:
        problem = f"{type(error).__name__}: {error}"
    ids = [each.ack_id for each in held]
    if problem:
        log.warning("%s: %d messages not written: %s", subscription.name, len(held), problem)
        engine.modify_deadline(subscription, ids, 0)
    else:
        engine.acknowledge(subscription, ids)
    return not problem


def object_name(config: dict[str, object], moment: datetime.datetime, unique: str) -> str:
    """Prefix, time, something unique, suffix.

    >>> moment = datetime.datetime(2026, 1, 31, 9, 15, tzinfo=datetime.UTC)
    >>> object_name({"filenamePrefix": "ticks/", "filenameSuffix": ".txt"}, moment, "1f")
    'ticks/2026-01-31T09:15:00+00:00_1f.txt'
    >>> object_name({"filenameDatetimeFormat": "YYYY/MM/DD/hh_mm_ssZ"}, moment, "1f")
    '2026/01/31/09_15_00Z_1f'
    """
    given = config.get("filenameDatetimeFormat")
    if given:
        shown = _DATETIME.sub(lambda part: moment.strftime(_PARTS[part[0]]), str(given))
    else:
        shown = moment.isoformat(timespec="seconds")
    return f"{config.get('filenamePrefix') or ''}{shown}_{unique}{config.get('filenameSuffix') or ''}"
