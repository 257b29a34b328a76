"""Topics that are filled from buckets: each object becomes messages, once. Streams of other clouds are out of reach."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from sandbox.apis.pubsub import schemas
from sandbox.apis.pubsub.engine import Engine
from sandbox.apis.pubsub.messages import Message
from sandbox.control.context import Control
from sandbox.control.errors import ApiError, invalid_argument, not_found, unimplemented
from sandbox.control.http import Request
from sandbox.control.store import Resource

log = logging.getLogger("sandbox.pubsub")

TAKEN = "pubsub.ingested"  # the objects that became messages, by topic
_SOURCES = ("cloudStorage", "awsKinesis", "awsMsk", "azureEventHubs", "confluentCloud")
_FORMATS = ("textFormat", "avroFormat", "pubsubAvroFormat")
_SEVERITIES = ("SEVERITY_UNSPECIFIED", "DISABLED", "DEBUG", "INFO", "WARNING", "ERROR")
_LARGEST = 10_000_000


def check(control: Control, document: dict[str, Any]) -> None:
    """400 for settings that Google refuses, 404 for a bucket that isn't there, 501 for what can't be read here."""
    settings = document.get("ingestionDataSourceSettings")
    if not settings:
        document.pop("ingestionDataSourceSettings", None)
        return
    given = [source for source in _SOURCES if settings.get(source) is not None]
    if len(given) != 1:
        raise invalid_argument("Ingestion has one source: " + ", ".join(_SOURCES) + ".", {"ingestion": "one source"})
    if given != ["cloudStorage"]:
        raise unimplemented(f"The sandbox fills topics from buckets only, not from {given[0]}.")
    severity = (settings.get("platformLogsSettings") or {}).get("severity", _SEVERITIES[0])
    if severity not in _SEVERITIES:
        raise invalid_argument(f"Invalid severity {severity}.", {"ingestion.platform_logs_settings": "severity"})
    source = settings["cloudStorage"]
    formats = [one for one in _FORMATS if source.get(one) is not None]
    if len(formats) != 1:
        raise invalid_argument("cloudStorage has one format: " + ", ".join(_FORMATS) + ".", {"ingestion": "format"})
    if formats == ["avroFormat"]:
        raise unimplemented("The sandbox does not read Avro files into topics, but those that Pub/Sub wrote itself.")
    if source.get("textFormat") is not None:
        delimiter = source["textFormat"].setdefault("delimiter", "\n")
        if len(delimiter) != 1:
            raise invalid_argument("The delimiter has one character.", {"ingestion.text_format.delimiter": delimiter})
    if control.store.get("storage.buckets", str(source.get("bucket", ""))) is None:
        raise not_found(f"Resource not found (resource={source.get('bucket', '')}).")
    source["state"] = "ACTIVE"


def tell(control: Control, event: str, shown: Mapping[str, Any]) -> None:
    """Of a change in a bucket: a new object fills the topics that are filled from there."""
    if event != "OBJECT_FINALIZE":
        return
    for topic in _filled(control):
        if _source(topic)["bucket"] == shown["bucket"]:
            control.spawn(_take(control, topic.name, shown), f"ingestion of {shown['name']}")


def start(control: Control) -> None:
    """Take up what came while the sandbox was down."""
    for topic in _filled(control):
        begin(control, topic)


def begin(control: Control, topic: Resource) -> None:
    """Fill a topic, new or changed, with what its bucket holds."""
    if topic.document.get("ingestionDataSourceSettings"):
        control.spawn(_catch_up(control, topic.name), f"ingestion into {topic.name}")


def forget(control: Control, topic: str) -> None:
    """What a topic took goes with it."""
    for taken in control.store.select(TAKEN, topic):
        control.store.delete(TAKEN, taken.name)


def _filled(control: Control) -> Iterator[Resource]:
    for topic in control.store.select("pubsub.topics"):
        if topic.document.get("ingestionDataSourceSettings"):
            yield topic


def _source(topic: Resource) -> dict[str, Any]:
    found: dict[str, Any] = topic.document["ingestionDataSourceSettings"]["cloudStorage"]
    return found


async def _catch_up(control: Control, name: str) -> None:
    topic, token = control.store.get("pubsub.topics", name), ""
    while topic is not None:
        query = {"pageToken": [token]} if token else {}
        path = f"/storage/v1/b/{quote(_source(topic)['bucket'])}/o"
        response = await control.dispatch(Request("GET", path, query, {}, b""))
        if response.status != 200:
            log.warning("%s: %s answered %s", name, path, response.status)
            return
        page = response.json()
        for shown in page.get("items", []):
            await _take(control, name, shown)
        token = page.get("nextPageToken", "")
        if not token:
            return


async def _take(control: Control, name: str, shown: Mapping[str, Any]) -> None:
    """Publish an object's messages, unless it was taken before or isn't wanted."""
    topic = control.store.get("pubsub.topics", name)
    if topic is None or not topic.document.get("ingestionDataSourceSettings"):
        return
    source = _source(topic)
    if not _wanted(source, shown):
        return
    path = f"/storage/v1/b/{quote(shown['bucket'])}/o/{quote(shown['name'], safe='')}"
    response = await control.dispatch(Request("GET", path, {"alt": ["media"]}, {}, b""))
    if response.status != 200:
        return  # it is gone again
    key = f"{name}/{shown['bucket']}/{shown['name']}#{shown['generation']}"
    if control.store.get(TAKEN, key) is not None:
        return
    fitting = []
    for message in _messages(source, response.body):
        try:
            schemas.check_publish(control, topic, message.data)
        except ApiError as error:
            log.warning("%s: a message of %s does not fit the schema: %s", name, shown["name"], error)
        else:
            fitting.append(message)
    if fitting:
        control.part(Engine).publish(name, fitting)
    moment = control.clock()
    control.store.insert(Resource(TAKEN, key, {}, moment, moment))


def _wanted(source: Mapping[str, Any], shown: Mapping[str, Any]) -> bool:
    pattern, oldest = source.get("matchGlob"), source.get("minimumObjectCreateTime")
    if pattern and not re.fullmatch(glob(pattern), shown["name"], re.S):
        return False
    return not oldest or str(shown["timeCreated"])[:19] >= str(oldest)[:19]


def _messages(source: Mapping[str, Any], content: bytes) -> Iterator[Message]:
    """What is in an object; what is empty or too large for a message is left out."""
    if source.get("textFormat") is not None:
        for part in content.split(str(source["textFormat"]["delimiter"]).encode()):
            if 0 < len(part) <= _LARGEST:
                yield Message(part, {})
        return
    import fastavro

    try:
        for record in fastavro.reader(io.BytesIO(content)):
            if isinstance(record, dict) and isinstance(record.get("data"), bytes):
                yield Message(record["data"], record.get("attributes") or {}, record.get("ordering_key") or "")
    except (ValueError, EOFError, StopIteration) as error:
        log.warning("an object is no Avro file: %s", error)


def glob(pattern: str) -> str:
    """Cloud Storage's glob as a regular expression.

    >>> bool(re.fullmatch(glob("ticks/**.csv"), "ticks/2026/a.csv")), bool(re.fullmatch(glob("*.csv"), "ticks/a.csv"))
    (True, False)
    >>> bool(re.fullmatch(glob("{a,b}[0-9]?"), "b1x"))
    True
    """
    out, at, depth = "", 0, 0
    while at < len(pattern):
        rest, character = pattern[at:], pattern[at]
        if rest.startswith("**"):
            out, at = out + ".*", at + 1
        elif character == "*":
            out += "[^/]*"
        elif character == "?":
            out += "[^/]"
        elif character == "[" and (match := re.match(r"\[[^\]]+\]", rest)):
            out, at = out + match[0], at + len(match[0]) - 1
        elif character == "{":
            out, depth = out + "(?:", depth + 1
        elif character == "}" and depth:
            out, depth = out + ")", depth - 1
        else:
            out += "|" if character == "," and depth else re.escape(character)
        at += 1
    return out
