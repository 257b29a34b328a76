"""The general case of a collection: create, read, list, update, delete, IAM."""

from __future__ import annotations

import copy
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sandbox.control import filters, iam, masks, names, paging, shapes
from sandbox.control.collection import Collection
from sandbox.control.context import Call, Control
from sandbox.control.errors import aborted, invalid_argument, unimplemented
from sandbox.control.http import Response
from sandbox.control.store import Exists, Resource

General = Callable[[Collection, Call], Awaitable[Response]]

_NOTHING: tuple[Any, ...] = (None, "", {}, [])


async def get(collection: Collection, call: Call) -> Response:
    """GET of a name."""
    resource = collection.must(call.control, collection.name(call.params))
    return Response.of(collection.view(resource, call))


async def list_page(collection: Collection, call: Call) -> Response:
    """GET of the collection, in pages, filtered where asked, by name or as `orderBy` has it."""
    expression, order = call.query("filter"), call.query("orderBy")
    parent = collection.parent(call.params)
    for above in collection.parents:
        if "-" not in parent.split("/"):
            above.must(call.control, parent)
    size = call.integer("pageSize", collection.page_size, collection.page_most) or collection.page_size
    after = paging.after(call.query("pageToken"))
    if expression or order:
        accepts = (collection.filter or filters.compile_filter)(expression)
        found = call.store.select(collection.key, parent, after="" if order else after)
        found = [resource for resource in found if accepts(collection.view(resource, call))]
        if order:
            found = filters.sort(found, order, lambda resource: collection.view(resource, call))
            found = paging.rest(found, after, lambda resource: resource.name)
    else:
        found = call.store.select(collection.key, parent, after=after, limit=size + 1)
    page = paging.page(
        collection.list_field, found, size, lambda item: item.name, lambda item: collection.view(item, call)
    )
    return Response.of(page)


def _clean(collection: Collection, document: dict[str, Any]) -> dict[str, Any]:
    """A request's resource: output-only fields dropped, enum numbers as names."""
    dropped = {*collection.output_only, *collection.on_create_set, *collection.on_update_set}
    document = {key: value for key, value in document.items() if key not in dropped}
    for path, words in collection.enums.items():
        _name_enum(document, path.split("."), words)
    shapes.check(document, collection.shape)
    for label_field in collection.labels:
        names.check_labels(document.get(label_field), label_field)
    return document


def _name_enum(document: Any, parts: Sequence[str], words: Sequence[str]) -> None:
    """Replace a number, and a name in other letters, by its name along a path; lists are walked through."""
    if isinstance(document, list):
        for item in document:
            _name_enum(item, parts, words)
        return
    if not isinstance(document, dict) or parts[0] not in document:
        return
    if len(parts) > 1:
        _name_enum(document[parts[0]], parts[1:], words)
        return
    value = document[parts[0]]
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        if not 0 <= value < len(words):
            raise invalid_argument(f"Invalid value {value} for {parts[0]}.", {parts[0]: "unknown enum number"})
        document[parts[0]] = words[value]
    elif isinstance(value, str) and value.upper() in words:
        document[parts[0]] = value.upper()
    elif isinstance(value, str) and value not in words:
        raise invalid_argument(
            f"Invalid value at '{parts[0]}': \"{value}\" (one of {', '.join(words)}).", {parts[0]: "unknown enum name"}
        )


def _overlay(defaults: Mapping[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    for key, value in defaults.items():
        if key not in document:
            document[key] = copy.deepcopy(value)
    return document


def _id(collection: Collection, call: Call, body: dict[str, Any]) -> str:
    """The id of a POST: from the query, or from the end of the body's name."""
    if collection.id_param is not None:
        text = call.query(collection.id_param)
        if not text and collection.id_required:
            raise invalid_argument(f"{collection.id_param} is required.", {collection.id_param: "required"})
    else:
        name = str(body.get(collection.id_field, ""))
        parsed = names.parse(collection.template, name)
        if parsed is None and "/" in name:
            raise invalid_argument(
                f"Invalid resource name '{name}'.", {"name": f"not of the form {collection.template}"}
            )
        text = parsed[collection.id_variable] if parsed else name
    if not text:
        if collection.id_required:
            raise invalid_argument("The resource needs a name.", {"name": "required"})
        text = str(int(call.control.hex(12), 16)) if collection.id_number else call.control.hex(20)
    return text


def _require(collection: Collection, document: dict[str, Any], old: dict[str, Any] | None = None) -> None:
    """400 where what is required isn't there; a change must leave of it what was there before."""
    for required in collection.required:
        if masks.read(document, required) in _NOTHING and (old is None or masks.read(old, required) not in _NOTHING):
            raise invalid_argument(f"{required} is required.", {required: "required"})


async def create(collection: Collection, call: Call) -> Response:
    """PUT of a name, or POST to the collection."""
    control, body = call.control, call.body()
    params = dict(call.params)
    if collection.create == "POST":
        params[collection.id_variable] = _id(collection, call, body)
    collection.check_id(params[collection.id_variable])
    if params.get("location") in collection.unserved:
        raise unimplemented(f"The sandbox has no {collection.noun.lower()}s in the location {params['location']}.")
    if collection.location is not None:
        names.check_location(params["location"], multi=collection.location == "multi")
    name = collection.name(params)
    for above in collection.parents:
        above.must(control, collection.parent(params))
    if collection.find(control, name) is not None:
        raise collection.exists(name)
    document = _clean(collection, body)
    document["name"] = name
    _require(collection, document)
    _overlay(collection.defaults, document)
    moment = control.clock()
    resource = Resource(collection.key, name, document, moment, moment)
    for field, server in {**collection.on_create_set, **collection.on_update_set}.items():
        document[field] = server(resource, call)
    for hook in collection.create_hooks:
        await hook(resource, call)
    if call.flag("validateOnly"):
        return _answer(collection, call, resource, "create")
    with control.store.transaction():
        try:
            control.store.insert(resource)
        except Exists as error:
            raise collection.exists(name) from error
    for hook in collection.created_hooks:
        await hook(resource, call)
    return _answer(collection, call, resource, "create")


async def update(collection: Collection, call: Call) -> Response:
    """PATCH or PUT of a name, by field mask; `allowMissing` has one made that isn't there."""
    control, body = call.control, call.body()
    if call.flag("allowMissing") and collection.find(control, collection.name(call.params)) is None:
        return await create(collection, _creating(collection, call))
    old = collection.must(control, collection.name(call.params))
    mask = masks.paths(call.query("updateMask"))
    if collection.body_field is not None:
        mask = mask or masks.paths(body.get("updateMask", ""))
        inner = body.get(collection.body_field)
        if not isinstance(inner, dict):
            raise invalid_argument(f"{collection.body_field} is required.", {collection.body_field: "required"})
        body = {masks.camel(key): value for key, value in inner.items()}
    check_etag(old, body.get("etag"))
    new_values = _clean(collection, body)
    if not mask:
        if collection.mask == "required" and call.request.method == "PATCH":
            raise invalid_argument("The update_mask in the request must be set.", {"updateMask": "required"})
        whole = call.request.method == "PUT" or collection.mask == "replace"
        mask = ["*"] if whole else [key for key in new_values if key != "name"]
    document = merge(collection, old, new_values, mask)
    _require(collection, document, old.document)
    new = Resource(old.collection, old.name, document, old.created, control.clock())
    for hook in collection.update_hooks:
        await hook(old, new, call)
    for field, server in collection.on_update_set.items():
        document[field] = server(new, call)
    if call.flag("validateOnly"):
        return _answer(collection, call, new, "update")
    control.store.put(new)
    for hook in collection.updated_hooks:
        await hook(old, new, call)
    return _answer(collection, call, new, "update")


def _creating(collection: Collection, call: Call) -> Call:
    """The call that makes what an update's call names."""
    if collection.create != "POST" or collection.id_param is None:
        return call
    params = dict(call.params)
    query = {**call.request.query, collection.id_param: [params.pop(collection.id_variable)]}
    return replace(call, request=replace(call.request, query=query), params=params)


def merge(collection: Collection, old: Resource, values: dict[str, Any], mask: Sequence[str]) -> dict[str, Any]:
    """The document after an update: masked fields taken, server fields kept, defaults filled in, immutables checked."""
    kept = {"name", *collection.output_only, *collection.on_create_set, *collection.on_update_set}
    chosen = [path for path in mask if path.partition(".")[0] not in kept]
    for field in collection.immutable:
        named = "*" in chosen and field in values
        named = named or any(path == field or path.startswith(field + ".") for path in chosen)
        if field != "name" and named and masks.read(values, field) != masks.read(old.document, field):
            text = f"The field '{field}' of {collection.noun} '{old.name}' is immutable and can't be changed."
            raise invalid_argument(text, {field: "immutable"})
    document = masks.apply(old.document, values, chosen)
    if "*" in chosen:
        document.update({key: old.document[key] for key in (*kept, *collection.immutable) if key in old.document})
    return _overlay(collection.defaults, document)


def check_etag(resource: Resource, given: object) -> None:
    """409 where a request names an etag that is not the resource's."""
    current = resource.document.get("etag")
    if given and current and given != current:
        raise aborted(f"The etag of '{resource.name}' does not match: {given} was given, {current} is current.")


async def delete(collection: Collection, call: Call) -> Response:
    """DELETE of a name; with `allowMissing` one that isn't there is deleted already."""
    control = call.control
    if call.flag("allowMissing") and collection.find(control, collection.name(call.params)) is None:
        now = control.clock()
        return _answer(collection, call, Resource(collection.key, collection.name(call.params), {}, now, now), "delete")
    resource = collection.must(control, collection.name(call.params))
    check_etag(resource, call.query("etag"))
    for hook in collection.delete_hooks:
        await hook(resource, call)
    if call.flag("validateOnly"):
        return _answer(collection, call, resource, "delete")
    with control.store.transaction():
        remove(collection, control, resource.name)
    for hook in collection.deleted_hooks:
        await hook(resource, call)
    return _answer(collection, call, resource, "delete")


def remove(collection: Collection, control: Control, name: str) -> None:
    """Delete a resource with its policy and its children, without hooks."""
    for child in collection.children:
        for resource in control.store.select(child.key, name):
            remove(child, control, resource.name)
    control.store.delete(collection.key, name)
    control.store.delete_policy(collection.full_name(name))


def _answer(collection: Collection, call: Call, resource: Resource, verb: str) -> Response:
    told = verb != "delete" or collection.lro_deleted
    if not collection.lro or (verb == "update" and not collection.lro_update):
        return Response.of(collection.view(resource, call) if told else {})
    return Response.of(collection.operation(resource, call, verb, None if told else ("google.protobuf.Empty", {})))


async def get_policy(collection: Collection, call: Call) -> Response:
    """GET or POST :getIamPolicy."""
    resource = collection.must(call.control, collection.name(call.params))
    return iam.answer(call, collection.full_name(resource.name))


async def set_policy(collection: Collection, call: Call) -> Response:
    """POST :setIamPolicy."""
    resource = collection.must(call.control, collection.name(call.params))
    return iam.answer_set(call, collection.full_name(resource.name))


async def permissions_of(collection: Collection, call: Call) -> Response:
    """POST :testIamPermissions."""
    collection.must(call.control, collection.name(call.params))
    return Response.of(iam.permissions(call))
