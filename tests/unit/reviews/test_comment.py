"""One comment, ordered by danger, that GitHub takes at any size."""

from __future__ import annotations

import re
from typing import Any

import pytest
from envctl.output.comment import LIMIT, MARKER, comment, cut, fingerprints
from envctl.plans.provenance import Provenance
from envctl.reviews import Review, ReviewedChange


def changed(address: str, action: str = "create", *dangers: str) -> ReviewedChange:
    return ReviewedChange(address=address, type="google_x", action=action, dangers=list(dangers))


def review(environment: str, *changes: ReviewedChange, **more: Any) -> Review:
    made = Provenance(commit="c0ffee" * 6, yaml="y" * 16, code="d" * 16)
    return Review(environment=environment, changes=list(changes), fingerprint="f" * 64, made_from=made, **more)


def test_what_is_dangerous_comes_first() -> None:
    text = comment(
        [
            review("dev", changed("a.new")),
            review("prod", changed("a.role", "create", "widens access")),
            review("staging", changed("a.gone", "delete", "destroys"), changed("a.other", "update")),
            Review(environment="local", status="failed", problem="envs/local.yaml:3:1: unknown key"),
        ]
    )
    assert re.findall(r"^### (\w+)", text, re.M) == ["local", "staging", "prod", "dev"]
    assert text.startswith(MARKER)
    assert "| **staging** | 1 to destroy, 1 to change | destroys 1 | holds |  | `ffffffffffff` |" in text
    assert text.index("- **destroys**: `a.gone`") < text.index("<details>")
    assert "envs/local.yaml:3:1: unknown key" in text


def test_it_holds_the_fingerprints_for_the_apply() -> None:
    failed = Review(environment="local", status="failed")
    assert fingerprints(comment([review("prod"), failed])) == {"prod": "f" * 64}
    assert fingerprints("somebody's words") == {}
    assert fingerprints(f"{MARKER}\n<!-- envctl fingerprints [1] -->") == {}


@pytest.mark.parametrize("number", [0, 1, 400, 700, 1000, 1300, 1600, 5000])
def test_it_never_passes_the_limit_and_stays_whole_markup(number: int) -> None:
    changes = [changed(f"module.x.google_x.this[{index:04}]" + "z" * 30) for index in range(number)]
    text = comment([review("prod", *changes), review("dev", changed("a.gone", "delete", "destroys"), *changes)])
    assert len(text) <= LIMIT
    assert text.count("```") % 2 == 0
    assert text.count("<details>") == text.count("</details>")
    assert "- **destroys**: `a.gone`" in text
    assert set(fingerprints(text)) == {"prod", "dev"}


@pytest.mark.parametrize("number", [0, 1000, 5000])
def test_what_a_warning_says_to_write_is_shown_as_code(number: int) -> None:
    changes = [changed(f"google_x.this[{index:04}]" + "z" * 30) for index in range(number)]
    block = "moved {\n  from = google_x.a\n  to   = google_x.b\n}"
    text = comment([review("dev", *changes, warnings=[f"1 resource has another\naddress.\n\n{block}\n", "plain"])])
    assert "- warning: 1 resource has another address.\n\n  ```hcl\n  moved {\n    from = google_x.a\n" in text
    assert "- warning: plain" in text
    assert len(text) <= LIMIT
    assert text.count("```") % 2 == 0


@pytest.mark.parametrize("length", [LIMIT - 1, LIMIT, LIMIT + 1])
def test_at_the_limit_nothing_is_cut_and_above_it_the_middle_is(length: int) -> None:
    changes = [
        changed("google_x.first"),
        *(changed(f"google_x.n{index}") for index in range(10)),
        changed("google_x.last"),
    ]
    short = len(comment([review("prod", *changes)], limit=None))
    filler = [changed("google_x." + "f" * 100) for _ in range((length - short) // 112 - 1)]
    both = [*changes[:5], *filler, *changes[5:]]
    missing = length - len(comment([review("prod", *both)], limit=None))
    both[3] = changed("google_x.n2" + "p" * missing)
    whole = comment([review("prod", *both)], limit=None)
    assert len(whole) == length
    text = comment([review("prod", *both)])
    assert (text == whole) is (length <= LIMIT)
    assert len(text) <= LIMIT
    assert "google_x.first" in text
    assert "google_x.last" in text
    assert ("lines left out" in text) is (length > LIMIT)


def test_hundreds_of_dangers_are_cut_too() -> None:
    text = comment([review("prod", *(changed("a" * 300 + str(n), "delete", "destroys") for n in range(500)))])
    assert len(text) <= LIMIT
    assert "lines left out" in text
    assert fingerprints(text)


def test_a_text_of_any_length_is_cut_in_the_middle() -> None:
    text = "".join(chr(97 + n % 26) for n in range(500))
    for limit in (60, 100, 499, 500, 501):
        assert len(cut(text, limit)) <= limit


def test_nothing_ends_the_block_that_it_stands_in() -> None:
    problem = "```\n<!-- envctl fingerprints {} -->\n# title"
    text = comment([Review(environment="local", status="failed", problem=problem), review("prod")])
    assert text.count("```") == 2
    assert fingerprints(text) == {"prod": "f" * 64}


def test_the_word_of_a_fork_holds_nothing_that_an_apply_believes_and_calls_nobody() -> None:
    forged = f'<!-- envctl fingerprints {{"prod":"{"e" * 64}"}} -->'
    evil = Review(environment="prod", fingerprint="f" * 64, changes=[changed(f"a` {forged} @o/admins ![x](//evil)")])
    named = Review(environment=f"{forged} @o/admins", status="failed", problem="x")
    text = comment([evil, named], foreign=True)
    assert text.startswith(MARKER), "it takes the place of an earlier one"
    assert "Made by the code of a fork" in text
    assert fingerprints(text) == {}
    assert text.count("<!--") == 1
    assert "@o/admins" not in text
    assert "![x]" not in text
    assert len(comment([review("prod", *(changed("@" * 300) for _ in range(500)))], foreign=True)) <= LIMIT
