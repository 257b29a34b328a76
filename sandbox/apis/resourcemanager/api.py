"""Resource Manager v1 and v3: projects and their IAM policies. Projects exist from their first use.

Folders, tag keys and values, projects that are made and liens have modules of their own. The IAM policy of a folder or
an organization is there for any that has a number, so that grants on them can be tried.
"""

from __future__ import annotations

from sandbox.apis import liens, tag_bindings, tag_keys
from sandbox.apis.resourcemanager import folders, org_policies, organizations, projects, searches
from sandbox.control import iam, operations, paging
from sandbox.control.context import Call
from sandbox.control.errors import ApiError, invalid_argument
from sandbox.control.http import Response
from sandbox.control.router import Api

API = Api(
    "cloudresourcemanager.googleapis.com",
    "cloudresourcemanager",
    routes=[
        *operations.routes("v1"),
        *operations.routes("v3"),
        *tag_bindings.routes(),
        *tag_keys.routes(),
        *folders.routes(),
        *org_policies.routes(),
        *organizations.routes(),
        *projects.routes(),
        *liens.routes(),
    ],
)


def resource(project: str) -> str:
    """The full name of a project, under which its policy is kept."""
    return f"//cloudresourcemanager.googleapis.com/projects/{project}"


def _project(call: Call) -> str:
    project = call.project
    if project.isdigit() or project == "-":
        raise ApiError(
            "PERMISSION_DENIED", f"The caller does not have permission on project {project} or it does not exist."
        )
    return project


@API.route("GET", "v1/projects/{project}")
async def get_v1(call: Call) -> Response:
    """`projects.get` of v1."""
    return Response.of(projects.v1(call.control, _project(call)))


@API.route("GET", "v3/projects/{project}")
async def get_v3(call: Call) -> Response:
    """`projects.get` of v3."""
    return Response.of(projects.v3(call.control, _project(call)))


@API.route("POST", "v1/projects/{project}", verb="getAncestry")
async def get_ancestry(call: Call) -> Response:
    """`projects.getAncestry`."""
    return Response.of({"ancestor": projects.ancestry(call.control, _project(call))})


_SPELLINGS = {"id": "projectId", "number": "projectNumber"}


async def list_v1(call: Call) -> Response:
    """`projects.list` of v1: every project used so far that passes the filter."""
    size, after = call.integer("pageSize", 500, 1000) or 500, paging.after(call.query("pageToken"))
    passes = searches.compiled(call.query("filter"), _SPELLINGS)
    known = (projects.v1(call.control, project) for project in sorted(call.control.projects.ids()) if project > after)
    found = [project for project in known if passes(project)]
    return Response.of(paging.page("projects", found[: size + 1], size, lambda one: str(one["projectId"])))


async def get_policy(call: Call) -> Response:
    """`projects.getIamPolicy`."""
    return iam.answer(call, resource(_project(call)))


async def set_policy(call: Call) -> Response:
    """`projects.setIamPolicy`, with etag, version and update mask."""
    return iam.answer_set(call, resource(_project(call)))


async def permissions_of(call: Call) -> Response:
    """`projects.testIamPermissions`."""
    _project(call)
    return Response.of(iam.permissions(call))


API.route("GET", "v1/projects")(list_v1)
for _version in ("v1", "v3"):
    _path = f"{_version}/projects/{{project}}"
    API.route("POST", _path, verb="getIamPolicy")(get_policy)
    API.route("GET", _path, verb="getIamPolicy")(get_policy)
    API.route("POST", _path, verb="setIamPolicy")(set_policy)
    API.route("POST", _path, verb="testIamPermissions")(permissions_of)


def _above(call: Call) -> str:
    """The full name of a folder or an organization."""
    kind, number = next(iter(call.params.items()))
    if not number.isdigit():
        raise invalid_argument(f"{kind}s/{number} is no name: a {kind} has a number.", {"resource": "not a number"})
    return f"//cloudresourcemanager.googleapis.com/{kind}s/{number}"


async def get_policy_above(call: Call) -> Response:
    """`folders.getIamPolicy` and `organizations.getIamPolicy`."""
    return iam.answer(call, _above(call))


async def set_policy_above(call: Call) -> Response:
    """`folders.setIamPolicy` and `organizations.setIamPolicy`."""
    return iam.answer_set(call, _above(call))


for _path in ("v3/folders/{folder}", "v1/organizations/{organization}", "v3/organizations/{organization}"):
    API.route("POST", _path, verb="getIamPolicy")(get_policy_above)
    API.route("POST", _path, verb="setIamPolicy")(set_policy_above)
