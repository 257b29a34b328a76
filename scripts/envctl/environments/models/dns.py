"""Private DNS: zones that only the network sees."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .base import FieldError, Labels, Model, matching

DnsName = Annotated[
    str,
    matching(
        r"(\*\.)?([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.)+",
        'a full DNS name with a dot at its end, such as "atm.internal."',
    ),
]
RecordId = Annotated[
    str, matching(r"[a-z][a-z0-9_-]{0,62}", "the key of a record: lower-case letters, digits, - or _ (at most 63)")
]


class Record(Model):
    """A record set: a name, a type, and what it says."""

    name: DnsName = Field(description="The full name, within the zone.")
    type: Literal["A", "AAAA", "CNAME", "MX", "PTR", "SRV", "TXT"] = "A"
    ttl: int = Field(default=300, ge=0, le=2_147_483_647, description="Seconds.")
    data: list[str] = Field(min_length=1)


class DnsZone(Model):
    """A private zone of the network. Its name is its key."""

    dns_name: DnsName
    description: str = Field(default="", max_length=1024)
    records: dict[RecordId, Record] = {}
    labels: Labels = {}

    @model_validator(mode="after")
    def _records_are_in_the_zone(self) -> Self:
        if self.dns_name.startswith("*"):
            raise FieldError("a zone has no wildcard in its name", "dns_name")
        seen: dict[tuple[str, str], str] = {}
        for key, record in self.records.items():
            if record.name != self.dns_name and not record.name.endswith(f".{self.dns_name}"):
                raise FieldError(f"{record.name} is not within {self.dns_name}", "records", key, "name")
            if record.type == "CNAME" and (len(record.data) > 1 or record.name == self.dns_name):
                raise FieldError("a CNAME has one target, and the zone's own name has none", "records", key, "type")
            known = seen.setdefault((record.name, record.type), key)
            if known != key:
                raise FieldError(f"{known} is {record.type} of {record.name} already", "records", key)
        return self
