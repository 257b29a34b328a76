"""Which module runs for an image."""

from __future__ import annotations

import pytest

from sandbox.runtime import images


@pytest.mark.parametrize(
    ("image", "package"),
    [
        ("asia-south1-docker.pkg.dev/p/images/risk-manager:1.2.3", "risk_manager"),
        ("localhost:5000/team/dashboard", "dashboard"),
        ("gcr.io/p/auth@sha256:" + "a" * 64, "auth"),
        ("gcr.io/p/auth:v1@sha256:" + "a" * 64, "auth"),
        ("nginx", "nginx"),
    ],
)
def test_package_is_the_last_part_without_tag_and_digest(image: str, package: str) -> None:
    assert images.valid(image)
    assert images.package(image) == package


@pytest.mark.parametrize("image", ["", "Upper/case", "a b", "x:", "../x", "https://gcr.io/p/x", "x@sha256:12"])
def test_text_that_names_no_image_is_not_valid(image: str) -> None:
    assert not images.valid(image)


def test_image_without_a_package_runs_the_starter() -> None:
    image = images.resolve("gcr.io/p/nobody-wrote-this", ["/bin/app"], ["--x"])
    assert (image.kind, image.module, image.arguments) == ("starter", "services.starter", ())


def test_image_named_starter_is_no_package() -> None:
    assert images.resolve("gcr.io/p/starter").kind == "starter"
