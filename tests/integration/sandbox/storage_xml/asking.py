"""Asking Cloud Storage's XML API, and reading what it answers."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import httpx

PROJECT = "xml-project"
PART = 5 * 1024 * 1024
KEY = {"authorization": "AWS4-HMAC-SHA256 Credential=GOOG1EUNKNOWN/20260131/auto/s3/aws4_request, Signature=00"}


def code(answer: httpx.Response) -> tuple[int, str]:
    found = re.search("<Code>(.*?)</Code>", answer.text)
    return answer.status_code, found[1] if found else ""


def tree(answer: httpx.Response) -> ElementTree.Element:
    """The document of an answer, without its namespace."""
    assert answer.status_code == 200, answer.text
    text = answer.text.replace(' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"', "")
    return ElementTree.fromstring(text)  # noqa: S314


def texts(root: ElementTree.Element, path: str) -> list[str | None]:
    return [element.text for element in root.findall(path)]


def begin(web: httpx.Client, path: str, **headers: str) -> str:
    return tree(web.post(f"{path}?uploads", headers=headers)).findtext("UploadId", "")


def completion(*parts: tuple[int, str]) -> str:
    inner = "".join(f"<Part><PartNumber>{n}</PartNumber><ETag>{etag}</ETag></Part>" for n, etag in parts)
    return f"<CompleteMultipartUpload>{inner}</CompleteMultipartUpload>"
