"""An environment deployed to a sandbox by plain REST calls, as anybody without Terraform could."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import fastavro
import pyarrow
from pyarrow import parquet

from tests.integration.sandbox_process import Sandbox
from tests.unit.validation.declared import deployed
from tests.unit.validation.declared.identities import project_bindings
from tests.unit.validation.declared.thing import FILE_READER, Deployed, service_uri

# How each collection takes what it creates: method, and the parameter or field that carries the id.
_CREATE = {
    "serviceAccounts": ("POST", "accountId"),
    "keyRings": ("POST", "?keyRingId"),
    "cryptoKeys": ("POST", "?cryptoKeyId"),
    "secrets": ("POST", "?secretId"),
    "versions": ("POST", ""),
    "repositories": ("POST", "?repositoryId"),
    "b": ("POST", ""),
    "managedFolders": ("POST", ""),
    "datasets": ("POST", ""),
    "tables": ("POST", ""),
    "routines": ("POST", ""),
    "schemas": ("POST", "?schemaId"),
    "topics": ("PUT", ""),
    "subscriptions": ("PUT", ""),
    "services": ("POST", "?serviceId"),
    "workerPools": ("POST", "?workerPoolId"),
    "workflows": ("POST", "?workflowId"),
    "triggers": ("POST", "?triggerId"),
    "connections": ("POST", "?connectionId"),
    "denypolicies": ("POST", "?policyId"),
    "roles": ("POST", "roleId"),
    "dataPolicies": ("POST", "dataPolicyId"),
}


def _parquet() -> bytes:
    file = io.BytesIO()
    parquet.write_table(pyarrow.table({"symbol": ["INFY"]}), file)
    return file.getvalue()


def _avro() -> bytes:
    file = io.BytesIO()
    fields = [{"name": "symbol", "type": "string"}]
    fastavro.writer(file, {"type": "record", "name": "fill", "fields": fields}, [{"symbol": "INFY"}])
    return file.getvalue()


_WRITERS: dict[str, Callable[[], bytes]] = {
    "PARQUET": _parquet,
    "AVRO": _avro,
    "NEWLINE_DELIMITED_JSON": lambda: b'{"symbol": "INFY"}\n',
}


class Deployment:
    """What is deployed, and how to tamper with it.

    Args:
        sandbox: where.
        values: the environment's resolved values.
    """

    def __init__(self, sandbox: Sandbox, values: Mapping[str, Any]) -> None:
        self._sandbox = sandbox
        self._values = values
        # What stands in the declared documents for what Google makes up, and what it made of it.
        self._made_up: dict[str, str] = {}

    def create(self) -> None:
        """Everything, in the order of the YAML's dependencies; each answer is a success."""
        project = self._values["project_id"]
        names = [f"projects/{project}/services/{api}" for api in self._values["apis"]]
        for name in names:
            self.call("POST", f"serviceusage/v1/{name}:enable", {})
        things = list(deployed(self._values))
        # A scheduled query by itself is in the list already.
        tag_policies = [thing for thing in things if not thing.collection and "bindings" in thing.document]
        things = [thing for thing in things if thing.collection]
        # Cloud Storage must be allowed to publish before it is asked to.
        triggers = [thing for thing in things if thing.collection.endswith("/triggers")]
        for thing in sorted((thing for thing in things if thing not in triggers), key=_rank):
            self._create(thing)
        for thing in tag_policies:
            self.grant(self._with_made_up(thing.path), thing.document["bindings"], replace=True)
        for thing in things:
            if thing.collection.endswith("/datasets"):
                # What reads it without a role had to be there first.
                self.call("PATCH", thing.read_at, {"access": thing.document["access"]})
            # Who sees rows is said with the policy itself; BigQuery makes the grants of it.
            if thing.policy and thing.bindings and "/rowAccessPolicies/" not in thing.policy:
                self.grant(thing.policy, self._with_made_up(thing.bindings), replace=True)
        self.grant(f"cloudresourcemanager/v1/projects/{project}:getIamPolicy", project_bindings(self._values))
        for thing in triggers:
            self._create(thing)

    def call(self, method: str, path: str, document: Any = None) -> Any:
        """One call that succeeds."""
        answer = self._sandbox.request(method, f"/{path}", document)
        assert answer.status == 200, f"{method} {path}: {answer.status} {answer.body!r}"
        return answer.json()

    def policy(self, read_at: str) -> dict[str, Any]:
        """The IAM policy that is read at a path."""
        # Always version 3: conditions would come back as other roles, and be written back as such.
        if read_at.startswith("storage"):
            found = self.call("GET", f"{read_at}?optionsRequestedPolicyVersion=3")
        elif read_at.startswith(("iam", "bigquery", "cloudresourcemanager", "cloudtasks", "datacatalog")):
            found = self.call("POST", read_at, {"options": {"requestedPolicyVersion": 3}})
        else:
            found = self.call("GET", f"{read_at}?options.requestedPolicyVersion=3")
        assert isinstance(found, dict)
        return found

    def grant(self, read_at: str, bindings: list[dict[str, Any]], *, replace: bool = False) -> None:
        """Add bindings to a policy, or replace all of them."""
        policy = self.policy(read_at)
        policy["bindings"] = bindings if replace else [*policy.get("bindings", []), *bindings]
        policy["version"] = 3
        if read_at.startswith("storage"):
            self.call("PUT", read_at, policy)
        else:
            self.call("POST", read_at.replace(":getIamPolicy", ":setIamPolicy"), {"policy": policy})

    def _put_file(self, files: dict[str, Any]) -> None:
        """A file where a table's are to be: BigQuery finds out its columns when the table is made."""
        write = _WRITERS.get(files["sourceFormat"])
        if write is None:
            return
        bucket, _, pattern = files["sourceUris"][0].removeprefix("gs://").partition("/")
        day = "day=2026-01-31/" if "hivePartitioningOptions" in files else ""
        name = quote(pattern.replace("*", f"{day}0"), safe="")
        path = f"/upload/storage/v1/b/{bucket}/o?uploadType=media&name={name}"
        assert self._sandbox.request("POST", path, body=write()).status == 200

    def _create(self, thing: Deployed) -> None:
        collection = thing.collection.rpartition("/")[2]
        document = self._with_made_up(thing.document)
        if thing.collection.startswith("redis"):
            self.call("POST", f"{thing.collection}?instanceId={thing.id}", document)
            return
        if collection in ("jobs", "queues"):
            named = thing.collection.startswith(("cloudscheduler", "cloudtasks"))
            parameter = "" if named else f"?jobId={thing.id}"
            self.call("POST", f"{thing.collection}{parameter}", document)
            if thing.shown.get("state") == "PAUSED":
                self.call("POST", f"{thing.read_at}:pause", {})
            return
        if thing.collection.startswith("sqladmin"):
            # A list of databases or users stands for its items.
            for item in document.get("items", [document]):
                self.call("POST", thing.collection, item)
            return
        if collection == "o":
            self._upload(thing)
            return
        if collection == "notificationConfigs":
            self._notify(thing)
            return
        if collection == "rowAccessPolicies":
            self._row_policy(thing)
            return
        if collection in ("taxonomies", "policyTags"):
            for item in thing.document[collection]:
                self._name(thing.collection, item)
            return
        if collection == "transferConfigs":
            accounts = {
                key: query["service_account"]
                for sub in self._values["subprojects"].values()
                for key, query in sub["scheduled_queries"].items()
            }
            for item in document["transferConfigs"]:
                account = accounts[item["displayName"]]
                self.call("POST", f"{thing.collection}?serviceAccountName={account}", item)
            return
        if "externalDataConfiguration" in document:
            self._put_file(document["externalDataConfiguration"])
        method, where = _CREATE[collection]
        path = thing.collection
        if method == "PUT":
            path = thing.read_at
        elif where.startswith("?"):
            path = f"{path}{where}={thing.id}"
        if collection == "serviceAccounts":
            document = {"accountId": thing.id.partition("@")[0], "serviceAccount": document}
        elif collection == "b":
            path = f"{path}?project={self._values['project_id']}"
            if thing.document.get("objectRetention"):
                path += "&enableObjectRetention=true"
        elif collection == "versions":
            path = f"{path.removesuffix('/versions')}:addVersion"
            document = {"payload": {"data": "dW5zZXQ="}}
        elif collection == "roles":
            document = {"roleId": thing.id, "role": document}
        elif collection == "dataPolicies":
            document = {**document, "dataPolicyId": thing.id}
        elif collection == "connections" and "cloudSql" in document:
            document["cloudSql"]["credential"] = {"username": "reader", "password": "not-a-secret"}
        if collection == "services":
            self._earlier_revisions(thing, path, document)
            if document.get("traffic"):
                method, path = "PATCH", thing.read_at
        if collection == "datasets":
            document = {**document, "access": [entry for entry in document["access"] if "role" in entry]}
        answer = self.call(method, path, document)
        if collection == "connections" and "cloudResource" in answer:
            self._made_up[FILE_READER] = answer["cloudResource"]["serviceAccountId"]
        if collection == "serviceAccounts" and thing.shown.get("disabled"):
            self.call("POST", f"{thing.read_at}:disable", {})
        if collection == "services":
            self._wait(answer)
            self._made_up[service_uri(thing.id)] = self.call("GET", thing.read_at)["uri"]

    def _name(self, collection: str, item: dict[str, Any]) -> None:
        """Create what is named by Google, and remember the name."""
        sent = {key: value for key, value in item.items() if key != "name"}
        made = self.call("POST", self._with_made_up(collection), self._with_made_up(sent))["name"]
        project, number = self._values["project_id"], self._values["project_number"]
        for assumed in (item["name"], item["name"].replace(project, number)):
            self._made_up[assumed] = made

    def _earlier_revisions(self, thing: Deployed, path: str, document: dict[str, Any]) -> None:
        """The revisions that traffic goes to by name: each was the latest once."""
        named = [target["revision"] for target in document.get("traffic", []) if "revision" in target]
        for revision in named:
            before = {key: value for key, value in document.items() if key != "traffic"}
            before["template"] = {**document["template"], "revision": revision}
            self._wait(self.call("POST", path, before))

    def _upload(self, thing: Deployed) -> None:
        """An object's metadata and bytes in one request."""
        metadata = json.dumps({**thing.document, "name": thing.id}).encode()
        parts = [b"--b\r\ncontent-type: application/json\r\n\r\n" + metadata + b"\r\n"]
        parts += [b"--b\r\ncontent-type: text/plain\r\n\r\n" + thing.content + b"\r\n--b--"]
        path = f"/upload/{thing.collection}?uploadType=multipart"
        headers = {"content-type": "multipart/related; boundary=b"}
        answer = self._sandbox.request("POST", path, body=b"".join(parts), headers=headers)
        assert answer.status == 200, answer.body

    def _row_policy(self, thing: Deployed) -> None:
        """A row access policy, which takes its grantees in the request."""
        _, project, _, dataset, _, table, _ = thing.collection.removeprefix("bigquery/v2/").split("/")
        reference = {"projectId": project, "datasetId": dataset, "tableId": table, "policyId": thing.id}
        grantees = [member for binding in thing.bindings for member in binding["members"]]
        document = {**thing.document, "rowAccessPolicyReference": reference, "grantees": grantees}
        self.call("POST", thing.collection, document)

    def _notify(self, thing: Deployed) -> None:
        """Storage's agent must be allowed to publish before a notification can be made."""
        account = self.call("GET", f"storage/v1/projects/{self._values['project_id']}/serviceAccount")
        member = f"serviceAccount:{account['email_address']}"
        for item in thing.document["items"]:
            topic = item["topic"].removeprefix("//pubsub.googleapis.com/")
            self.grant(f"pubsub/v1/{topic}:getIamPolicy", [{"role": "roles/pubsub.publisher", "members": [member]}])
            self.call("POST", thing.collection, item)

    def _wait(self, operation: dict[str, Any]) -> None:
        for _ in range(100):
            if operation.get("done"):
                assert "error" not in operation, operation
                return
            operation = self.call("GET", f"run/v2/{operation['name']}")
        raise AssertionError(f"{operation['name']} does not end")

    def _with_made_up(self, value: Any) -> Any:
        """A document with real addresses and names in place of those that Google would make up."""
        if isinstance(value, dict) and (
            real := self._made_up.get(f"{value.get('scheme')}://{value.get('host')}".lower())
        ):
            # Cloud Tasks takes an address in parts.
            scheme, _, place = real.partition("://")
            host, _, port = place.partition(":")
            return {**value, "scheme": scheme.upper(), "host": host, "port": port}
        if isinstance(value, dict):
            return {key: self._with_made_up(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._with_made_up(item) for item in value]
        if isinstance(value, str):
            # A tag's name begins with its taxonomy's, and may begin with another tag's.
            for assumed, real in sorted(self._made_up.items(), key=lambda pair: -len(pair[0])):
                value = value.replace(assumed, real)
        return value


# Services read secrets, secrets tell topics, and what follows services names their addresses.
_ORDER = [
    "roles",
    "denypolicies",
    "serviceAccounts",
    "keyRings",
    "cryptoKeys",
    "b",
    "connections",
    "taxonomies",
    "policyTags",
    "dataPolicies",
    "schemas",
    "topics",
    "secrets",
    "versions",
    "repositories",
    "managedFolders",
    "o",
    "notificationConfigs",
    "datasets",
    "tables",
]
_ORDER += ["instances", "databases", "users"]
_ORDER += [
    "routines",
    "rowAccessPolicies",
    "services",
    "workerPools",
    "workflows",
    "subscriptions",
    "jobs",
    "queues",
    "transferConfigs",
]


def _rank(thing: Deployed) -> tuple[int, bool]:
    refers = "foreignKeys" in thing.document.get("tableConstraints", {})  # to a table that must be there
    return _ORDER.index(thing.collection.rpartition("/")[2]), refers
