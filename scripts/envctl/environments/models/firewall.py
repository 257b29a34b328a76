"""Firewall rules: Google denies what comes in and allows what goes out, where no rule says otherwise."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .addressing import Range, Tag, network_of
from .base import FieldError, Model, ServiceAccountPath, matching

Ports = Annotated[str, matching(r"[0-9]{1,5}(-[0-9]{1,5})?", 'a port or a range of them, such as "443" or "8000-8100"')]
Protocol = Annotated[
    str,
    matching(r"tcp|udp|icmp|esp|ah|sctp|ipip|all|[0-9]{1,3}", "tcp, udp, icmp, esp, ah, sctp, ipip, a number, or all"),
]
_WITH_PORTS = {"tcp", "udp", "sctp"}


class Traffic(Model):
    """A protocol, and which of its ports; none named are all of them."""

    protocol: Protocol
    ports: list[Ports] = []

    @model_validator(mode="after")
    def _ports_belong_to_the_protocol(self) -> Self:
        if self.ports and self.protocol not in _WITH_PORTS:
            raise FieldError(f"{self.protocol} has no ports; tcp, udp and sctp have", "ports")
        for index, ports in enumerate(self.ports):
            low, _, high = ports.partition("-")
            if int(high or low) > 65_535 or int(low) > int(high or low):
                raise FieldError(f'"{ports}" is not within 0 to 65535, the lower first', "ports", index)
        return self


class FirewallRule(Model):
    """A rule of the network's firewall. Its name is its key.

    A rule that lets in says from where, and to whom. From everywhere it does so only with `public: true`, for named
    ports and named targets.
    """

    description: str = Field(default="", max_length=2048)
    direction: Literal["INGRESS", "EGRESS"] = "INGRESS"
    action: Literal["allow", "deny"] = "allow"
    traffic: list[Traffic] = Field(min_length=1)
    ranges: list[Range] = Field(default=[], max_length=5000, description="Where it comes from, or goes to.")
    source_tags: list[Tag] = Field(default=[], max_length=30)
    source_service_accounts: list[ServiceAccountPath] = Field(default=[], max_length=10)
    target_tags: list[Tag] = Field(default=[], max_length=70)
    target_service_accounts: list[ServiceAccountPath] = Field(default=[], max_length=10)
    priority: int = Field(default=1000, ge=0, le=65_535, description="The smaller one wins.")
    public: bool = Field(default=False, description="It lets in from everywhere, and is meant to.")
    disabled: bool = False
    logging: bool = Field(default=False, description="Log each connection that it decides on.")

    @model_validator(mode="after")
    def _says_from_where_or_to_where(self) -> Self:
        sources = [*self.source_tags, *self.source_service_accounts]
        if self.direction == "EGRESS" and sources:
            field = "source_tags" if self.source_tags else "source_service_accounts"
            raise FieldError(f"{field} is for INGRESS; what goes out has ranges", field)
        if not self.ranges and not sources:
            what = "ranges, source_tags or source_service_accounts" if self.direction == "INGRESS" else "ranges"
            raise FieldError(f"needs {what}: Google would take everywhere", "ranges")
        return self

    @model_validator(mode="after")
    def _tags_or_accounts(self) -> Self:
        tags = self.source_tags or self.target_tags
        accounts = self.source_service_accounts or self.target_service_accounts
        if tags and accounts:
            field = "target_tags" if self.target_tags else "source_tags"
            raise FieldError("a rule has tags or service accounts, not both", field)
        return self

    @model_validator(mode="after")
    def _everywhere_is_meant(self) -> Self:
        if self.direction != "INGRESS" or self.action != "allow":
            if self.public:
                raise FieldError("public is for a rule that lets in", "public")
            return self
        for index, text in enumerate(self.ranges):
            if network_of(text).prefixlen == 0 and not self.public:
                raise FieldError(f"{text} is everywhere: name who needs it, or say public: true", "ranges", index)
        if not self.public:
            return self
        if not (self.target_tags or self.target_service_accounts):
            raise FieldError("a public rule names its targets: target_service_accounts or target_tags", "public")
        for index, traffic in enumerate(self.traffic):
            if not traffic.ports:
                raise FieldError("a public rule names its ports", "traffic", index)
        return self
