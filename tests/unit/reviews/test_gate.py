"""A plan is applied only when it is the one that was reviewed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from envctl.environments import LoadedEnvironment
from envctl.errors import UserError
from envctl.plans.fingerprint import fingerprint
from envctl.plans.provenance import Provenance
from envctl.plans.read import read_plan
from envctl.reviews import NotReviewed, Review, read_review, read_reviews, require_reviewed
from envctl.reviews.make import review_plan

from tests.support.plans import at, bucket, change, plan
from tests.unit.environments.environment_files import HEAD, EnvironmentFiles

HERE = Provenance(commit="a" * 40, yaml="1", code="2", lock="3")
BUCKET = at("google_storage_bucket")


@pytest.fixture
def loaded(tmp_path: Path) -> LoadedEnvironment:
    return EnvironmentFiles(tmp_path).base(HEAD).dev("project_id: atm-dev-1\n").load()


def read(*changes: dict[str, Any], **variables: Any) -> Any:
    return read_plan(plan(*changes, **variables))


def reviewed(loaded: LoadedEnvironment, *changes: dict[str, Any]) -> Review:
    return review_plan(read(*changes), loaded, HERE)


NEARLINE = change(BUCKET, bucket(), bucket(storage_class="NEARLINE"))
COLDLINE = change(BUCKET, bucket(), bucket(storage_class="COLDLINE"))


def test_the_reviewed_plan_passes(loaded: LoadedEnvironment) -> None:
    review = reviewed(loaded, NEARLINE)
    again = HERE.model_copy(update={"commit": "b" * 40})  # a merge of the same has another commit
    require_reviewed(read(NEARLINE), loaded, again, review=review, fingerprint=review.fingerprint[:12])


def test_a_changed_plan_is_refused_with_what_differs(loaded: LoadedEnvironment) -> None:
    with pytest.raises(NotReviewed, match=r"another change than was reviewed"):
        require_reviewed(read(COLDLINE), loaded, HERE, review=reviewed(loaded, NEARLINE))
    with pytest.raises(NotReviewed, match=r"its fingerprint is [0-9a-f]{12}, the reviewed one is "):
        require_reviewed(read(COLDLINE), loaded, HERE, fingerprint=fingerprint(read(NEARLINE)))


def test_a_fingerprint_that_is_too_short_is_none(loaded: LoadedEnvironment) -> None:
    with pytest.raises(NotReviewed, match="twelve digits at least, and 6 were given"):
        require_reviewed(read(NEARLINE), loaded, HERE, fingerprint=fingerprint(read(NEARLINE))[:6])


def test_a_plan_of_other_yaml_is_refused_with_both_commits(loaded: LoadedEnvironment) -> None:
    other = Provenance(commit="b" * 40, yaml="other", code="2", lock="4")
    with pytest.raises(NotReviewed, match=r"the YAML and the provider lock file\n.*commit a{12}, this .* at b{12}"):
        require_reviewed(read(NEARLINE), loaded, other, review=reviewed(loaded, NEARLINE))


def test_a_plan_of_the_same_commit_and_other_yaml_says_that_something_is_not_committed(
    loaded: LoadedEnvironment,
) -> None:
    other = HERE.model_copy(update={"yaml": "other", "changed": True})
    with pytest.raises(NotReviewed, match="differ in what isn't committed") as refused:
        require_reviewed(read(NEARLINE), loaded, other, review=reviewed(loaded, NEARLINE))
    assert "check out" not in refused.value.todo


def test_a_plan_of_another_project_is_refused(loaded: LoadedEnvironment) -> None:
    with pytest.raises(NotReviewed, match="the plan is of project atm-prod-1, and dev is atm-dev-1"):
        require_reviewed(read(NEARLINE, project_id="atm-prod-1"), loaded, HERE)


def test_a_review_that_failed_lets_nothing_pass(loaded: LoadedEnvironment) -> None:
    with pytest.raises(NotReviewed, match="the reviewed plan failed"):
        require_reviewed(read(NEARLINE), loaded, HERE, review=Review(environment="dev", status="failed"))


def test_reviews_are_kept_and_read_back(loaded: LoadedEnvironment, tmp_path: Path) -> None:
    review = reviewed(loaded, NEARLINE)
    assert read_review(review.write(tmp_path)) == review
    Review(environment="prod", status="failed", problem="x").write(tmp_path)
    assert [one.environment for one in read_reviews(tmp_path)] == ["prod", "dev"]


def test_a_broken_review_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no reviews"):
        read_reviews(tmp_path)
    file = tmp_path / "review.json"
    file.write_text('{"format": 2, "environment": "x"}')
    with pytest.raises(UserError, match="is not a review\n  why: format"):
        read_review(file)
