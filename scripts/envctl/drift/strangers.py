"""What is told of things that nobody declared, and how they would be adopted. No I/O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from envctl.output.model import Cause, Check, Result

from .addresses import Adoption, adoption, key_of_thing, keys_of
from .model import StateView, Verdict
from .unmanaged import Unmanaged

if TYPE_CHECKING:
    from envctl.environments import LoadedEnvironment

_EXCEPT = "or write an exception with its owner and its end"
# What is said of kinds that aren't simply declared or deleted.
_WORDS: Mapping[str, tuple[str, str]] = {
    "account_keys": (
        "is a password that never changes, and nobody declared it",
        f"delete it once nothing signs in with it (`gcloud iam service-accounts keys delete`); {_EXCEPT}",
    ),
    "kms_keys": (
        "is in the project, and nobody declared it",
        "declare and import it; or destroy its versions once nothing needs what they encrypted: the key stays, since "
        f"Google deletes none, and is no longer told of; {_EXCEPT}",
    ),
    "global_addresses": (
        "is reserved in the project, and nobody declared it",
        f"release it, since it costs as long as nothing uses it; {_EXCEPT}",
    ),
}


class Strangers:
    """Judges what the search found.

    Args:
        loaded: the environment.
        state: what Terraform says; None where it wasn't asked.
    """

    def __init__(self, loaded: LoadedEnvironment, state: StateView | None) -> None:
        self._values = loaded.tfvars
        self._state = state
        self._held = keys_of(state.addresses) if state else {}

    def judged(self, found: Iterable[Unmanaged]) -> Iterator[tuple[Check, Verdict, list[str]]]:
        """A check of each, its verdict, and the blocks that would adopt it."""
        for each in found:
            if each.failure is not None:
                continue
            if each.kind == "key_rings":
                yield from self._ring(each)
                continue
            how = self._adoption(each)
            if self._is_held(each, how):
                continue  # Terraform's own, to be removed: told of by the state
            said, todo = _WORDS.get(each.kind, ("is in the project, and nobody declared it", ""))
            check = Check(
                id=f"unmanaged/{each.kind}/{each.name}#exists",
                kind=each.kind,
                resource=each.name,
                what="exists",
                result=Result.FAIL,
                message=f"{each.kind}: {each.name} {said}",
                cause=Cause(f"unmanaged:{each.kind}:{each.name}", each.name, todo),
                severity="medium",
            )
            yield check, Verdict.UNMANAGED, self._blocks(each, how)

    def unread(self, each: Unmanaged) -> Check:
        """A kind that couldn't be listed, or a thing that couldn't be asked for."""
        failure = each.failure
        assert failure is not None
        what = each.name or "what nobody declared"
        return Check(
            id=f"unmanaged/{each.kind}/{each.name}#listed",
            kind=each.kind,
            resource=each.name,
            what="listed",
            result=Result.UNKNOWN,
            message=f"{each.kind}: {what} can't be looked for: {failure.message}",
            permission=failure.permission or each.permission,
            cause=Cause(f"unlisted:{failure.permission or failure.service or failure.message}", failure.message, ""),
        )

    def _ring(self, each: Unmanaged) -> Iterator[tuple[Check, Verdict, list[str]]]:
        """A ring that is declared with its keys: nobody can delete it, and an apply that makes it fails."""
        how = self._adoption(each)
        if how is None or self._state is None or self._state.not_applied.get(how.address) != "create":
            return
        check = Check(
            id=f"state/{how.address}#{Verdict.NOT_IN_STATE.name.lower()}",
            kind=each.kind,
            resource=how.address,
            what=Verdict.NOT_IN_STATE.value,
            result=Result.FAIL,
            message=f"{how.address} is in the cloud and in the YAML, and not in the state",
            cause=Cause(f"ring:{how.address}", how.address, "adopt it by its import block: Google deletes no key ring"),
            severity="medium",
        )
        yield check, Verdict.NOT_IN_STATE, [how.block]

    def _is_held(self, each: Unmanaged, how: Adoption | None) -> bool:
        if self._state is not None and how is not None and how.address in self._state.addresses:
            return True
        # A key's id says little without its ring, which the address has.
        return each.kind != "kms_keys" and key_of_thing(each.kind, self._key(each)) in self._held

    def _adoption(self, each: Unmanaged) -> Adoption | None:
        owner = each.labels.get("subproject")
        module = owner if owner and owner in self._values["subprojects"] else "SUBPROJECT"
        if each.kind == "key_rings":
            module = each.last
        elif each.kind == "kms_keys":
            module = each.under
        elif each.kind in ("firewall", "addresses"):
            module = str((self._values.get("network") or {}).get("name") or "")
            if not module or each.under not in ("", module):
                return None  # of a network that isn't ours: it would be made anew in ours
        name = each.name if each.kind in ("buckets", "service_accounts") else each.last
        return adoption(
            each.kind, name, self._values["project_id"], each.place or self._values["region"], module, self._key(each)
        )

    def _blocks(self, each: Unmanaged, how: Adoption | None) -> list[str]:
        if how is None:
            return []
        if each.kind != "kms_keys":
            return [how.block]
        ring = Unmanaged("key_rings", each.under, {}, place=each.place)
        above = self._adoption(ring)
        return [one.block for one in (above, how) if one and not (self._state and one.address in self._state.addresses)]

    def _key(self, each: Unmanaged) -> str:
        if each.kind == "service_accounts":
            return each.name.partition("@")[0]
        if each.kind == "buckets":
            return each.name.removeprefix(f"{self._values['project_id']}-")
        if each.kind == "key_rings" and each.place not in ("", self._values["region"]):
            return f"{each.last}/{each.place}"
        return each.last
