"""Reviews: what a plan of an environment would do, kept beside the plan for whoever decides on it.

`reviews.make` makes them, and brings policy and prices along, which those who only read a review do without.
"""

from .gate import NotReviewed, require_reviewed, require_same_project
from .model import Review, ReviewedChange, read_review, read_reviews

__all__ = [
    "NotReviewed",
    "Review",
    "ReviewedChange",
    "read_review",
    "read_reviews",
    "require_reviewed",
    "require_same_project",
]
