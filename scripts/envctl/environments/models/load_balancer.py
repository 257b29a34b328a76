"""External Application Load Balancers: the way in from the internet to Cloud Run services, behind Cloud Armor."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from .addressing import Range, ResourceName
from .base import FieldError, Labels, Model, ServicePath, Switched, matching
from .iam import Iap

Domain = Annotated[
    str,
    matching(
        r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", 'a domain without wildcard, such as "api.example.com"'
    ),
]
UrlPath = Annotated[str, matching(r"/[^\s*?#]*(/\*)?|/\*", 'a path, such as "/orders" or "/orders/*"')]
Country = Annotated[str, matching(r"[A-Z]{2}", 'a country by two letters, such as "IN"')]
BackendId = Annotated[
    str, matching(r"[a-z]([a-z0-9-]{0,29}[a-z0-9])?", "a backend's key: lower-case letters, digits or - (at most 31)")
]
LoadBalancerId = Annotated[
    str,
    matching(r"[a-z]([a-z0-9-]{0,29}[a-z0-9])?", "a load balancer's key: lower-case letters, digits or - (at most 31)"),
]
Rules = Literal[
    "sqli", "xss", "lfi", "rfi", "rce", "methodenforcement", "scannerdetection", "protocolattack", "sessionfixation"
]
_MANY = 50


class Backend(Model):
    """A Cloud Run service behind the load balancer."""

    service: ServicePath
    log_sampling: float = Field(
        default=1.0, ge=0, le=1, description="The part of the requests that is logged; 0: none."
    )
    iap: Iap | None = Field(default=None, description="Sign people in before the service; by default nobody asks.")


class UrlRoute(Model):
    """Which requests go to which backend: those for some hosts, of some paths."""

    hosts: list[Domain] = Field(default=[], description="None: every domain.")
    paths: list[UrlPath] = Field(min_length=1)
    backend: BackendId


class RateLimit(Model):
    """How many requests one client may send."""

    requests: int = Field(ge=1, le=1_000_000)
    interval_seconds: Literal[10, 30, 60, 120, 180, 240, 270, 300, 600, 900, 1200, 1800, 2700, 3600] = 60
    client: Literal["IP", "XFF_IP", "ALL"] = Field(default="IP", description="What tells clients apart.")
    ban_seconds: int | None = Field(
        default=None,
        ge=60,
        le=86_400,
        description="Shut out who sends more, for so long; by default only what is more.",
    )


class Armor(Model):
    """Cloud Armor: who and what gets through. Ranges come first, then countries, attacks, and the rate."""

    allow_ranges: list[Range] = Field(default=[], max_length=_MANY, description="Let in, whatever the rules below say.")
    deny_ranges: list[Range] = Field(default=[], max_length=_MANY)
    allow_countries: list[Country] = Field(default=[], description="Only these; none: every country.")
    deny_countries: list[Country] = []
    waf: list[Rules] = Field(default=[], description="Google's rules against known attacks.")
    waf_sensitivity: Literal[1, 2, 3, 4] = 1
    waf_preview: bool = Field(default=False, description="Only log what they would refuse.")
    rate_limit: RateLimit | None = None
    default: Literal["allow", "deny"] = "allow"
    adaptive_protection: bool = Field(default=False, description="Learn what is normal, and tell of attacks.")

    @model_validator(mode="after")
    def _countries_one_way(self) -> Self:
        if self.allow_countries and self.deny_countries:
            raise FieldError("allow_countries says all; deny_countries is for the others", "deny_countries")
        if len(set(self.waf)) != len(self.waf):
            raise FieldError("a set of rules stands twice", "waf")
        return self


class LoadBalancer(Switched):
    """A load balancer with one address: HTTPS by a certificate that Google keeps, HTTP only to say so.

    Its parts have its key as their name.
    """

    description: str = Field(default="", max_length=2048)
    domains: list[Domain] = Field(min_length=1, max_length=100)
    certificate: ResourceName | None = Field(
        default=None, description="The certificate's name; by default the key and a digest of the domains."
    )
    backends: dict[BackendId, Backend] = Field(min_length=1)
    default_backend: BackendId
    routes: list[UrlRoute] = []
    min_tls: Literal["TLS_1_2", "TLS_1_3"] = "TLS_1_2"
    tls_profile: Literal["COMPATIBLE", "MODERN", "RESTRICTED"] = "MODERN"
    redirect_http: bool = Field(default=True, description="Answer on port 80, to say where HTTPS is.")
    armor: Armor | None = None
    labels: Labels = {}

    @model_validator(mode="after")
    def _parts_that_are_named_are_there(self) -> Self:
        known = f"known: {', '.join(self.backends)}"
        if self.default_backend not in self.backends:
            raise FieldError(f'"{self.default_backend}" names no backend; {known}', "default_backend")
        seen: set[tuple[str, str]] = set()
        for index, route in enumerate(self.routes):
            if route.backend not in self.backends:
                raise FieldError(f'"{route.backend}" names no backend; {known}', "routes", index, "backend")
            for at, host in enumerate(route.hosts):
                if host not in self.domains:
                    raise FieldError(f"{host} is none of the domains", "routes", index, "hosts", at)
            for host in route.hosts or ["*"]:
                for at, path in enumerate(route.paths):
                    if (host, path) in seen:
                        raise FieldError(f"{path} is routed already", "routes", index, "paths", at)
                    seen.add((host, path))
        if len(set(self.domains)) != len(self.domains):
            raise FieldError("a domain stands twice", "domains")
        if self.tls_profile == "RESTRICTED" and self.min_tls == "TLS_1_3":
            return self
        if self.min_tls == "TLS_1_3":
            raise FieldError("TLS_1_3 goes with the profile RESTRICTED", "tls_profile")
        return self
