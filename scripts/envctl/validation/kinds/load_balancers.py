"""Load balancers: what stands under their name in each of Compute Engine's collections, and each backend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from envctl.validation.model import Environment, Kind, Place, Read, Setting, Thing, World, always, declared_things
from envctl.validation.normal import dig, number, text

from .common import DESCRIPTION, LABELS, iap_setting
from .network import link, of

_HERE = "v1/projects/{project}/global"


def _read(collection: str) -> Read:
    return Read("compute", f"{_HERE}/{collection}/{{key}}", f"compute.{collection}.get")


def _name(thing: Thing, collection: str, name: str) -> str:
    return f"projects/{thing.place.project}/global/{collection}/{name}"


def _backend(thing: Thing, key: str) -> str:
    return _name(thing, "backendServices", f"{thing.place.key}-{key}")


def _routes(thing: Thing, _world: World) -> list[str]:
    """Routes as "host path backend"."""
    found = []
    for route in thing.fields["routes"]:
        for host in route["hosts"] or ["*"]:
            found += [f"{host} {path} {_backend(thing, route['backend'])}" for path in route["paths"]]
    return sorted(found)


def _found_routes(url_map: Mapping[str, Any]) -> list[str]:
    matchers = {matcher["name"]: matcher for matcher in url_map.get("pathMatchers") or []}
    found = []
    for rule in url_map.get("hostRules") or []:
        for host in rule.get("hosts") or []:
            for route in matchers[rule["pathMatcher"]].get("pathRules") or []:
                found += [f"{host} {path} {link(route.get('service'))}" for path in route.get("paths") or []]
    return sorted(found)


def _armor(thing: Thing, _world: World) -> list[str]:
    """Rules as "priority action what", in the module's order of priorities."""
    armor = thing.fields["armor"]
    if armor is None:
        return []
    rules = [*_ranges(100, "deny(403)", armor["deny_ranges"]), *_ranges(200, "allow", armor["allow_ranges"])]
    for priority, countries, sign in ((300, armor["deny_countries"], ""), (310, armor["allow_countries"], "!")):
        if countries:
            expression = f"{sign}origin.region_code.matches('^({'|'.join(countries)})$')"
            rules.append(f"{priority} deny(403) {expression}")
    preview = " (preview)" if armor["waf_preview"] else ""
    for at, name in enumerate(armor["waf"]):
        expression = f"evaluatePreconfiguredWaf('{name}-v33-stable', {{'sensitivity': {armor['waf_sensitivity']}}})"
        rules.append(f"{1000 + at} deny(403) {expression}{preview}")
    if limit := armor["rate_limit"]:
        action = "throttle" if limit["ban_seconds"] is None else "rate_based_ban"
        each = f"{limit['requests']} in {limit['interval_seconds']}s by {limit['client']}"
        rules.append(f"2000 {action} * {each}, ban {number(limit['ban_seconds'])}s")
    rules.append(f"2147483647 {'allow' if armor['default'] == 'allow' else 'deny(403)'} *")
    return sorted(rules)


def _ranges(first: int, action: str, ranges: list[str]) -> list[str]:
    chunks = [ranges[at : at + 10] for at in range(0, len(ranges), 10)]
    return [f"{first + at} {action} {' '.join(sorted(chunk))}" for at, chunk in enumerate(chunks)]


def _found_armor(policy: Mapping[str, Any]) -> list[str]:
    rules = []
    for rule in policy.get("rules") or []:
        what = text(dig(rule, "match.expr.expression")) or " ".join(sorted(dig(rule, "match.config.srcIpRanges") or []))
        said = f"{rule.get('priority')} {rule.get('action')} {what}"
        if limit := rule.get("rateLimitOptions"):
            each = limit["rateLimitThreshold"]
            said += f" {each['count']} in {each['intervalSec']}s by {limit.get('enforceOnKey')}"
            said += f", ban {number(limit.get('banDurationSec'))}s"
        rules.append(said + (" (preview)" if rule.get("preview") else ""))
    return sorted(rules)


LOAD_BALANCERS = Kind(
    name="load_balancers",
    noun="load balancer",
    document=_read("urlMaps"),
    resource=lambda place, _fields: f"projects/{place.project}/global/urlMaps/{place.key}",
    settings=(
        DESCRIPTION,
        Setting(
            "default_backend",
            "defaultService",
            normal=link,
            declared=lambda thing, _world: _backend(thing, thing.fields["default_backend"]),
        ),
        Setting("routes", "hostRules, pathMatchers", declared=_routes, found=_found_routes, says="and no other"),
        Setting(
            "certificate",
            "targetHttpsProxies: sslCertificates",
            declared=lambda thing, _world: [_name(thing, "sslCertificates", thing.fields["certificate"])],
            found=lambda proxy: [link(name) for name in proxy.get("sslCertificates") or []],
            says="its name tells the domains",
            reader="proxy",
        ),
        Setting(
            "min_tls",
            "sslPolicies: minTlsVersion",
            declared=of("min_tls"),
            reader="tls",
            found=lambda policy: policy.get("minTlsVersion"),
        ),
        Setting(
            "tls_profile",
            "sslPolicies: profile",
            declared=of("tls_profile"),
            reader="tls",
            found=lambda policy: policy.get("profile"),
        ),
        Setting(
            "tls policy",
            "targetHttpsProxies: sslPolicy",
            normal=link,
            declared=lambda thing, _world: _name(thing, "sslPolicies", thing.place.key),
            found=lambda proxy: proxy.get("sslPolicy"),
            says="the one of its name",
            reader="proxy",
        ),
        Setting(
            "address",
            "forwardingRules: target, portRange",
            declared=lambda thing, _world: [_name(thing, "targetHttpsProxies", thing.place.key), "443-443"],
            found=lambda rule: [link(rule.get("target")), rule.get("portRange")],
            says="port 443 leads to the proxy of its name",
            reader="https",
        ),
        Setting(
            "redirect_http",
            "urlMaps: defaultUrlRedirect",
            declared=lambda thing, _world: thing.fields["redirect_http"],
            found=lambda url_map: bool(dig(url_map, "defaultUrlRedirect.httpsRedirect")),
            reader="redirect",
        ),
        Setting(
            "labels",
            "globalAddresses: labels",
            normal=LABELS.normal,
            declared=LABELS.declared,
            found=lambda address: address.get("labels"),
            says=LABELS.says,
            reader="global_address",
        ),
        Setting("armor", "securityPolicies: rules", declared=_armor, found=_found_armor, reader="armor"),
        Setting(
            "armor.adaptive_protection",
            "securityPolicies: adaptiveProtectionConfig",
            found=lambda policy: bool(dig(policy, "adaptiveProtectionConfig.layer7DdosDefenseConfig.enable")),
            declared=of("armor.adaptive_protection"),
            when=lambda fields: fields["armor"] is not None,
            reader="armor",
        ),
    ),
    reads={
        "proxy": _read("targetHttpsProxies"),
        "tls": _read("sslPolicies"),
        "https": Read("compute", f"{_HERE}/forwardingRules/{{key}}", "compute.globalForwardingRules.get"),
        "redirect": Read("compute", f"{_HERE}/urlMaps/{{key}}-http", "compute.urlMaps.get"),
        "global_address": Read("compute", f"{_HERE}/addresses/{{key}}", "compute.globalAddresses.get"),
        "armor": _read("securityPolicies"),
    },
    unchecked={"domains": "part of the certificate's name", "backends": "things of their own"},
)


def _backends(kind: Kind, environment: Environment) -> Iterator[Thing]:
    for balancer in declared_things(LOAD_BALANCERS, environment):
        for key, fields in balancer.fields["backends"].items():
            old = balancer.place
            place = Place(old.project, old.region, old.subproject, f"{old.key}-{key}")
            declared = {**fields, "policy": old.key if balancer.fields["armor"] else None}
            path = (*balancer.path, "backends", key)
            yield Thing(kind, place, kind.resource(place, declared), declared, path)


BACKENDS = Kind(
    name="backends",
    noun="backend service",
    document=_read("backendServices"),
    resource=lambda place, _fields: f"projects/{place.project}/global/backendServices/{place.key}",
    settings=(
        Setting(
            "service",
            "networkEndpointGroups: cloudRun.service",
            found=lambda group: dig(group, "cloudRun.service"),
            reader="group",
        ),
        Setting(
            "group",
            "backends.0.group",
            normal=link,
            declared=lambda thing, _world: (
                f"projects/{thing.place.project}/regions/{thing.place.region}/networkEndpointGroups/{thing.place.key}"
            ),
            says="the endpoint group of its name",
        ),
        Setting(
            "log_sampling",
            "logConfig.sampleRate",
            normal=float,
            found=lambda service: dig(service, "logConfig.sampleRate") if dig(service, "logConfig.enable") else 0,
        ),
        Setting(
            "armor",
            "securityPolicy",
            normal=link,
            declared=lambda thing, _world: (
                _name(thing, "securityPolicies", thing.fields["policy"]) if thing.fields["policy"] else ""
            ),
            says="the load balancer's policy, where it has one",
        ),
        iap_setting("iap.enabled"),
        Setting("scheme", "loadBalancingScheme", declared=always("EXTERNAL_MANAGED"), says="EXTERNAL_MANAGED"),
    ),
    reads={
        "group": Read(
            "compute",
            "v1/projects/{project}/regions/{region}/networkEndpointGroups/{key}",
            "compute.regionNetworkEndpointGroups.get",
        )
    },
    things=_backends,
)
