"""The provider's functions say what the real ones say."""

from __future__ import annotations

import pytest

from sandbox.provider.functions import FUNCTIONS


@pytest.mark.parametrize(
    ("name", "argument", "says"),
    [
        ("project_from_id", "projects/one/zones/z/instances/i", "one"),
        ("project_from_id", "https://www.googleapis.com/compute/v1/projects/one/projects/two/x", "one"),
        ("location_from_id", "//run.googleapis.com/projects/p/locations/asia-south1/services/s", "asia-south1"),
        ("region_from_id", "projects/p/regions/asia-south1/subnetworks/s", "asia-south1"),
        ("zone_from_id", "projects/p/zones/asia-south1-a/disks/d", "asia-south1-a"),
        ("name_from_id", "projects/p/topics/orders", "orders"),
        ("region_from_zone", "asia-south1-a", "asia-south1"),
        ("region_from_zone", "a-b-c-d", "a-b-c"),
    ],
)
def test_what_is_in_an_id(name: str, argument: str, says: str) -> None:
    assert FUNCTIONS[name].call(argument) == says


@pytest.mark.parametrize(
    ("name", "argument", "says"),
    [
        (
            "project_from_id",
            "projects/one",
            'The input string "projects/one" doesn\'t contain the expected pattern "projects/{project}/".',
        ),
        (
            "name_from_id",
            "orders",
            'The input string "orders" doesn\'t contain the expected pattern "resourceType/{name}$".',
        ),
        (
            "name_from_id",
            "projects/p/",
            'The input string "projects/p/" doesn\'t contain the expected pattern "resourceType/{name}$".',
        ),
        ("region_from_zone", "", "The input string cannot be empty."),
        ("region_from_zone", "asia-south1", 'The input string "asia-south1" is not a valid zone name.'),
    ],
)
def test_what_is_not(name: str, argument: str, says: str) -> None:
    with pytest.raises(ValueError) as refused:
        FUNCTIONS[name].call(argument)
    assert str(refused.value) == says
