"""What is in the project and in no YAML: listed, and each confirmed by asking for it once more."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from envctl.clouds.failures import Failure, Reason

from .listings import KEY_RINGS, LISTINGS, OWN, Listing

if TYPE_CHECKING:
    from envctl.clouds.session import Session
    from envctl.validation.model import Thing

_PAGES = 50
_PLACE = re.compile(r"/(?:locations|regions)/([^/]+)/")
# What another kind of the YAML makes.
_ALSO: Mapping[str, tuple[str, ...]] = {
    "global_addresses": ("load_balancers", "private_services"),
    "service_accounts": ("github_accounts",),
}
Documents = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """Something that nobody declared; or a key ring, which is declared and may not be in the state.

    `failure` is set where it can't be said whether there is anything: `name` is what it would be below then, if any.

    Attributes:
        kind: as the validation calls it.
        name: unique in its kind: its place where that isn't the region, what it is below, and its own.
        labels: its own.
        place: where it is.
        under: what it is below or in: its key ring, account or network.
    """

    kind: str
    name: str
    labels: Mapping[str, str]
    failure: Failure | None = None
    permission: str = ""
    place: str = ""
    under: str = ""

    @property
    def last(self) -> str:
        """Its own name."""
        return self.name.rpartition("/")[2]


async def unmanaged(
    session: Session, things: Iterable[Thing], project: str, region: str, state_bucket: str, apis: Iterable[str]
) -> list[Unmanaged]:
    """List each kind, leave out what is declared or Google's own, and ask for the rest one by one.

    What a list says and the thing's own address denies isn't there: lists are late. A list that is refused is unknown,
    unless nothing of the kind is declared and its API is off: then there can't be anything.
    """
    search = _Search(session, things, project, region, state_bucket, apis)
    found = await asyncio.gather(search.key_rings(), *map(search.of_kind, LISTINGS))
    return [each for some in found for each in some]


def short(name: str) -> str:
    """The last part of a name.

    >>> short("projects/p/topics/ticks"), short("p.trading_data")
    ('ticks', 'trading_data')
    """
    last = name.rpartition("/")[2]
    return last if "@" in last or "/" in name else last.rpartition(".")[2] if last.count(".") == 1 else last


def place_of(name: str) -> str:
    """The location or region in a name; empty where it has none.

    >>> place_of("projects/p/locations/europe/keyRings/data")
    'europe'
    """
    found = _PLACE.search(name)
    return found[1] if found else ""


class _Search:
    def __init__(
        self,
        session: Session,
        things: Iterable[Thing],
        project: str,
        region: str,
        state_bucket: str,
        apis: Iterable[str],
    ) -> None:
        self._session, self._project, self._region = session, project, region
        self._state_bucket, self._apis = state_bucket, set(apis)
        self._declared: dict[str, list[str]] = {}
        for thing in things:
            self._declared.setdefault(thing.kind.name, []).append(thing.name)
        self._lists: dict[tuple[str, str], asyncio.Task[Documents | Failure]] = {}  # what several kinds are below

    async def of_kind(self, one: Listing) -> list[Unmanaged]:
        """The things of a kind that nobody declared."""
        found = await asyncio.gather(*(self._at(one, place) for place in self._places(one)))
        return [each for some in found for each in some]

    async def key_rings(self) -> list[Unmanaged]:
        """The rings that are declared with their keys and are there: an apply can't make them again."""
        wanted = {name.partition("/cryptoKeys/")[0] for name in self._declared.get("kms_keys", ())}
        found = []
        for place in sorted({self._place(name + "/") for name in wanted}):
            listed = await self._once(KEY_RINGS, place)
            if not isinstance(listed, Failure):  # or the keys can't be listed either
                names = sorted(wanted & {str(ring["name"]) for ring in listed})
                found += [Unmanaged(KEY_RINGS.kind, short(name), {}, place=place) for name in names]
        return found

    async def _at(self, one: Listing, place: str) -> list[Unmanaged]:
        if one.above is None:
            return await self._below(one, place, "")
        above = await self._once(one.above, place)
        if isinstance(above, Failure):
            return self._unlisted(one, above, one.above.permission)
        names = [self._full(one.above, document, place, "") for document in above]
        found = await asyncio.gather(*(self._below(one, place, name) for name in names))
        return [each for some in found for each in some]

    async def _below(self, one: Listing, place: str, above: str) -> list[Unmanaged]:
        listed = await (self._listed(one, place, above) if above else self._once(one, place))
        if isinstance(listed, Failure):
            return self._unlisted(one, listed, one.permission, short(above))
        names = {self._full(one, document, place, above): _last(one, document) for document in listed}
        strange = [full for full in sorted(names) if not self._known(one, full, names[full], place)]
        found = await asyncio.gather(
            *(self._confirmed(one, full, names[full], place, short(above)) for full in strange)
        )
        return [each for each in found if each is not None]

    async def _confirmed(self, one: Listing, full: str, last: str, place: str, under: str) -> Unmanaged | None:
        name = "/".join(part for part in (place if place != self._region else "", under, last) if part)
        answer = await self._session.read(one.service, self._fill(one.get, place, n=last, f=full))
        if isinstance(answer, Failure):
            permission = one.permission.replace(".list", ".get")
            return None if answer.reason is Reason.ABSENT else Unmanaged(one.kind, name, {}, answer, permission)
        if one.alive is not None:
            path, items, permission, states = one.alive
            parts = await self._pages(one.service, self._fill(path, place, f=full), items, permission, {})
            if isinstance(parts, Failure):
                return Unmanaged(one.kind, name, {}, parts, permission)
            if not any(part.get("state") in states for part in parts):
                return None
        under = under or short(str(answer.get("network") or ""))
        return Unmanaged(one.kind, name, answer.get("labels") or {}, place=place, under=under)

    def _unlisted(self, one: Listing, failure: Failure, permission: str, name: str = "") -> list[Unmanaged]:
        declared = self._declared.get(one.kind) or (one.above and self._declared.get(one.above.kind))
        off = failure.reason is Reason.API_DISABLED and f"{one.service}.googleapis.com" not in self._apis
        if failure.reason is Reason.ABSENT or (off and not declared):
            return []
        return [Unmanaged(one.kind, name, {}, failure, permission)]

    def _known(self, one: Listing, full: str, last: str, place: str) -> bool:
        if any(_own(one.kind, last, self._state_bucket, rule) for rule in OWN):
            return True
        names = [name for kind in (one.kind, *_ALSO.get(one.kind, ())) for name in self._declared.get(kind, ())]
        if one.above is not None:  # its last part says little: keys of two rings may have the same
            return full in names
        return any((self._place(name), short(name)) == (place, last) for name in names)

    def _places(self, one: Listing) -> list[str]:
        if "{r}" not in (one.above or one).list:
            return [self._region]
        declared = {self._place(name) for name in self._declared.get(one.kind, ())}
        return sorted({self._region, *one.at, *declared})

    def _place(self, name: str) -> str:
        return place_of(name) or self._region

    async def _once(self, one: Listing, place: str) -> Documents | Failure:
        """A list that several ask for."""
        if (one.kind, place) not in self._lists:
            self._lists[one.kind, place] = asyncio.create_task(self._listed(one, place))
        return await self._lists[one.kind, place]

    async def _listed(self, one: Listing, place: str, above: str = "") -> Documents | Failure:
        query = {key: self._fill(value, place) for key, value in (one.query or {}).items()}
        path = self._fill(one.list, place, a=above)
        return await self._pages(one.service, path, one.items, one.permission, query)

    async def _pages(
        self, service: str, path: str, items: str, permission: str, query: dict[str, str]
    ) -> Documents | Failure:
        gathered: Documents = []
        for _ in range(_PAGES):
            answer = await self._session.read(service, path, query=query, permission=permission)
            if isinstance(answer, Failure):
                return answer
            gathered += answer.get(items) or []
            token = answer.get("nextPageToken")
            if not token:
                return gathered
            query["pageToken"] = str(token)
        return Failure(Reason.UNEXPECTED, f"{service} has more than {_PAGES} pages of {items}")

    def _fill(self, template: str, place: str, **names: str) -> str:
        return template.format(p=self._project, r=place, **names)

    def _full(self, one: Listing, document: Mapping[str, Any], place: str, above: str) -> str:
        """The name from "projects/" on; some APIs tell the last part alone."""
        name = str(document.get("name") or "")
        if name.startswith("projects/") or above:
            return name
        return self._fill(one.get, place, n=_last(one, document)).partition("/")[2]


def _last(one: Listing, document: Mapping[str, Any]) -> str:
    value: Any = document
    for part in one.name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return str(value or "").rpartition("/")[2]


def _own(kind: str, name: str, state_bucket: str, rule: tuple[str, str, str]) -> bool:
    return rule[0] == kind and bool(re.fullmatch(rule[1].replace("{state}", re.escape(state_bucket)), name))
