"""Reviews: what a plan of an environment would do, kept beside the plan for whoever decides on it."""

from .gate import NotReviewed, require_reviewed, require_same_project
from .make import review_environment
from .model import Review, ReviewedChange, read_review, read_reviews

__all__ = [
    "NotReviewed",
    "Review",
    "ReviewedChange",
    "read_review",
    "read_reviews",
    "require_reviewed",
    "require_same_project",
    "review_environment",
]
