"""Faults of a running sandbox: rules by which its APIs fail, cut the connection or are slow. Kept by the sandbox."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass, fields
from typing import Any

from .errors import UserError
from .sandboxes import Sandbox


@dataclass(frozen=True, slots=True)
class Fault:
    """One rule: which calls it is for, and what becomes of them.

    Args:
        service: an API, such as "pubsub"; empty: every one.
        method: an HTTP method; empty: every one.
        path: a pattern for the path below the API's prefix, such as "v1/projects/*/topics/*"; empty: every one.
        status: the error answered in place of the call; 0: none.
        message: what that error says; empty: a text that names the fault.
        cut: "before" the call is done or "after" it, the connection ends without an answer.
        latency_ms: how long a call waits first, in milliseconds.
        probability: how likely a call that fits is hit, above 0 up to 1.
        skip: how many calls that fit go by unharmed first.
        times: how many are hit; 0: all.
        id, matched, hit: set by the sandbox: its number, how many calls fitted, how many were hit.
    """

    service: str = ""
    method: str = ""
    path: str = ""
    status: int = 0
    message: str = ""
    cut: str = ""
    latency_ms: int = 0
    probability: float = 1.0
    skip: int = 0
    times: int = 0
    id: str = ""
    matched: int = 0
    hit: int = 0

    def calls(self) -> str:
        """Which calls it is for.

        >>> Fault(service="pubsub", method="POST", times=2, skip=1).calls()
        'POST of pubsub, all but the first 1, 2 at most'
        """
        parts = [f"{self.method or 'every call'} of {self.service or 'every API'}"]
        parts += [f"to {self.path}"] if self.path else []
        parts += [f"all but the first {self.skip}"] if self.skip else []
        parts += [f"{self.times} at most"] if self.times else []
        parts += [f"{self.probability:.0%} of them"] if self.probability < 1 else []
        return ", ".join(parts)

    def effect(self) -> str:
        """What becomes of them.

        >>> Fault(status=503, latency_ms=50).effect()
        'waits 50 ms, answers 503'
        """
        parts = [f"waits {self.latency_ms} ms"] if self.latency_ms else []
        parts += [f"answers {self.status}"] if self.status else []
        parts += [f"is cut off {self.cut} it is done"] if self.cut else []
        return ", ".join(parts)


def add(sandbox: Sandbox, fault: Fault) -> Fault:
    """Have a sandbox follow a rule, until it is cleared or the sandbox stops; the rule with its id.

    Raises:
        UserError: it can't be followed.
    """
    own = {"id", "matched", "hit"}
    document = {name: value for name, value in asdict(fault).items() if value and name not in own}
    return _fault(_ask(sandbox, "POST", "", document))


def standing(sandbox: Sandbox) -> list[Fault]:
    """The rules that a sandbox follows, oldest first."""
    return [_fault(rule) for rule in _ask(sandbox, "GET", "")["faults"]]


def clear(sandbox: Sandbox, id_: str = "") -> int:
    """Clear one rule, or all; how many there were.

    Raises:
        UserError: there is no such rule.
    """
    return int(_ask(sandbox, "DELETE", f"/{id_}" if id_ else "")["cleared"])


def _fault(document: dict[str, Any]) -> Fault:
    known = {field.name for field in fields(Fault)}
    return Fault(**{name: value for name, value in document.items() if name in known})


def _ask(sandbox: Sandbox, method: str, path: str, document: Any = None) -> dict[str, Any]:
    body = None if document is None else json.dumps(document).encode()
    url = f"{sandbox.url}/sandbox/faults{path}"
    request = urllib.request.Request(url, body, {"content-type": "application/json"}, method=method)  # noqa: S310  loopback
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  loopback
            value: dict[str, Any] = json.load(answer)
    except urllib.error.HTTPError as error:
        said = json.load(error)["error"]["message"]
        raise UserError(str(said), todo="`envctl sandbox faults list` shows those there are") from error
    except (urllib.error.URLError, OSError) as error:
        raise UserError(f"the sandbox at {sandbox.url} does not answer", why=str(error)) from error
    return value
