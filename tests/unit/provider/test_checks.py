"""What single checks take and refuse; the words are hashicorp/google's, held against it in `test_refusals.py`."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.provider.checks import checked, names

_TAKEN_AND_REFUSED: dict[str, tuple[list[Any], list[Any]]] = {
    "absolute_domain": (["a.example.com.", "."], ["", "a.example.com"]),
    "authorization_header": ([{"Accept": "x"}], [{"Authorization": "Basic x"}]),
    "base64": (["", "YQ==", "YW\nJj"], ["%%", "YQ", "YQ=", "=", "YW I="]),
    "base64_lines": (["", "YQ==", "YW\n Jj"], ["%%", "YQ"]),
    "cidr": (["10.0.0.1/8", "::/0", "fd20::/64"], ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/255.0.0.0", ""]),
    "dataset_id": (["a_B9"], ["", "a-b", "a\n", "a" * 1025]),
    "duration": (["0", "3600s", "1h30m", "-1.5ms", ".5s"], ["", "5", "s", "5x", "1h 5m", "-"]),
    "encryption_key": (["YQ=="], ["%"]),
    "entitlement_id": (["abcd", "a-9-"], ["abc", "Abcd", "9bcd", "a" * 64]),
    "filled": (["x"], [""]),
    "goal": ([0.0001, 0.9999], [0, 1, -1]),
    "goog_headers": ([{"x-goog-a": "1"}, {"X-Goog-B": "2"}], [{"content-type": "x"}]),
    "headers": ([{"Content-Type": "x"}], [{"Content-Length": "3"}, {"X-Google-A": "b"}]),
    "hexadecimal": (["0", "fFfFfFfF", "00000000a"], ["", "0x1", "100000000", "g"]),
    "hourly": (["00:00", "23:00", "7:00"], ["24:00", "23:30", "xx:00", "23", "23:00:00", ""]),
    "ip_address": (["1.2.3.4", "::1"], ["1.2.3", "fe80::1%eth0", "01.2.3.4", ""]),
    "ip_range": (["10.0.0.1/8"], ["10.0.0.1"]),
    "json": (["", "{}", "3", '"x"'], ["{", "[1,]", "x", "{} {}", '"']),
    "label_keys:bucket": ([{}, {"a_b-1": ""}], [{"A": ""}, {"": ""}, {"a" * 64: ""}]),
    "label_keys:function": ([{"ä-1": ""}], [{"A": ""}, {"a b": ""}]),
    "length:1..3": (["a", "abc"], ["", "abcd", "éé"]),
    "metadata": ([{"a": "b"}], [{"gce-container-declaration": "x"}]),
    "network_link": (
        ["", "projects/p/global/networks/n", "https://www.googleapis.com/compute/v1/projects/p/global/networks/n"],
        ["n", "projects/p/global/networks/N", "/projects/p/global/networks/n"],
    ),
    "on": ([True], [False]),
    "pattern": (["", "^a+$"], ["(", "[", "*"]),
    "peer_address": (["8.8.8.8", "2001:4860::1"], ["10.0.0.1", "255.255.255.255", "x"]),
    "pool_id": (["pool", "a-9-"], ["gcp-pool", "Pool", "abc", "a" * 33]),
    "pool_provider_id": (["prov"], ["gcp-prov", "pro", "p_ov"]),
    "prefix:54": (["a" * 54], ["a" * 55]),
    "principal": (["user:a@b.c"], ["deleted:user:a@b.c?uid=1"]),
    "private_asn": ([16550.0, 64512.0, 65534.0, 4200000000.0, 4294967294.0], [5.0, 65535.0, 4294967295.0]),
    "project_id": (["my-project", "example.com:my-project"], ["", "My", "-x", "x-"]),
    "project_name": (["My Project!"], ["abc", "a_bcd", "a" * 31]),
    "regexp": (["", "^a+$"], ["(", "[", "*"]),
    "rfc1035:2..5": (["ab", "a-b-c"], ["a", "abcdef", "Ab", "a-", "9b", "ab\n"]),
    "role_entity": (["READER:allUsers"], ["READER", "a:b:c"]),
    "rotation_period": (["", "86400s", "86400.123456789s"], ["86399s", "1d", "86400.1234567891s", "1.2.3s", "s"]),
    "service_domain": (["run.googleapis.com"], ["run", "bigquery-json.googleapis.com"]),
    "table_expiration": ([3_600_000.0], [3_599_999.0]),
    "table_schema": (["[]", "null", '[{"name": "a"}]'], ["", "{}", "[null]", "[", "3"]),
}


@pytest.mark.parametrize("name", sorted(_TAKEN_AND_REFUSED))
def test_a_check_takes_what_may_be_and_refuses_what_may_not(name: str) -> None:
    taken, refused = _TAKEN_AND_REFUSED[name]

    assert [value for value in taken if list(checked(name, value, "argument"))] == []
    assert [value for value in refused if not list(checked(name, value, "argument"))] == []


def test_every_check_is_tried() -> None:
    assert {name.partition(":")[0] for name in _TAKEN_AND_REFUSED} == names()


_OF_TEXTS = [name for name, (taken, _) in _TAKEN_AND_REFUSED.items() if isinstance(taken[0], str)]


@pytest.mark.parametrize("name", _OF_TEXTS)
@given(text=st.text(max_size=40))
def test_no_text_is_too_strange_to_be_checked(name: str, text: str) -> None:
    for sentence, _ in checked(name, text, "argument"):
        assert sentence
