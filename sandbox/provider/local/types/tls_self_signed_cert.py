"""`tls_self_signed_cert`: a certificate that its own key has signed."""

from __future__ import annotations

from sandbox.provider.local import certificates, keys
from sandbox.provider.local.kind import Kind, Run, State, fields

_FIELDS = fields(
    """
private_key_pem string required forces_new sensitive
dns_names list(string) forces_new
ip_addresses list(string) forces_new
uris list(string) forces_new
set_authority_key_id bool optional computed forces_new default=false
key_algorithm string computed
"""
    + certificates.VALIDITY
    + certificates.SUBJECT.format(" forces_new")
)
SETTLED = frozenset(("cert_pem", "id", "key_algorithm", "max_path_length", "validity_end_time", "validity_start_time"))


async def _create(planned: State, run: Run) -> State:
    key = keys.load(planned["private_key_pem"])
    made = certificates.issue(
        planned,
        run,
        certificates.subject(planned),
        certificates.alternatives(planned),
        key.public_key(),
        None,
        key,
    )
    return {**made, "key_algorithm": keys.algorithm(key)}


KIND = Kind(
    "tls_self_signed_cert",
    _FIELDS,
    _create,
    settled=SETTLED,
    check=certificates.check,
    prepare=certificates.renew,
    replaces={"ready_for_renewal": certificates.ready},
    read=certificates.read,
)
