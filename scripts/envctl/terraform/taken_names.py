"""Names that Google keeps when a thing is gone: what to do where Terraform wants to make one of them again.

A destroy forgets them, and the apply after it fails. Terraform can't see what Google keeps, so a person decides: take
the old thing back into the state, or have a new one under another name.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .events import Diagnostic

_IMPORT = (
    "terraform -chdir=infra import -var-file=../build/ENVIRONMENT/terraform.tfvars.json '{address}' {id}"
    ' (after `eval "$(envctl env ENVIRONMENT)"`)'
)


def advice(diagnostic: Diagnostic) -> str | None:
    """What to do about an error that says that a name is taken; None where it is another."""
    said = f"{diagnostic.summary}\n{diagnostic.detail}"
    for sign, tell in _KEPT:
        if (found := re.search(sign, said)) and (told := tell(diagnostic.address, found)):
            return told
    return None


def _queue(address: str, _found: re.Match[str]) -> str | None:
    at = re.search(r'cloud_tasks\["([^"]+)"\].*\["([^"]+)"\]$', address)
    where = f"subprojects.{at[1]}.queues.{at[2]}" if at else "the queue"
    name = f"{at[2]}-2" if at else "another"
    return (
        f"Google keeps a deleted queue's name for days: give {where} another one (name: {name}), or wait; "
        "a sandbox forgets it with all else by `envctl sandbox delete ENVIRONMENT`"
    )


def _key_ring(address: str, found: re.Match[str]) -> str | None:
    if "google_kms_key_ring" not in address:
        return None
    return f"a key ring is never deleted; take it back: {_IMPORT.format(address=address, id=found[1])}"


def _key(address: str, found: re.Match[str]) -> str | None:
    if "google_kms_crypto_key" not in address:
        return None
    key = found[1]
    return (
        "a key is never deleted, only its versions, days after they are destroyed; take it back: "
        f"{_IMPORT.format(address=address, id=key)}, then restore its version and enable it "
        "(gcloud kms keys versions restore, and enable), or give it another: "
        f"gcloud kms keys versions create --key={key} --primary"
    )


def _pool(address: str, _found: re.Match[str]) -> str | None:
    if "google_iam_workload_identity_pool" not in address:
        return None
    return (
        "Google keeps a deleted pool for 30 days, and its id: name another as github.pool in the YAML, or take it back "
        "(gcloud iam workload-identity-pools undelete, and providers undelete) and import both"
    )


_KEPT: tuple[tuple[str, Callable[[str, re.Match[str]], str | None]], ...] = (
    (r"queue with this name existed too recently", _queue),
    (r"(projects/[^\s']+/keyRings/[\w-]+)'? already exists", _key_ring),
    (r"(projects/[^\s']+/cryptoKeys/[\w-]+)'? already exists", _key),
    (r"Error 409", _pool),
)
