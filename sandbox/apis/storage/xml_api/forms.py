"""Uploads by HTML forms, with a signed policy document that says what may be uploaded."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import re
from typing import Any
from xml.sax.saxutils import escape

from sandbox.apis.storage import signatures
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument, permission_denied
from sandbox.control.http import Response
from sandbox.control.multipart import form

# Fields that a policy need not speak of.
_FREE = frozenset({"x-goog-signature", "policy", "file", "googleaccessid", "signature"})
_STATUSES = {"200": 200, "201": 201, "204": 204}


def is_form(call: Call) -> bool:
    """Whether a request is an HTML form's."""
    kind = call.request.headers.get("content-type", "")
    return call.request.method == "POST" and kind.lower().startswith("multipart/form-data")


class Form:
    """The fields of a form, by their names in lower case, and its file."""

    def __init__(self, call: Call) -> None:
        try:
            parts = form(call.request.headers.get("content-type", ""), call.request.body)
        except ValueError as error:
            raise invalid_argument(str(error)) from error
        self.fields: dict[str, str] = {}
        self.file: bytes | None = None
        self.content_type = ""
        for part in parts:
            if part.name == "file":
                self.file, self.content_type = part.data, part.content_type
                self.fields["key"] = self.fields.get("key", "").replace("${filename}", part.filename)
                break  # what comes after the file is not looked at
            self.fields[part.name.lower()] = part.data.decode("utf-8", "replace")
        if self.file is None:
            raise invalid_argument("The form has no field named file.")
        if not self.fields.get("key"):
            raise invalid_argument("The form has no field named key.")

    def policy(self) -> dict[str, Any]:
        """The policy document; empty where the form has none."""
        if "policy" not in self.fields:
            return {}
        try:
            found = json.loads(base64.b64decode(self.fields["policy"], validate=True))
        except (binascii.Error, ValueError) as error:
            raise invalid_argument("The form's policy is not JSON in base64.") from error
        if not isinstance(found, dict) or not isinstance(found.get("conditions"), list):
            raise invalid_argument("The form's policy has no conditions.")
        return found

    def bucket(self) -> str:
        """The bucket that the policy names, for a form that is sent to no bucket; empty where it names none."""
        for condition in self.policy().get("conditions", ()):
            if isinstance(condition, dict) and "bucket" in condition:
                return str(condition["bucket"])
            if isinstance(condition, list) and condition[:2] == ["eq", "$bucket"]:
                return str(condition[2])
        return ""

    async def check(self, call: Call, bucket: str) -> None:
        """Raise ApiError where the policy doesn't allow the form, has expired or is signed by somebody else."""
        policy = self.policy()
        if not policy:
            return
        try:
            until = datetime.datetime.fromisoformat(str(policy["expiration"])).timestamp()
        except (KeyError, ValueError) as error:
            raise invalid_argument("The policy's expiration is missing or malformed.") from error
        signatures.expired(call, until)
        spoken_of = {"bucket"}
        for condition in policy["conditions"]:
            spoken_of.add(self._check_condition(condition, bucket))
        for name in self.fields:
            if name not in spoken_of and name not in _FREE and not name.startswith("x-ignore-"):
                raise permission_denied(f"The policy has no condition for the field '{name}'.")
        credential = self.fields.get("x-goog-credential", "")
        email = "/".join(credential.split("/")[:-4]) or self.fields.get("googleaccessid", "")
        signature = self.fields.get("x-goog-signature") or self.fields.get("signature", "")
        if self.fields.get("x-goog-algorithm", "GOOG4-RSA-SHA256") == "GOOG4-RSA-SHA256":
            await signatures.verify(call, email, self.fields["policy"], signature)

    def _check_condition(self, condition: Any, bucket: str) -> str:
        """The field that a condition is about. Raises ApiError 403 where it doesn't hold."""
        if isinstance(condition, dict) and len(condition) == 1:
            ((name, wanted),) = condition.items()
            kind = "eq"
        elif isinstance(condition, list) and len(condition) == 3 and condition[0] == "content-length-range":
            if not int(condition[1]) <= len(self.file or b"") <= int(condition[2]):
                text = f"The file's {len(self.file or b'')} bytes are not {condition[1]} to {condition[2]}."
                raise ApiError("ENTITY_SIZE", text, code=400)
            return "content-length-range"
        elif isinstance(condition, list) and len(condition) == 3 and condition[0] in ("eq", "starts-with"):
            kind, name, wanted = condition[0], str(condition[1]).removeprefix("$"), condition[2]
        else:
            raise invalid_argument(f"The policy's condition {json.dumps(condition)} is malformed.")
        name = str(name).lower()
        have = bucket if name == "bucket" else self.fields.get(name, "")
        if have != str(wanted) if kind == "eq" else not have.startswith(str(wanted)):
            text = f"Policy Condition failed: {json.dumps(condition)}; the form's field is '{have}'."
            raise permission_denied(text)
        return name

    def answer(self, location: str, bucket: str, etag: str) -> Response:
        """What the form asks for: a status, or to be led elsewhere."""
        redirect = self.fields.get("success_action_redirect") or self.fields.get("redirect", "")
        if re.match(r"https?://", redirect):
            return Response(303, {"location": redirect})
        status = _STATUSES.get(self.fields.get("success_action_status", ""), 204)
        if status != 201:
            return Response(status, {"location": location, "etag": etag})
        shown = {"Location": location, "Bucket": bucket, "Key": self.fields["key"], "ETag": etag}
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in shown.items())
        text = f"<?xml version='1.0' encoding='UTF-8'?><PostResponse>{inner}</PostResponse>"
        headers = {"content-type": "application/xml; charset=UTF-8", "location": location, "etag": etag}
        return Response(201, headers, text.encode())
