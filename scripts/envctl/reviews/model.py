"""What a review holds, and how it is kept: `DIR/ENV/review.json`, beside `plan.tfplan` and `plan.json`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from ..errors import UserError
from ..files import put
from ..plans.provenance import Provenance

FILE = "review.json"
Status = Literal["planned", "failed"]


class ReviewedAttribute(BaseModel, frozen=True):
    """An attribute that changes, as texts without secrets."""

    path: str
    before: str
    after: str
    replaces: bool = False


class ReviewedChange(BaseModel, frozen=True):
    """What the plan does with one resource.

    Attributes:
        dangers: what is dangerous about it, such as "destroys"; empty for what isn't.
    """

    address: str
    type: str
    subproject: str = ""
    action: str
    dangers: list[str] = []
    attributes: list[ReviewedAttribute] = []


class ReviewedFinding(BaseModel, frozen=True):
    """A rule of the policy that the plan breaks, or of which it isn't known whether it does.

    Attributes:
        new: whether what is there now holds to it.
    """

    id: str
    rule: str
    severity: str
    result: Literal["fail", "unknown"]
    message: str
    where: str = ""
    todo: str = ""
    new: bool = False


class ReviewedCost(BaseModel, frozen=True):
    """What a month costs before and after, in rupees; `things` are those that make the difference."""

    before: float
    after: float
    budget: float | None = None
    things: dict[str, float] = {}
    missing: list[str] = []

    @property
    def more(self) -> float:
        return round(self.after - self.before, 2)


class ReviewedRehearsal(BaseModel, frozen=True):
    """How it went to apply the change in a sandbox.

    Attributes:
        base: the commit that was there before.
        problem: why it can't be applied; empty where it can.
        differs: in what it isn't as declared afterwards.
        checks: of the validation afterwards, by result.
    """

    base: str
    problem: str = ""
    differs: str = ""
    checks: dict[str, int] = {}


class Review(BaseModel, frozen=True):
    """What a plan of an environment would do; without secrets.

    Attributes:
        environment: its name.
        words: as the commands take it, such as "prod --sandbox".
        status: "failed" where there is no plan; then `problem` says why.
        made_from: commit, YAML, code, lock.
        fingerprint: of what the plan does, with the hash of each change in `parts`.
        changes: the most dangerous first.
        pending: addresses whose settings something not yet applied decides.
        warnings: of Terraform and of envctl.
        findings: rules of the policy that are broken afterwards, the worst first.
        excepted: how many findings are excepted.
        cost: what a month costs, before and after.
        rehearsal: how it went to apply it in a sandbox, where that was tried.
    """

    format: Literal[1] = 1
    environment: str
    words: str = ""
    status: Status = "planned"
    problem: str = ""
    made_from: Provenance = Provenance()
    terraform: str = ""
    provider: str = ""
    fingerprint: str = ""
    parts: dict[str, str] = {}
    changes: list[ReviewedChange] = []
    pending: list[str] = []
    warnings: list[str] = []
    findings: list[ReviewedFinding] = []
    excepted: int = 0
    cost: ReviewedCost | None = None
    rehearsal: ReviewedRehearsal | None = None

    @property
    def exit_code(self) -> int:
        """1: no plan; 2: changes; 0: nothing to change."""
        return 1 if self.status == "failed" else 2 if self.changes else 0

    def write(self, folder: Path) -> Path:
        """Keep it in `FOLDER/ENV`."""
        file = folder / self.environment / FILE
        put(file, self.model_dump_json(indent=2) + "\n")
        return file


def read_review(file: Path) -> Review:
    """A review from its file.

    Raises:
        UserError: it isn't one.
    """
    todo = "make it with `envctl plan ENV --out DIR`"
    try:
        return Review.model_validate_json(file.read_bytes())
    except OSError as error:
        raise UserError(f"{file} can't be read", why=error.strerror or str(error), todo=todo) from None
    except ValidationError as error:
        first = error.errors()[0]
        why = f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}"
        raise UserError(f"{file} is not a review", why=why, todo=todo) from None


def read_reviews(folder: Path) -> list[Review]:
    """All reviews below a folder, by environment; those of production come first.

    Raises:
        UserError: there is none, or one is broken.
    """
    files = sorted(folder.glob(f"*/{FILE}"))
    if not files:
        why = f"there is no {FILE} in its folders"
        raise UserError(f"{folder} holds no reviews", why=why, todo="make them with `envctl plan ENV… --out DIR`")
    return sorted((read_review(file) for file in files), key=lambda one: (one.environment != "prod", one.environment))
