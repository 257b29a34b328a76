"""Grants on what is above a project: folders, organizations, billing accounts."""

from __future__ import annotations

from tests.integration.provider.cases import Case

# Type without its ending → which argument names it, what the configuration gives, its role, and its id.
_OF = {
    "google_folder": ("folder", "folders/FOLDER_NUMBER", "roles/viewer", "folders/FOLDER_NUMBER"),
    "google_organization": ("org_id", "FOLDER_NUMBER", "roles/viewer", "FOLDER_NUMBER"),
    "google_billing_account": ("billing_account_id", "ACCOUNT", "roles/billing.viewer", "ACCOUNT"),
}
_ONE, _BOTH = '["user:ann@example.com"]', '["user:ann@example.com", "user:bob@example.com"]'


def _resource(kind: str, ending: str, numbers: tuple[str, str], body: str) -> str:
    argument, given, role, _ = _OF[kind]
    text = f'resource "{kind}_iam_{ending}" "g" {{\n  {argument} = "{given}"\n{body.replace("ROLE", role)}}}\n'
    return text.replace("FOLDER_NUMBER", numbers[0]).replace("ACCOUNT", numbers[1])


def _case(name: str, ending: str, body: str, numbers: tuple[str, str], id_end: str, *, whole: bool = False) -> Case:
    first = "".join(_resource(kind, ending, numbers, body) for kind in _OF)
    replaced = tuple(
        (given.replace("FOLDER_NUMBER", numbers[0]).replace("ACCOUNT", numbers[1]), other, f"{kind}_iam_{ending}.g")
        for kind, given, other in (
            ("google_folder", '"folders/FOLDER_NUMBER"', '"folders/7"'),
            ("google_organization", 'org_id = "FOLDER_NUMBER"', 'org_id = "7"'),
            ("google_billing_account", '"ACCOUNT"', '"000000-000000-000007"'),
        )
    )
    return Case(
        name,
        first=first,
        second=first.replace(_ONE, _BOTH),
        updated=frozenset(() if ending == "member" else (f"{kind}_iam_{ending}.g" for kind in _OF)),
        replaced=replaced,
        imports={
            f"{kind}_iam_{ending}.g": (id_ + id_end.replace("ROLE", role))
            .replace("FOLDER_NUMBER", numbers[0])
            .replace("ACCOUNT", numbers[1])
            for kind, (_, _, role, id_) in _OF.items()
        },
        whole=whole,
    )


CASES = [
    _case(
        "members-above",
        "member",
        '  role = "ROLE"\n  member = "user:ann@example.com"\n',
        ("281474001", "0A0B0C-0A0B0C-000001"),
        " ROLE user:ann@example.com",
    ),
    _case(
        "bindings-above",
        "binding",
        f'  role = "ROLE"\n  members = {_ONE}\n',
        ("281474002", "0A0B0C-0A0B0C-000002"),
        " ROLE",
        whole=True,
    ),
    _case(
        "policies-above",
        "policy",
        f'  policy_data = jsonencode({{ bindings = [{{ role = "ROLE", members = {_ONE} }}] }})\n',
        ("281474003", "0A0B0C-0A0B0C-000003"),
        "",
        whole=True,
    ),
]
