"""Certificate Authority Service: what is signed verifies; what a pool, a template and an authority allow; the end."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sandbox.apis.cloudkms.api import API as KMS
from sandbox.apis.privateca.api import API
from sandbox.control.router import Router
from tests.unit.sandbox.routing import ask, routing

HERE = "/privateca/v1/projects/prices/locations/asia-south1"
POOL = f"{HERE}/caPools/pool"
Json = dict[str, Any]
KEY = ec.generate_private_key(ec.SECP256R1())


def authority(name: str, **more: Any) -> Json:
    options = more.pop("caOptions", {"isCa": True})
    usage = {"baseKeyUsage": {"certSign": True, "crlSign": True}, "extendedKeyUsage": {}}
    return {
        "type": "SELF_SIGNED",
        "lifetime": "315360000s",
        "keySpec": {"algorithm": "EC_P256_SHA256"},
        "config": {
            "subjectConfig": {"subject": {"commonName": name, "organization": "ACME"}},
            "x509Config": {"caOptions": options, "keyUsage": usage},
        },
        **more,
    }


def configured(**x509_config: Any) -> Json:
    text = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    config = {
        "subjectConfig": {
            "subject": {"commonName": "a.example.com"},
            "subjectAltName": {"dnsNames": ["a.example.com"]},
        },
        "x509Config": {"keyUsage": {"extendedKeyUsage": {"serverAuth": True}}, **x509_config},
        "publicKey": {"format": "PEM", "key": base64.b64encode(text).decode()},
    }
    return {"lifetime": "86400s", "config": config}


def requested(*extensions: x509.ExtensionType) -> Json:
    builder = x509.CertificateSigningRequestBuilder(
        x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "b.example.com")])
    )
    for extension in extensions:
        builder = builder.add_extension(extension, False)
    return {"lifetime": "86400s", "pemCsr": builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.PEM).decode()}


async def enabled(router: Router, name: str, **more: Any) -> Json:
    await ask(router, "POST", f"{POOL}/certificateAuthorities?certificateAuthorityId={name}", authority(name, **more))
    await ask(router, "POST", f"{POOL}/certificateAuthorities/{name}:enable", {})
    found: Json = await ask(router, "GET", f"{POOL}/certificateAuthorities/{name}")
    return found


@pytest.fixture
async def router(tmp_path: Path) -> Any:
    with routing(tmp_path, API, KMS) as made:
        from sandbox.apis.cloudkms import material

        material.start(made.control)
        publishing = {"publishCaCert": True, "publishCrl": True}
        await ask(
            made, "POST", f"{HERE}/caPools?caPoolId=pool", {"tier": "ENTERPRISE", "publishingOptions": publishing}
        )
        yield made


def openssl(folder: Path, root: str, chain: list[str], text: str, *options: str, crl: str = "") -> str:
    """What `openssl verify` says of a certificate."""
    for name, content in (("root", root + crl), ("chain", "".join(chain)), ("leaf", text)):
        (folder / f"{name}.pem").write_text(content)
    untrusted = ["-untrusted", "chain.pem"] if chain else []
    command = ["openssl", "verify", *options, "-CAfile", "root.pem", *untrusted, "leaf.pem"]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return found.stdout + found.stderr


async def test_a_chain_verifies_until_its_certificate_is_revoked(router: Router, tmp_path: Path) -> None:
    root = await enabled(router, "root")
    place = f"{POOL}/certificateAuthorities"
    await ask(router, "POST", f"{place}?certificateAuthorityId=below", authority("below", type="SUBORDINATE"))
    waiting = await ask(router, "GET", f"{place}/below")
    assert waiting["state"] == "AWAITING_USER_ACTIVATION"
    csr = (await ask(router, "GET", f"{place}/below:fetch"))["pemCsr"]
    signed = await ask(
        router,
        "POST",
        f"{POOL}/certificates?certificateId=below&issuingCertificateAuthorityId=root",
        {"pemCsr": csr, "lifetime": "31536000s"},
    )
    chain = {"pemIssuerChain": {"pemCertificates": signed["pemCertificateChain"]}}
    body = {"pemCaCertificate": signed["pemCertificate"], "subordinateConfig": chain}
    await ask(router, "POST", f"{place}/below:activate", body)
    await ask(router, "POST", f"{place}/below:enable", {})
    made = await ask(
        router, "POST", f"{POOL}/certificates?certificateId=leaf&issuingCertificateAuthorityId=below", configured()
    )
    anchor = root["pemCaCertificates"][0]
    assert "leaf.pem: OK" in openssl(tmp_path, anchor, made["pemCertificateChain"], made["pemCertificate"])
    described = made["certificateDescription"]
    assert described["subjectDescription"]["subjectAltName"] == {"dnsNames": ["a.example.com"]}
    assert described["x509Description"]["keyUsage"]["extendedKeyUsage"] == {"serverAuth": True}
    assert described["crlDistributionPoints"]

    one = await ask(
        router, "POST", f"{POOL}/certificates?certificateId=one&issuingCertificateAuthorityId=root", requested()
    )
    revoked = await ask(router, "POST", f"{POOL}/certificates/one:revoke", {"reason": "KEY_COMPROMISE"})
    assert revoked["revocationDetails"]["revocationState"] == "KEY_COMPROMISE"
    await ask(router, "POST", f"{POOL}/certificates/one:revoke", {}, 400)
    (listed,) = (await ask(router, "GET", f"{place}/root/certificateRevocationLists"))["certificateRevocationLists"]
    said = openssl(tmp_path, anchor, [], one["pemCertificate"], "-crl_check", crl=listed["pemCrl"])
    assert "certificate revoked" in said


@pytest.mark.parametrize("algorithm", ["RSA_PSS_2048_SHA256", "RSA_PKCS1_2048_SHA256", "EC_P384_SHA384"])
async def test_each_algorithm_signs(router: Router, tmp_path: Path, algorithm: str) -> None:
    root = await enabled(router, "root", keySpec={"algorithm": algorithm})
    made = await ask(router, "POST", f"{POOL}/certificates?certificateId=a", requested())
    assert "OK" in openssl(tmp_path, root["pemCaCertificates"][0], [], made["pemCertificate"])


async def test_a_version_of_cloud_kms_signs_while_it_is_enabled(router: Router) -> None:
    kms = "/cloudkms/v1/projects/prices/locations/asia-south1/keyRings"
    await ask(router, "POST", f"{kms}?keyRingId=ring", {})
    for purpose, algorithm in (
        ("ASYMMETRIC_SIGN", "EC_SIGN_P256_SHA256"),
        ("ASYMMETRIC_DECRYPT", "RSA_DECRYPT_OAEP_2048_SHA256"),
    ):
        key = {"purpose": purpose, "versionTemplate": {"algorithm": algorithm}}
        await ask(router, "POST", f"{kms}/ring/cryptoKeys?cryptoKeyId={purpose}", key)
    version = "projects/prices/locations/asia-south1/keyRings/ring/cryptoKeys/{}/cryptoKeyVersions/1"
    place = f"{POOL}/certificateAuthorities?certificateAuthorityId=other"
    for name, status in (("ASYMMETRIC_DECRYPT", 400), ("none", 404)):
        body = authority("other", keySpec={"cloudKmsKeyVersion": version.format(name)})
        await ask(router, "POST", place, body, status)
    mine = version.format("ASYMMETRIC_SIGN")
    await enabled(router, "own", keySpec={"cloudKmsKeyVersion": mine})
    await ask(router, "POST", f"{POOL}/certificates?certificateId=a", configured())
    await ask(router, "PATCH", f"/cloudkms/v1/{mine}?updateMask=state", {"state": "DISABLED"})
    await ask(router, "POST", f"{POOL}/certificates?certificateId=b", configured(), 400)


async def test_an_authority_goes_disabled_and_without_certificates_or_after_a_while(router: Router) -> None:
    await enabled(router, "root")
    await ask(router, "POST", f"{POOL}/certificates?certificateId=a", configured())
    place = f"{POOL}/certificateAuthorities/root"
    await ask(router, "DELETE", place, status=400)
    await ask(router, "POST", f"{place}:disable", {})
    await ask(router, "POST", f"{POOL}/certificates?certificateId=b", configured(), 400)
    assert "active certificates" in str(await ask(router, "DELETE", place, status=400))
    await ask(router, "DELETE", f"{place}?ignoreActiveCertificates=true")
    assert (await ask(router, "GET", place))["state"] == "DELETED"
    await ask(router, "DELETE", POOL, status=400)
    await ask(router, "POST", f"{place}:undelete", {})
    assert (await ask(router, "GET", place))["state"] == "DISABLED"
    await ask(router, "DELETE", f"{place}?ignoreActiveCertificates=true&skipGracePeriod=true")
    await ask(router, "GET", place, status=404)
    await ask(router, "DELETE", POOL)


async def test_a_pool_of_the_tier_devops_keeps_no_certificate(router: Router) -> None:
    await ask(router, "PATCH", f"{POOL}?updateMask=tier", {"tier": "DEVOPS"}, 400)
    await ask(router, "POST", f"{HERE}/caPools?caPoolId=quick", {"tier": "DEVOPS"})
    place = f"{HERE}/caPools/quick"
    await ask(router, "POST", f"{place}/certificateAuthorities?certificateAuthorityId=a", authority("a"))
    await ask(router, "POST", f"{place}/certificateAuthorities/a:enable", {})
    made = await ask(router, "POST", f"{place}/certificates", configured())
    assert "name" not in made
    assert await ask(router, "GET", f"{place}/certificates") == {}


@pytest.mark.parametrize(
    ("policy", "body", "why"),
    [
        ({"allowedIssuanceModes": {"allowCsrBasedIssuance": True}}, configured(), "from a config"),
        ({"allowedKeyTypes": [{"rsa": {"minModulusSize": "2048"}}]}, configured(), "allowed_key_types"),
        ({"baselineValues": {"caOptions": {"isCa": True}}}, {**configured(), "certificateTemplate": "T"}, "template"),
        ({}, configured(caOptions={"isCa": True}), "path length"),
        ({}, {**configured(), "pemCsr": "x"}, "either"),
        ({}, {**configured(), "lifetime": "a day"}, "seconds"),
        ({}, {"lifetime": "9s", "pemCsr": "x"}, "CSR"),
    ],
)
async def test_what_a_pool_does_not_issue(router: Router, policy: Json, body: Json, why: str) -> None:
    await enabled(router, "root", caOptions={"isCa": True, "maxIssuerPathLength": 0})
    await ask(router, "PATCH", f"{POOL}?updateMask=issuancePolicy", {"issuancePolicy": policy})
    template = {"predefinedValues": {"caOptions": {"isCa": False}}}
    await ask(router, "POST", f"{HERE}/certificateTemplates?certificateTemplateId=t", template)
    if "certificateTemplate" in body:
        body = {**body, "certificateTemplate": f"{HERE.removeprefix('/privateca/v1/')}/certificateTemplates/t"}
    assert why in str(await ask(router, "POST", f"{POOL}/certificates?certificateId=a", body, 400))


async def test_a_policy_and_a_template_decide_what_stands_in_a_certificate(router: Router) -> None:
    await enabled(router, "root")
    policy = {
        "maximumLifetime": "3600s",
        "baselineValues": {"aiaOcspServers": ["http://ocsp.example.com"]},
        "identityConstraints": {"allowSubjectPassthrough": True, "allowSubjectAltNamesPassthrough": False},
    }
    await ask(router, "PATCH", f"{POOL}?updateMask=issuancePolicy", {"issuancePolicy": policy})
    template = {
        "passthroughExtensions": {"knownExtensions": ["EXTENDED_KEY_USAGE"]},
        "predefinedValues": {"caOptions": {"isCa": False}},
    }
    await ask(router, "POST", f"{HERE}/certificateTemplates?certificateTemplateId=t", template)
    body = {
        **requested(
            x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.CLIENT_AUTH]),
            x509.BasicConstraints(ca=True, path_length=None),
            x509.SubjectAlternativeName([x509.DNSName("b.example.com")]),
        ),
        "certificateTemplate": "projects/prices/locations/asia-south1/certificateTemplates/t",
    }
    told = (await ask(router, "POST", f"{POOL}/certificates?certificateId=a", body))["certificateDescription"]
    assert told["x509Description"] == {
        "keyUsage": {"extendedKeyUsage": {"clientAuth": True}},
        "caOptions": {"isCa": False},
        "aiaOcspServers": ["http://ocsp.example.com"],
    }
    assert told["subjectDescription"]["subject"] == {"commonName": "b.example.com"}
    assert "subjectAltName" not in told["subjectDescription"]
    assert told["subjectDescription"]["lifetime"] == "3601s"


async def test_expressions_are_not_evaluated(router: Router) -> None:
    await enabled(router, "root")
    constraints = {"allowSubjectPassthrough": True, "celExpression": {"expression": "subject.common_name == 'x'"}}
    body = {"issuancePolicy": {"identityConstraints": constraints}}
    await ask(router, "PATCH", f"{POOL}?updateMask=issuancePolicy", body)
    await ask(router, "POST", f"{POOL}/certificates?certificateId=a", configured(), 501)


async def test_names_in_x509_come_back_as_they_were_asked_for(router: Router) -> None:
    await enabled(router, "root")
    values = {
        "caOptions": {"isCa": True, "maxIssuerPathLength": 0},
        "keyUsage": {"baseKeyUsage": {"digitalSignature": True, "certSign": True}},
        "policyIds": [{"objectIdPath": [1, 5, 7]}],
        "nameConstraints": {
            "critical": True,
            "permittedDnsNames": ["example.com"],
            "excludedIpRanges": ["10.0.0.0/8"],
            "excludedEmailAddresses": [".example.com"],
        },
        "additionalExtensions": [{"objectId": {"objectIdPath": [1, 6]}, "critical": False, "value": "c3RyaW5n"}],
    }
    made = await ask(router, "POST", f"{POOL}/certificates?certificateId=a", configured(**values))
    assert made["certificateDescription"]["x509Description"] == values
