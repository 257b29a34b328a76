"""What runs."""

from __future__ import annotations

from ..model import Ground, Rule, Subject


def _by_digest(subject: Subject, _ground: Ground) -> str | None:
    images = [str(one.get("image") or "") for one in subject["containers"] or ()]
    loose = sorted({image for image in images if image and "@sha256:" not in image})
    return f"{', '.join(loose)} may be another image tomorrow" if loose else None


RULES = (
    Rule(
        "ATM-IMG-001",
        "medium",
        "Production runs images by digest",
        "A tag can be moved; a digest is what was tested and scanned.",
        "name the image by its @sha256 digest",
        ("services", "jobs", "worker_pools"),
        ("containers",),
        _by_digest,
        production=True,
    ),
)
