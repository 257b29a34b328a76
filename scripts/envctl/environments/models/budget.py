"""The budget of an environment: what it may cost, and who is told before it does."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Model, Switched, TopicPath, matching
from .monitoring import ChannelId

Currency = Annotated[str, matching(r"[A-Z]{3}", 'a currency, such as "INR"')]


class BudgetThreshold(Model):
    """When somebody is told: at a part of the amount, spent or foreseen."""

    percent: float = Field(gt=0, le=1000, description="Of the amount: 80 is four fifths.")
    basis: Literal["CURRENT_SPEND", "FORECASTED_SPEND"] = "CURRENT_SPEND"


class Budget(Switched):
    """A budget of the billing account, for this project alone. It tells; it stops nothing."""

    billing_account: Annotated[str, matching(r"[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}", "a billing account's id")]
    display_name: str | None = Field(default=None, max_length=60, description="By default the project's id.")
    amount: int = Field(gt=0, description="A month's, in whole units of the currency.")
    currency: Currency = Field(description="That of the billing account.")
    labels: dict[str, str] = Field(default={}, max_length=1, description="Only what carries this label.")
    thresholds: list[BudgetThreshold] = Field(min_length=1)
    topic: TopicPath | None = None
    channels: list[ChannelId] = Field(default=[], max_length=5)
    default_recipients: bool = Field(default=True, description="The account's administrators and users are told, too.")

    @model_validator(mode="after")
    def _each_threshold_once(self) -> Self:
        known = [(threshold.percent, threshold.basis) for threshold in self.thresholds]
        if len(set(known)) != len(known):
            raise FieldError("each of thresholds stands once", "thresholds")
        return self
