"""Formats of numbers, by the examples of Google's page of format elements and by what holds of all."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.runtime.bigquery.number_formats import shown


@pytest.mark.parametrize(
    ("number", "form", "expected"),
    [
        ("1.2", "$999,999.999", "       $1.200"),
        ("123.456", "$999,999.999", "     $123.456"),
        ("1234.56", "$999,999.999", "   $1,234.560"),
        ("-12345.678", "$999,999.999", " -$12,345.678"),
        ("1234567.89", "$999,999.999", " $###,###.###"),
        ("12", "000", " 012"),
        ("-12", "000.000", "-012.000"),
        ("12", "999.999", "  12.000"),
        ("43981", "XXXX", " ABCD"),
        ("43981", "xxxx", " abcd"),
        ("43981", "0000000X", " 0000ABCD"),
        ("123.58", "999D999", " 123.580"),
        ("-12", "S9999", "  -12"),
        ("-12", "9999S", "  12-"),
        ("-12", "9999MI", "  12-"),
        ("12", "9999PR", "   12 "),
        ("-12", "9999PR", "  <12>"),
        ("-12", "$999", " -$12"),
        ("-12", "C999", " -USD12"),
        ("-12", "c999", " -usd12"),
        ("-12", "L999", " -$12"),
        ("12345", "999G999", "  12,345"),
        ("1234", "999,999", "   1,234"),
        ("1.23", "B99.999S", " 1.230+"),
        ("12.5", "999999.000FM", "12.5"),
        ("2021", "RN", "          MMXXI"),
        ("0", "S99", "  0"),
    ],
)
def test_the_examples_of_the_reference(number: str, form: str, expected: str) -> None:
    assert shown(Decimal(number), form) == expected


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ("9.99EEEE", "EEEE' is not served"),
        ("TM", "TM' is not served"),
        ("9.9.9", "excludes"),
        ("S9MI", "excludes"),
        ("9MI9", "must be last"),
        ("9X", "has X beside"),
        ("RN9", "has RN beside"),
        ("", "has no digits"),
        (",9", "group separator"),
        ("X" * 17, "more than 16"),
    ],
)
def test_formats_that_are_none_are_refused(form: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        shown(Decimal(1), form)


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
    st.from_regex(r"[BS]?[$C]?[09]{1,8}(,[09]{3})?([.D][09]{1,5})?(MI|PR)?", fullmatch=True),
)
def test_every_number_has_the_width_of_its_format(number: Decimal, form: str) -> None:
    if form.startswith("S") and form.endswith(("MI", "PR")):
        return
    width = len(form) + 2 * form.count("C") - form.count("B") + (0 if "S" in form or form.endswith(("MI", "PR")) else 1)
    assert len(shown(number, form)) == width - form.endswith("MI")
