"""Taxonomies of policy tags: which columns only some may read, and how others see them."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Model, Place, matching
from .iam import Member

TaxonomyId = Annotated[str, matching(r"[A-Za-z0-9_-]{1,63}", "a taxonomy's key: letters, digits, - or _ (at most 63)")]
PolicyTagPath = Annotated[
    str,
    matching(
        r"[A-Za-z0-9_-]{1,63}(/[A-Za-z0-9_-]{1,63}){0,4}",
        'a tag\'s path: at most five names of letters, digits, - or _, with / between, such as "pii/account"',
    ),
]
DisplayName = Annotated[
    str,
    matching(
        r"(?=.{1,100}$)\w([\w -]*\w)?", "a name: letters, digits, _, - and spaces, none at its ends (at most 100)"
    ),
]
DataPolicyId = Annotated[
    str, matching(r"[A-Za-z0-9_]{1,256}", "the id of a data policy: letters, digits or _ (at most 256)")
]
Masking = Literal[
    "SHA256",
    "ALWAYS_NULL",
    "DEFAULT_MASKING_VALUE",
    "LAST_FOUR_CHARACTERS",
    "FIRST_FOUR_CHARACTERS",
    "EMAIL_MASK",
    "DATE_YEAR_MASK",
]


def _each_once(members: list[Member]) -> None:
    for index, member in enumerate(members):
        if member in members[:index]:
            raise FieldError(f"{member} stands twice", "readers", index)


class DataPolicy(Model):
    """How a column looks to those who may not read it as it is."""

    expression: Masking
    readers: list[Member] = Field(
        min_length=1, description="Who sees it masked: they get roles/bigquerydatapolicy.maskedReader."
    )

    @model_validator(mode="after")
    def _each_reader_once(self) -> Self:
        _each_once(self.readers)
        return self


class PolicyTag(Model):
    """A mark of columns. A schema names it: `"policyTags": {"names": ["${policy_tag:TAXONOMY/PATH}"]}`.

    Once a column has one, whoever is no reader of it, or of one above it, can't read the column.
    """

    display_name: DisplayName | None = Field(default=None, description="By default the end of its path.")
    description: str = Field(default="", max_length=2000)
    readers: list[Member] = Field(
        default=[], description="Who reads its columns as they are: roles/datacatalog.categoryFineGrainedReader."
    )
    masking: dict[DataPolicyId, DataPolicy] = Field(
        default={}, max_length=9, description="Data policies by id, which is the project's only one in its location."
    )

    @model_validator(mode="after")
    def _each_reader_once(self) -> Self:
        _each_once(self.readers)
        return self


class Taxonomy(Model):
    """Policy tags by path: `pii/account` stands below `pii`, and its columns are open to the readers of both."""

    display_name: DisplayName | None = Field(default=None, description="By default its key.")
    description: str = Field(default="", max_length=2000)
    location: Place | None = Field(
        default=None, description="That of the datasets whose columns it marks. By default the environment's region."
    )
    activated_policy_types: list[Literal["FINE_GRAINED_ACCESS_CONTROL"]] = Field(
        default=["FINE_GRAINED_ACCESS_CONTROL"], max_length=1, description="Without it, tags are mere names."
    )
    tags: dict[PolicyTagPath, PolicyTag] = {}

    @model_validator(mode="after")
    def _a_tree(self) -> Self:
        seen: dict[str, str] = {}
        for path, tag in self.tags.items():
            above, _, name = path.rpartition("/")
            if above and above not in self.tags:
                raise FieldError(f'"{above}" is no tag of this taxonomy', "tags", path)
            shown = tag.display_name or name
            if shown in seen:
                raise FieldError(f'"{seen[shown]}" is named "{shown}" too: give one a display_name', "tags", path)
            seen[shown] = path
        if not self.activated_policy_types:
            for path, tag in self.tags.items():
                if tag.readers or tag.masking:
                    raise FieldError(
                        "who may read needs FINE_GRAINED_ACCESS_CONTROL among activated_policy_types", "tags", path
                    )
        return self
