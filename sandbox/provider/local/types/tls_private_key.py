"""`tls_private_key`, and the data source `tls_public_key` of a key that is there."""

from __future__ import annotations

import asyncio

from sandbox.provider.local import keys
from sandbox.provider.local.kind import DataSource, Kind, Run, State, fields, set_by_provider

_PUBLIC = """
id string computed
public_key_fingerprint_md5 string computed
public_key_fingerprint_sha256 string computed
public_key_openssh string computed
public_key_pem string computed
"""
_FIELDS = fields(
    """
algorithm string required forces_new values=RSA|ECDSA|ED25519
ecdsa_curve string optional computed forces_new default="P224" values=P224|P256|P384|P521
rsa_bits number optional computed forces_new default=2048
private_key_openssh string computed sensitive
private_key_pem string computed sensitive
private_key_pem_pkcs8 string computed sensitive
"""
    + _PUBLIC
)
_SOURCE = fields(
    """
private_key_openssh string sensitive exactly_one
private_key_pem string sensitive exactly_one
algorithm string computed
"""
    + _PUBLIC
)


async def _create(planned: State, run: Run) -> State:
    what = planned["algorithm"], planned["rsa_bits"], planned["ecdsa_curve"]
    key = await asyncio.to_thread(keys.make, *what)  # a large one takes seconds
    return {**planned, **keys.private(key), **keys.public(key)}


async def _read(config: State, run: Run) -> State:
    openssh = config.get("private_key_openssh") is not None
    name = "private_key_openssh" if openssh else "private_key_pem"
    key = keys.load(config[name], name, openssh=openssh)
    return {**config, **keys.public(key), "algorithm": keys.algorithm(key)}


def _upgrade(version: int, state: State) -> State:
    """Before version 1 not all notations were told."""
    return {**state, **{k: v for k, v in keys.private(keys.load(state["private_key_pem"])).items() if not state.get(k)}}


KIND = Kind("tls_private_key", _FIELDS, _create, version=1, settled=set_by_provider(_FIELDS), upgrade=_upgrade)
SOURCE = DataSource("tls_public_key", _SOURCE, _read)
