"""Checks as JUnit XML: one test case a check, so that a CI shows them as it shows tests."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Xml

from .model import Check, Report, Result

# XML 1.0 has no way to write these, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(*reports: Report) -> str:
    """A `testsuite` each: fail becomes `failure`, unknown becomes `error`, skipped `skipped`."""
    root = Xml.Element("testsuites")
    root.extend(map(_suite, reports))
    Xml.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Xml.tostring(root, encoding="unicode") + "\n"


def _suite(report: Report) -> Xml.Element:
    counts = report.counts
    suite = Xml.Element(
        "testsuite",
        {
            "name": _text(report.subject),
            "tests": str(len(report.checks)),
            "failures": str(counts[Result.FAIL]),
            "errors": str(counts[Result.UNKNOWN]),
            "skipped": str(counts[Result.SKIPPED]),
            "time": f"{report.duration:.3f}",
        },
    )
    for check in report.checks:
        _case(suite, check)
    return suite


def _case(suite: Xml.Element, check: Check) -> None:
    attributes = {"classname": check.id.partition("#")[0].replace("/", "."), "name": check.what, "time": "0"}
    if check.where:
        attributes |= {"file": check.where.file, "line": str(check.where.line)}
    case = Xml.SubElement(suite, "testcase", {name: _text(value) for name, value in attributes.items()})
    properties = Xml.SubElement(case, "properties")
    Xml.SubElement(properties, "property", {"name": "id", "value": _text(check.id)})
    element = {Result.FAIL: "failure", Result.UNKNOWN: "error", Result.SKIPPED: "skipped"}.get(check.result)
    if element is None:
        return
    outcome = Xml.SubElement(case, element, {"message": _text(check.message)})
    lines = [str(check.where)] if check.where else []
    if check.severity:
        lines.append(f"{check.kind}, {check.severity}")
    if check.expected is not None or check.actual is not None:
        lines += [f"expected: {check.expected}", f"actual: {check.actual}"]
    if check.permission:
        lines.append(f"missing permission: {check.permission}")
    if check.cause and check.cause.todo:
        lines.append(f"what to do: {check.cause.todo}")
    outcome.text = _text("\n".join(lines))


def _text(value: str) -> str:
    return _NOT_XML.sub("\ufffd", value)
