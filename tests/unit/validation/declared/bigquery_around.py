"""What stands beside datasets: scheduled queries, connections, policy tags."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.unit.validation.declared.thing import FILE_READER, Deployed, bindings


def queries(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
    configs = []
    place = f"projects/{values['project_id']}/locations/{values['region']}"
    for key, query in sub["scheduled_queries"].items():
        params = {
            "query": query["query"],
            "destination_table_name_template": query["table"],
            "write_disposition": query["write"] if query["table"] else None,
            "partitioning_field": query["partitioning_field"],
        }
        options = {"startTime": query["start_time"], "endTime": query["end_time"]}
        config = {
            "name": f"{place}/transferConfigs/of-{key}",
            "dataSourceId": "scheduled_query",
            "displayName": key,
            "schedule": query["schedule"],
            "params": {name: value for name, value in params.items() if value},
            "destinationDatasetId": query["dataset"] and query["dataset"].rpartition("/")[2],
            "emailPreferences": {"enableFailureEmail": True} if query["email_on_failure"] else None,
            "notificationPubsubTopic": query["topic"],
            "scheduleOptions": {name: value for name, value in options.items() if value},
            "encryptionConfiguration": query["kms_key"] and {"kmsKeyName": query["kms_key"]},
            "disabled": query["paused"],
        }
        configs.append({name: value for name, value in config.items() if value})
        own = {**configs[-1], "ownerInfo": {"email": query["service_account"]}}
        yield Deployed("", "", own, path=f"bigquerydatatransfer/v1/{config['name']}")
    if configs:
        at = f"bigquerydatatransfer/v1/{place}/transferConfigs"
        yield Deployed(at, "", {"transferConfigs": configs}, path=at)


def connections(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
    for id, connection in sub["bigquery_connections"].items():
        parent = f"bigqueryconnection/v1/projects/{values['project_id']}/locations/{connection['location']}/connections"
        document: dict[str, Any] = {
            "friendlyName": connection["friendly_name"],
            "description": connection["description"],
        }
        if connection["kms_key"]:
            document["kmsKeyName"] = connection["kms_key"]
        if sql := connection["cloud_sql"]:
            document["cloudSql"] = {"instanceId": sql["instance"], "database": sql["database"], "type": sql["type"]}
            document["hasCredential"] = True
        elif spark := connection["spark"]:
            document["spark"] = {
                "metastoreServiceConfig": {"metastoreService": spark["metastore_service"]},
                "sparkHistoryServerConfig": {"dataprocCluster": spark["history_cluster"]},
            }
        else:
            document["cloudResource"] = {"serviceAccountId": FILE_READER}
        yield Deployed(parent, id, document, {}, f"{parent}/{id}:getIamPolicy", bindings(connection))


def tag_name(values: Mapping[str, Any], path: str) -> str:
    """The name that Google made up for a tag."""
    project, taxonomy = values["project_id"], path.partition("/")[0]
    at = f"projects/{project}/locations/asia-south1/taxonomies/of-{taxonomy}"
    return f"{at}/policyTags/{path.replace('/', '-')}"


def taxonomies(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
    place = f"projects/{values['project_id']}/locations/asia-south1"
    if not sub["taxonomies"]:
        return
    shown = []
    for key, taxonomy in sub["taxonomies"].items():
        name = f"{place}/taxonomies/of-{key}"
        texts = {"displayName": taxonomy["display_name"], "description": taxonomy["description"]}
        shown.append({"name": name, **texts, "activatedPolicyTypes": taxonomy["activated_policy_types"]})
        tags = []
        for path, tag in taxonomy["tags"].items():
            own, above = tag_name(values, f"{key}/{path}"), path.rpartition("/")[0]
            document = {"name": own, "displayName": tag["display_name"], "description": tag["description"]}
            tags.append(document | ({"parentPolicyTag": tag_name(values, f"{key}/{above}")} if above else {}))
            granted = [{"role": "roles/datacatalog.categoryFineGrainedReader", "members": tag["readers"]}]
            policy = f"datacatalog/v1/{own}:getIamPolicy"
            yield Deployed("", "", {"bindings": granted if tag["readers"] else []}, path=policy)
            at = f"bigquerydatapolicy/v1/{place}/dataPolicies"
            for id, masking in tag["masking"].items():
                # It tells the tag by the project's number.
                marked = own.replace(values["project_id"], values["project_number"])
                masked = {"predefinedExpression": masking["expression"]}
                shown_as = {"dataPolicyType": "DATA_MASKING_POLICY", "policyTag": marked, "dataMaskingPolicy": masked}
                seen = [{"role": "roles/bigquerydatapolicy.maskedReader", "members": masking["readers"]}]
                yield Deployed(at, id, shown_as, {}, f"{at}/{id}:getIamPolicy", seen)
        at = f"datacatalog/v1/{name}/policyTags"
        yield Deployed(at, "", {"policyTags": tags}, path=at)
    at = f"datacatalog/v1/{place}/taxonomies"
    yield Deployed(at, "", {"taxonomies": shown}, path=at)
