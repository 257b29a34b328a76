"""Cloud KMS Autokey: a folder or a project says where keys are made, a key handle asks for one.

Which folder a project is in isn't known here. Where a project has no configuration of its own, that of a folder holds
for all projects, as long as one folder has Autokey on.
"""

from __future__ import annotations

import copy
import json
import re
from typing import Any
from urllib.parse import quote

from sandbox.control import agents, projects
from sandbox.control.collection import Collection
from sandbox.control.context import Call, timestamp
from sandbox.control.errors import aborted, failed_precondition, invalid_argument
from sandbox.control.http import Request, Response
from sandbox.control.router import Route
from sandbox.control.store import Resource

_MODES = {
    "folders": ("DEDICATED_KEY_PROJECT", "RESOURCE_PROJECT", "DISABLED"),
    "projects": ("RESOURCE_PROJECT", "DISABLED"),
}
_UNSET = "KEY_PROJECT_RESOLUTION_MODE_UNSPECIFIED"
_CONFIGS = "cloudkms.autokeyConfig"
_HANDLES = "v1/projects/{project}/locations/{location}/keyHandles"
_FILTER = re.compile(r'\s*resource_?[tT]ype_?[sS]elector\s*=\s*"([^"]*)"\s*')
_ROTATION = 365 * 86_400
handles = Collection(
    path=f"{_HANDLES}/{{keyHandle}}",
    noun="KeyHandle",
    type="google.cloud.kms.v1.KeyHandle",
    operation_metadata="google.cloud.kms.v1.CreateKeyHandleMetadata",
    id_rule=r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?",
    id_message="It must be 1 to 63 lowercase letters, digits or hyphens, a letter first.",
    id_param="keyHandleId",
    id_required=False,
    output_only=("kmsKey",),
    required=("resourceTypeSelector",),
    filter=lambda text: _by_type(text),
    labels=(),
    update=(),
    delete=False,
    lro=True,
)


def _by_type(text: str) -> Any:
    match = _FILTER.fullmatch(text)
    if match is None:
        raise invalid_argument('The filter is resource_type_selector="SERVICE.googleapis.com/TYPE".', {"filter": text})
    return lambda shown: shown.get("resourceTypeSelector") == match[1]


# Configurations: there is always one; what was never set is empty.


def _place(call: Call) -> str:
    kind = "folders" if "folder" in call.params else "projects"
    number = call.params.get("folder") or call.project
    if kind == "folders" and not number.isdigit():
        raise invalid_argument(f"Invalid folder '{number}': its number is wanted.", {"name": "folders/NUMBER"})
    return f"{kind}/{number}"


def _config(call: Call, place: str) -> dict[str, Any]:
    kept = call.store.get(_CONFIGS, f"{place}/autokeyConfig")
    document = copy.deepcopy(kept.document) if kept else {"name": f"{place}/autokeyConfig", "etag": "unset"}
    document["state"] = "ACTIVE" if _on(document) else "UNINITIALIZED"
    return document


def _on(document: dict[str, Any]) -> bool:
    mode = document.get("keyProjectResolutionMode")
    return mode != "DISABLED" and bool(document.get("keyProject") or mode == "RESOURCE_PROJECT")


async def get_config(call: Call) -> Response:
    """`getAutokeyConfig` of a folder or of a project."""
    return Response.of(_config(call, _place(call)))


async def update_config(call: Call) -> Response:
    """`updateAutokeyConfig`: what the mask names and the body lacks is cleared."""
    place, body = _place(call), call.body()
    kind, _, _ = place.partition("/")
    standing = _config(call, place)
    if body.get("etag") and body["etag"] != standing["etag"]:
        raise aborted(f"The etag of {standing['name']} is another one: read it again.")
    mask = [part.strip() for part in call.query("updateMask").split(",") if part.strip()]
    if not mask:
        raise invalid_argument("updateMask is required.", {"update_mask": "required"})
    document = {key: value for key, value in standing.items() if key != "state"}
    for path in mask:
        if path not in ("keyProject", "keyProjectResolutionMode", "key_project", "key_project_resolution_mode"):
            raise invalid_argument(f"Invalid field '{path}' in updateMask.", {"update_mask": path})
        name = "keyProject" if path in ("keyProject", "key_project") else "keyProjectResolutionMode"
        document.pop(name, None)
        if body.get(name) not in (None, "", _UNSET):
            document[name] = body[name]
    _check(kind, document)
    document["etag"] = call.control.etag()
    moment = call.control.clock()
    kept = Resource(_CONFIGS, document["name"], document, moment, moment)
    (call.store.put if call.store.get(_CONFIGS, kept.name) else call.store.insert)(kept)
    return Response.of(_config(call, place))


def _check(kind: str, document: dict[str, Any]) -> None:
    mode, project = document.get("keyProjectResolutionMode"), document.get("keyProject")
    if mode is not None and mode not in _MODES[kind]:
        message = f"keyProjectResolutionMode of {kind} is one of {', '.join(_MODES[kind])}."
        raise invalid_argument(message, {"autokey_config.key_project_resolution_mode": message})
    if project and (kind == "projects" or not re.fullmatch(r"projects/[a-z0-9:.-]+", str(project))):
        message = f"Invalid key project '{project}': a folder's is projects/ID or projects/NUMBER."
        raise invalid_argument(message, {"autokey_config.key_project": message})
    if mode == "DEDICATED_KEY_PROJECT" and not project:
        raise invalid_argument("A dedicated key project is to be named.", {"autokey_config.key_project": "required"})
    if mode in ("RESOURCE_PROJECT", "DISABLED") and project:
        message = f"With {mode} there is no key project."
        raise invalid_argument(message, {"autokey_config.key_project": message})


def _key_project(call: Call) -> str:
    """The project in which keys of the call's project are made; empty where Autokey isn't on."""
    own = call.store.get(_CONFIGS, f"projects/{call.project}/autokeyConfig")
    if own is not None and own.document.get("keyProjectResolutionMode"):
        return call.project if _on(own.document) else ""
    found = [each.document for each in call.store.select(_CONFIGS) if each.name.startswith("folders/")]
    active = [document for document in found if _on(document)]
    if len(active) > 1:
        raise failed_precondition(
            f"The sandbox doesn't know which folder {call.project} is in, and several have Autokey: "
            f"{', '.join(document['name'] for document in active)}. Give the project a configuration of its own."
        )
    if not active:
        return ""
    given = str(active[0].get("keyProject") or f"projects/{call.project}").partition("/")[2]
    return call.control.projects.resolve(given, call.control.clock())


async def show_effective(call: Call) -> Response:
    """`showEffectiveAutokeyConfig`: the key project that holds for a project."""
    found = _key_project(call)
    return Response.of({"keyProject": f"projects/{found}"} if found else {})


# Handles


@handles.on_create
async def make_key(handle: Resource, call: Call) -> None:
    """A key of its own, with which the product's agent may encrypt at once."""
    selector = str(handle.document["resourceTypeSelector"])
    if not re.fullmatch(r"[a-z]+\.googleapis\.com/[A-Z][A-Za-z]+", selector):
        message = f"Invalid resource type '{selector}', such as storage.googleapis.com/Bucket."
        raise invalid_argument(message, {"key_handle.resource_type_selector": message})
    project, location = _key_project(call), call.params["location"]
    if not project:
        raise failed_precondition(f"Autokey is not configured for project {call.project}, nor for a folder above it.")
    place = f"v1/projects/{project}/locations/{location}/keyRings"
    await _ask(call, "POST", f"{place}?keyRingId=autokey", {}, but=409)
    kind = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", selector.replace(".googleapis.com/", "-")).lower()
    made = f"{projects.number(call.project)}-{kind}-{call.control.hex(8)}"[:63]
    key = {
        "purpose": "ENCRYPT_DECRYPT",
        "versionTemplate": {"protectionLevel": "HSM", "algorithm": "GOOGLE_SYMMETRIC_ENCRYPTION"},
        "rotationPeriod": f"{_ROTATION}s",
        "nextRotationTime": timestamp(call.control.clock() + _ROTATION),
    }
    created = await _ask(call, "POST", f"{place}/autokey/cryptoKeys?cryptoKeyId={quote(made)}", key)
    service = selector.partition("/")[0]
    member = f"serviceAccount:{agents.email(service, call.project)}"
    granted = [{"role": "roles/cloudkms.cryptoKeyEncrypterDecrypter", "members": [member]}]
    await _ask(call, "POST", f"v1/{created['name']}:setIamPolicy", {"policy": {"bindings": granted}})
    handle.document["kmsKey"] = created["name"]


async def _ask(call: Call, method: str, path: str, document: dict[str, Any], *, but: int = 0) -> dict[str, Any]:
    answer = await call.control.dispatch(Request.of(method, f"/cloudkms/{path}", document))
    told: dict[str, Any] = json.loads(answer.body)
    if answer.status >= 400 and answer.status != but:
        raise failed_precondition(str(told.get("error", {}).get("message")))
    return told


def routes() -> list[Route]:
    """The routes of the configurations; the handles are a collection."""
    found = [Route("GET", "v1/projects/{project}", show_effective, verb="showEffectiveAutokeyConfig")]
    for place in ("v1/folders/{folder}/autokeyConfig", "v1/projects/{project}/autokeyConfig"):
        found += [Route("GET", place, get_config), Route("PATCH", place, update_config)]
    return found
