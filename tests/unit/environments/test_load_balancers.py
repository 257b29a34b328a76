"""Load balancers: what is refused, and what rendering makes of them."""

from __future__ import annotations

import pytest

from tests.unit.environments.environment_files import EnvironmentFiles

APIS = "apis: [iam.googleapis.com, run.googleapis.com, compute.googleapis.com]"
SUBPROJECT = """\
service_accounts: {runner-1: {}}
services:
  api: {image: x, service_account: runner-1, ingress: internal-and-cloud-load-balancing}
  inner: {image: x, service_account: runner-1}
load_balancers:
  edge: EDGE
"""
SIGNED = "services:\n  signed: {image: x, service_account: runner-1, ingress: all, iap: {}}"
REST = "domains: [api.example.com], default_backend: api, backends: {api: {service: api}}"


def written(envs: EnvironmentFiles, edge: str) -> EnvironmentFiles:
    text = SUBPROJECT.replace("services:", SIGNED) if "signed" in edge else SUBPROJECT
    envs.subprojects(alpha=text.replace("EDGE", edge))
    return envs.dev(f"project_id: atm-dev-1\n{APIS}\n")


@pytest.mark.parametrize(
    ("edge", "message"),
    [
        (f"{{{REST}, min_tls: TLS_1_0}}", 'expected "TLS_1_2" or "TLS_1_3"'),
        (f"{{{REST}, min_tls: TLS_1_3}}", "tls_profile: TLS_1_3 goes with the profile RESTRICTED"),
        (f"{{{REST.replace('api.example', 'Api.example')}}}", "is not a domain without wildcard"),
        (f"{{{REST.replace('default_backend: api', 'default_backend: web')}}}", '"web" names no backend; known: api'),
        (f"{{{REST}, routes: [{{paths: [/a], backend: web}}]}}", 'routes[0].backend: "web" names no backend'),
        (f"{{{REST}, routes: [{{paths: [a], backend: api}}]}}", 'is not a path, such as "/orders"'),
        (f"{{{REST}, routes: [{{hosts: [b.example.com], paths: [/a], backend: api}}]}}", "is none of the domains"),
        (f"{{{REST}, routes: [{{paths: [/a, /a], backend: api}}]}}", "routes[0].paths[1]: /a is routed already"),
        (f"{{{REST}, armor: {{allow_countries: [IN], deny_countries: [US]}}}}", "allow_countries says all"),
        (f"{{{REST}, armor: {{waf: [magic]}}}}", 'expected "sqli"'),
        (f"{{{REST}, armor: {{rate_limit: {{requests: 0}}}}}}", "is at least 1"),
        (f"{{{REST.replace('service: api', 'service: none-such')}}}", "names no service"),
        (f"{{{REST.replace('service: api', 'service: api, iap: {}')}}}", "needs the API iap.googleapis.com"),
        (
            f"{{{REST.replace('service: api', 'service: api, iap: {}')}}}",
            "needs the project's number, which names Identity-Aware Proxy's agent",
        ),
        (
            f"{{{REST.replace('service: api', 'service: api, iap: {grants: {a: {role: owner, members: [x]}}}')}}}",
            "is not a role",
        ),
        (
            f"{{{REST.replace('service: api', 'service: signed, iap: {}')}}}",
            "the service alpha/signed signs people in itself",
        ),
        (
            f"{{{REST.replace('service: api', 'service: inner')}}}",
            "the service alpha/inner lets in internal only, and no load balancer",
        ),
    ],
)
def test_what_could_not_work_is_refused(envs: EnvironmentFiles, edge: str, message: str) -> None:
    found = written(envs, edge).problems()
    assert any(message in problem for problem in found), found


def test_rendering_names_the_service_and_a_certificate_for_its_domains(envs: EnvironmentFiles) -> None:
    first = written(envs, f"{{{REST}}}").load().tfvars["subprojects"]["alpha"]["load_balancers"]["edge"]
    other = REST.replace("[api.example.com]", "[b.example.com]")
    second = written(envs, f"{{{other}}}").load().tfvars["subprojects"]["alpha"]["load_balancers"]["edge"]
    assert first["backends"]["api"]["service"] == "api"
    assert first["certificate"].startswith("edge-")
    assert first["certificate"] != second["certificate"]


def test_who_comes_through_the_proxy_is_named_and_the_proxy_may_call(envs: EnvironmentFiles) -> None:
    staff = "iap: {grants: {staff: {role: roles/iap.httpsResourceAccessor, members: [runner-1, user:ann@example.com]}}}"
    backends = f"backends: {{api: {{service: api, {staff}}}, signed: {{service: signed}}}}"
    subproject = written(envs, f"{{domains: [api.example.com], default_backend: api, {backends}}}")
    subproject.dev(f"project_id: atm-dev-1\nproject_number: '123456789012'\n{APIS[:-1]}, iap.googleapis.com]\n")
    alpha = subproject.load().tfvars["subprojects"]["alpha"]
    grant = alpha["load_balancers"]["edge"]["backends"]["api"]["iap"]["grants"]["staff"]
    assert grant["members"] == ["serviceAccount:runner-1@atm-dev-1.iam.gserviceaccount.com", "user:ann@example.com"]
    proxy = "serviceAccount:service-123456789012@gcp-sa-iap.iam.gserviceaccount.com"
    for service in ("api", "signed"):
        (called,) = alpha["services"][service]["grants"].values()
        assert (called["role"], called["members"]) == ("roles/run.invoker", [proxy])
    assert alpha["services"]["inner"]["grants"] == {}


def test_what_is_switched_off_is_left_out(envs: EnvironmentFiles) -> None:
    loaded = written(envs, f"{{enabled: false, {REST}}}").load()
    assert loaded.tfvars["subprojects"]["alpha"]["load_balancers"] == {}
