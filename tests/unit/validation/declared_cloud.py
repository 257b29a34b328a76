"""The cloud as it is when everything is as declared: each API's document of each thing, from Google's reference.

It is written without the validation's own tables, which it is there to prove.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

DAY_MS = 86_400_000
FILE_READER = "bqcx-1-ab12@gcp-sa-bigquery-condel.iam.gserviceaccount.com"


@dataclass
class Deployed:
    """One thing: where it is created and read, its document, and its grants.

    Attributes:
        collection: "service/version/parent/collection" that it is created in.
        id: its id there.
        document: what is sent to create it.
        shown: what the API adds when it shows it.
        policy: where its IAM policy is read; empty where it has none.
        bindings: its grants.
        path: where it is read, if not at collection/id.
        content: the bytes of an object.
    """

    collection: str
    id: str
    document: dict[str, Any]
    shown: dict[str, Any] = field(default_factory=dict)
    policy: str = ""
    bindings: list[dict[str, Any]] = field(default_factory=list)
    path: str = ""
    content: bytes = b""

    @property
    def read_at(self) -> str:
        return self.path or f"{self.collection}/{self.id}"


def bindings(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for grant in fields["grants"].values():
        binding = {"role": grant["role"], "members": list(grant["members"])}
        if grant["condition"]:
            binding["condition"] = {key: value for key, value in grant["condition"].items() if value is not None}
        found.append(binding)
    return found


def deployed(values: Mapping[str, Any]) -> Iterator[Deployed]:
    """Everything but APIs and project roles."""
    for key, sub in values["subprojects"].items():
        common = {**values["labels"], "subproject": key, "goog-terraform-provisioned": "true"}
        for maker in (
            _roles,
            _accounts,
            _keys,
            _secrets,
            _repositories,
            _buckets,
            _connections,
            _taxonomies,
            _datasets,
            _sql,
            _redis,
            _pubsub,
            _run,
            _orchestration,
            _queries,
            _queues,
            _triggers,
        ):
            yield from maker(values, sub, common)
    yield from deny_policies(values)


def _roles(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"iam/v1/projects/{values['project_id']}/roles"
    for id, role in sub["custom_roles"].items():
        document = {"title": role["title"], "description": role["description"], "stage": role["stage"]}
        yield Deployed(parent, id, {**document, "includedPermissions": role["permissions"]})


def deny_policies(values: Mapping[str, Any]) -> Iterator[Deployed]:
    parent = f"iam/v2/policies/cloudresourcemanager.googleapis.com%2Fprojects%2F{values['project_id']}/denypolicies"
    for id, policy in values["deny_policies"].items():
        rules = []
        for rule in policy["rules"]:
            denied = {
                "deniedPrincipals": rule["denied_principals"],
                "exceptionPrincipals": rule["exception_principals"],
                "deniedPermissions": rule["denied_permissions"],
                "denialCondition": rule["condition"],
            }
            rules.append({"description": rule["description"], "denyRule": denied})
        yield Deployed(parent, id, {"displayName": policy["display_name"], "rules": rules})


def _queries(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
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


def project_bindings(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    project = values["project_id"]
    storage = f"serviceAccount:service-{values['project_number']}@gs-project-accounts.iam.gserviceaccount.com"
    return [
        {"role": role, "members": [f"serviceAccount:{id}@{project}.iam.gserviceaccount.com"]}
        for sub in values["subprojects"].values()
        for id, account in sub["service_accounts"].items()
        for role in account["project_roles"]
    ] + [
        {"role": "roles/owner", "members": ["user:owner@example.com"]},
        {
            "role": "roles/cloudsql.client",
            "members": ["serviceAccount:service-1@gcp-sa-bigqueryconnection.iam.gserviceaccount.com"],
        },
        # Triggers of Cloud Storage's events need it.
        {"role": "roles/pubsub.publisher", "members": [storage]},
    ]


def service_uri(name: str) -> str:
    return f"https://{name}-abc123.a.run.app"


def _accounts(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
    project = values["project_id"]
    parent = f"iam/v1/projects/{project}/serviceAccounts"
    for id, account in sub["service_accounts"].items():
        email = f"{id}@{project}.iam.gserviceaccount.com"
        texts = {"displayName": account["display_name"], "description": account["description"]}
        document = {name: value for name, value in texts.items() if value}
        shown = {"email": email, **({"disabled": True} if account["disabled"] else {})}
        yield Deployed(parent, email, document, shown, f"{parent}/{email}:getIamPolicy", bindings(account))


def _keys(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    agents = {
        "storage": "service-1@gs-project-accounts",
        "redis": "service-1@cloud-redis",
        "sql": "service-1@gcp-sa-cloud-sql",
        "bigquery": "bq-1@bigquery-encryption",
    }
    locations = f"cloudkms/v1/projects/{values['project_id']}/locations"
    ring = common["subproject"]
    for place in sorted({key["location"] for key in sub["kms_keys"].values()}):
        yield Deployed(f"{locations}/{place}/keyRings", ring, {})
    for id, key in sub["kms_keys"].items():
        location = f"{locations}/{key['location']}"
        parent = f"{location}/keyRings/{ring}/cryptoKeys"
        symmetric = key["purpose"] == "ENCRYPT_DECRYPT"
        document: dict[str, Any] = {
            "purpose": key["purpose"],
            "versionTemplate": {
                "algorithm": key["algorithm"] or "GOOGLE_SYMMETRIC_ENCRYPTION",
                "protectionLevel": key["protection_level"],
            },
            "destroyScheduledDuration": key["destroy_scheduled_duration"],
            "labels": {**common, **key["labels"]},
        }
        if key["rotation_period"]:
            document |= {"rotationPeriod": key["rotation_period"], "nextRotationTime": "2030-01-01T00:00:00Z"}
        shown = {"primary": {"state": "ENABLED"}} if symmetric else {}
        role = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
        users = [f"serviceAccount:{agents[product]}.iam.gserviceaccount.com" for product in key["used_by"]]
        own = [*bindings(key), *([{"role": role, "members": users}] if users else [])]
        yield Deployed(parent, id, document, shown, f"{parent}/{id}:getIamPolicy", own)


def _secrets(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"secretmanager/v1/projects/{values['project_id']}/secrets"
    for id, secret in sub["secrets"].items():
        document: dict[str, Any] = {"labels": {**common, **secret["labels"]}}
        if secret["locations"]:
            document["replication"] = {"userManaged": {"replicas": [{"location": at} for at in secret["locations"]]}}
        else:
            document["replication"] = {"automatic": {}}
        if secret["topics"]:
            document["topics"] = [{"name": topic} for topic in secret["topics"]]
        if secret["rotation"]:
            document["rotation"] = {
                "rotationPeriod": secret["rotation"]["period"],
                "nextRotationTime": secret["rotation"]["next_time"],
            }
        yield Deployed(parent, id, document, policy=f"{parent}/{id}:getIamPolicy", bindings=bindings(secret))
        if secret["placeholder"]:
            yield Deployed(f"{parent}/{id}/versions", "latest", {}, {"state": "ENABLED"})


def _repositories(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    for id, repository in sub["repositories"].items():
        parent = f"artifactregistry/v1/projects/{values['project_id']}/locations/{repository['location']}/repositories"
        document: dict[str, Any] = {
            "format": repository["format"],
            "description": repository["description"],
            "labels": {**common, **repository["labels"]},
        }
        if repository["format"] == "DOCKER":
            document["dockerConfig"] = {"immutableTags": True} if repository["immutable_tags"] else {}
        policies = {}
        if repository["keep_count"]:
            policies["a"] = {"id": "a", "action": "KEEP", "mostRecentVersions": {"keepCount": repository["keep_count"]}}
        if repository["delete_older_than"]:
            condition = {"olderThan": repository["delete_older_than"]}
            policies["b"] = {"id": "b", "action": "DELETE", "condition": condition}
        if policies:
            document["cleanupPolicies"] = policies
        yield Deployed(parent, id, document, policy=f"{parent}/{id}:getIamPolicy", bindings=bindings(repository))


PUBSUB = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"


def _written(fields: Mapping[str, Any], here: bool, *roles: str) -> dict[str, Any]:
    """A thing with the grants of Pub/Sub's agent, where it writes to it."""
    grants = {role: {"role": role, "members": [PUBSUB], "condition": None} for role in roles if here}
    return {**fields, "grants": {**fields["grants"], **grants}}


def _buckets(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    project = values["project_id"]
    archives = {one["cloud_storage"]["bucket"] for one in sub["export_subscriptions"].values() if one["cloud_storage"]}
    sources = {one["ingestion"]["cloud_storage"]["bucket"] for one in sub["topics"].values() if one["ingestion"]}
    for declared in sub["buckets"].values():
        name = declared["name"]
        bucket = _written(declared, name in archives, "roles/storage.objectCreator", "roles/storage.legacyBucketReader")
        bucket = _written(bucket, name in sources, "roles/storage.objectViewer", "roles/storage.legacyBucketReader")
        for role, way in {"roles/storage.objectViewer": "reads", "roles/storage.objectUser": "writes"}.items():
            for connection in sub["bigquery_connections"].values():
                if name in connection[way]:
                    grant = {"role": role, "members": [f"serviceAccount:{FILE_READER}"], "condition": None}
                    bucket = {**bucket, "grants": {**bucket["grants"], way: grant}}
        document: dict[str, Any] = {
            "name": name,
            "location": bucket["location"].upper(),
            "storageClass": bucket["storage_class"],
            "softDeletePolicy": {"retentionDurationSeconds": str(bucket["soft_delete_seconds"])},
            "iamConfiguration": {
                "uniformBucketLevelAccess": {"enabled": True},
                "publicAccessPrevention": "inherited" if bucket["public_access"] else "enforced",
            },
            "labels": {**common, **bucket["labels"]},
            **_features(bucket),
        }
        if bucket["versioning"]:
            document["versioning"] = {"enabled": True}
        if bucket["lifecycle_rules"]:
            document["lifecycle"] = {"rule": [_rule(rule) for rule in bucket["lifecycle_rules"]]}
        if bucket["retention"]:
            document["retentionPolicy"] = {"retentionPeriod": str(bucket["retention"]["period_seconds"])}
        if bucket["cors"]:
            document["cors"] = [
                {
                    "origin": cors["origins"],
                    "method": cors["methods"],
                    "responseHeader": cors["response_headers"],
                    "maxAgeSeconds": cors["max_age_seconds"],
                }
                for cors in bucket["cors"]
            ]
        legacy = [
            {
                "role": "roles/storage.legacyBucketOwner",
                "members": [f"projectEditor:{project}", f"projectOwner:{project}"],
            },
            {"role": "roles/storage.legacyBucketReader", "members": [f"projectViewer:{project}"]},
        ]
        yield Deployed(
            "storage/v1/b", name, document, policy=f"storage/v1/b/{name}/iam", bindings=legacy + bindings(bucket)
        )
        yield from _inside(sub, bucket)


def _features(bucket: Mapping[str, Any]) -> dict[str, Any]:
    """What a bucket has that few have."""
    found: dict[str, Any] = {}
    if bucket["regions"]:
        found |= {"customPlacementConfig": {"dataLocations": [at.upper() for at in bucket["regions"]]}}
        found |= {"rpo": bucket["rpo"]}
    if bucket["autoclass"]:
        found["autoclass"] = {"enabled": True, "terminalStorageClass": bucket["autoclass"]["terminal_storage_class"]}
    if bucket["hierarchical_namespace"]:
        found["hierarchicalNamespace"] = {"enabled": True}
    if bucket["requester_pays"]:
        found["billing"] = {"requesterPays": True}
    if bucket["event_based_hold"]:
        found["defaultEventBasedHold"] = True
    if bucket["object_retention"]:
        found["objectRetention"] = {"mode": "Enabled"}
    if bucket["refused_encryption"]:
        assert bucket["refused_encryption"] == ["customer_supplied"]
        found["encryption"] = {
            "googleManagedEncryptionEnforcementConfig": {"restrictionMode": "NotRestricted"},
            "customerManagedEncryptionEnforcementConfig": {"restrictionMode": "NotRestricted"},
            "customerSuppliedEncryptionEnforcementConfig": {"restrictionMode": "FullyRestricted"},
        }
    if bucket["logging"]:
        found["logging"] = {"logBucket": bucket["logging"]["bucket"], "logObjectPrefix": bucket["logging"]["prefix"]}
    if bucket["website"]:
        pages = bucket["website"]
        found["website"] = {"mainPageSuffix": pages["main_page"], "notFoundPage": pages["not_found_page"]}
    if bucket["ip_filter"]:
        given = bucket["ip_filter"]
        found["ipFilter"] = {
            "mode": given["mode"],
            "publicNetworkSource": {"allowedIpCidrRanges": given["public_ranges"]},
            "vpcNetworkSources": [
                {"network": source["network"], "allowedIpCidrRanges": source["ranges"]}
                for source in given["vpc_sources"]
            ],
            "allowAllServiceAgentAccess": given["allow_service_agents"],
        }
    return found


def _inside(sub: Mapping[str, Any], bucket: Mapping[str, Any]) -> Iterator[Deployed]:
    at = f"storage/v1/b/{bucket['name']}"
    for name, folder in bucket["managed_folders"].items():
        path = f"{at}/managedFolders/{quote(name, safe='')}"
        yield Deployed(
            f"{at}/managedFolders", name, {"name": name}, policy=f"{path}/iam", bindings=bindings(folder), path=path
        )
    for name, stored in bucket["objects"].items():
        document = {"name": name, "contentType": stored["content_type"], "metadata": stored["metadata"]}
        data, path = stored["content"].encode(), f"{at}/o/{quote(name, safe='')}"
        md5 = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        yield Deployed(f"{at}/o", name, document, {"md5Hash": md5}, path=path, content=data)
    told = [
        {
            "id": str(number),
            "topic": f"//pubsub.googleapis.com/{given['topic']}",
            "event_types": given["events"],
            "object_name_prefix": given["prefix"],
            "payload_format": given["payload_format"],
            "custom_attributes": given["attributes"],
        }
        for number, given in enumerate(sub["bucket_notifications"].values(), 1)
        if given["bucket"] == bucket["name"]
    ]
    if told:
        yield Deployed(f"{at}/notificationConfigs", "", {"items": told}, path=f"{at}/notificationConfigs")


def _rule(rule: Mapping[str, Any]) -> dict[str, Any]:
    action = {"type": rule["action"]}
    if rule["storage_class"]:
        action["storageClass"] = rule["storage_class"]
    condition = {
        "age": rule["age_days"],
        "numNewerVersions": rule["num_newer_versions"],
        "daysSinceNoncurrentTime": rule["days_since_noncurrent"],
        "matchesPrefix": rule["matches_prefix"] or None,
        "matchesSuffix": rule["matches_suffix"] or None,
        "matchesStorageClass": rule["matches_storage_class"] or None,
        "createdBefore": rule["created_before"],
        "sizeAboveBytes": None if rule["size_above_bytes"] is None else str(rule["size_above_bytes"]),
    }
    return {"action": action, "condition": {name: value for name, value in condition.items() if value is not None}}


def _datasets(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    project = values["project_id"]
    parent = f"bigquery/v2/projects/{project}/datasets"
    rows = [one["bigquery"] for one in sub["export_subscriptions"].values() if one["bigquery"]]
    sinks = {(one["dataset"], one["table"]) for one in rows}
    for id, dataset in sub["datasets"].items():
        access: list[dict[str, Any]] = [
            {"role": "WRITER", "specialGroup": "projectWriters"},
            {"role": "OWNER", "specialGroup": "projectOwners"},
            {"role": "READER", "specialGroup": "projectReaders"},
        ]
        access += [_access(binding["role"], member) for binding in bindings(dataset) for member in binding["members"]]
        access += [_authorized(kind, name) for kind in dataset["authorized"] for name in dataset["authorized"][kind]]
        document: dict[str, Any] = {
            "datasetReference": {"projectId": project, "datasetId": id},
            "location": dataset["location"],
            "maxTimeTravelHours": str(dataset["max_time_travel_hours"]),
            "labels": {**common, **dataset["labels"]},
            "access": access,
        }
        if dataset["kms_key"]:
            document["defaultEncryptionConfiguration"] = {"kmsKeyName": dataset["kms_key"]}
        if dataset["case_insensitive"]:
            document["isCaseInsensitive"] = True
        texts = {
            "friendlyName": dataset["friendly_name"],
            "description": dataset["description"],
            "defaultCollation": dataset["default_collation"],
        }
        document |= {name: text for name, text in texts.items() if text}
        for name, days in (
            ("defaultTableExpirationMs", dataset["default_table_expiration_days"]),
            ("defaultPartitionExpirationMs", dataset["default_partition_expiration_days"]),
        ):
            if days:
                document[name] = str(days * DAY_MS)
        yield Deployed(parent, id, document)
        for table_id, table in dataset["tables"].items():
            document = {
                "description": table["description"],
                "labels": {**common, **table["labels"]},
                "schema": {"fields": _with_tags(values, table["schema"])},
            }
            if partitioning := table["time_partitioning"]:
                document["timePartitioning"] = {"type": partitioning["type"], "field": partitioning["field"]}
                if partitioning["expiration_days"]:
                    document["timePartitioning"]["expirationMs"] = str(partitioning["expiration_days"] * DAY_MS)
            if partitioning := table["range_partitioning"]:
                limits = {name: str(partitioning[name]) for name in ("start", "end", "interval")}
                document["rangePartitioning"] = {"field": partitioning["field"], "range": limits}
            if table["require_partition_filter"]:
                document["requirePartitionFilter"] = True
            if table["clustering"]:
                document["clustering"] = {"fields": table["clustering"]}
            if table["primary_key"]:
                document["tableConstraints"] = {"primaryKey": {"columns": table["primary_key"]}}
            if table["foreign_keys"]:
                document["tableConstraints"] = {
                    "foreignKeys": [_key(project, id, *one) for one in table["foreign_keys"].items()]
                }
            if lake := table["iceberg"]:
                document["biglakeConfiguration"] = {
                    "connectionId": ".".join(lake["connection"].split("/")[1::2]),
                    "storageUri": lake["storage_uri"],
                    "fileFormat": "PARQUET",
                    "tableFormat": "ICEBERG",
                }
            here = (f"projects/{project}/datasets/{id}", table_id) in sinks
            roles = ("roles/bigquery.dataEditor", "roles/bigquery.metadataViewer")
            yield _table(project, id, table_id, document, _written(table, here, *roles), "TABLE")
            above = f"{parent}/{id}/tables/{table_id}/rowAccessPolicies"
            for policy_id, policy in table["row_access_policies"].items():
                seen = [{"role": "roles/bigquery.filteredDataViewer", "members": policy["grantees"]}]
                predicate = {"filterPredicate": policy["filter"]}
                yield Deployed(above, policy_id, predicate, {}, f"{above}/{policy_id}:getIamPolicy", seen)
        for table_id, table in dataset["external_tables"].items():
            document = {"description": table["description"], "labels": {**common, **table["labels"]}}
            document["externalDataConfiguration"] = _files(table)
            if table["schema"]:
                document["schema"] = {"fields": json.loads(table["schema"])}
            if table["metadata_cache"]:
                document["maxStaleness"] = table["metadata_cache"]["max_staleness"]
            yield _table(project, id, table_id, document, table, "EXTERNAL")
        for view_id, view in dataset["views"].items():
            document = {
                "description": view["description"],
                "labels": {**common, **view["labels"]},
                "view": {"query": view["query"], "useLegacySql": False},
            }
            yield _table(project, id, view_id, document, view, "VIEW")
        for view_id, view in dataset["materialized_views"].items():
            kept = {
                "query": view["query"],
                "enableRefresh": view["enable_refresh"],
                "refreshIntervalMs": str(view["refresh_interval_minutes"] * 60_000),
            }
            document = {"description": view["description"], "labels": {**common, **view["labels"]}}
            document["materializedView"] = kept
            if view["clustering"]:
                document["clustering"] = {"fields": view["clustering"]}
            yield _table(project, id, view_id, document, view, "MATERIALIZED_VIEW")
        for routine_id, routine in dataset["routines"].items():
            here = f"{parent}/{id}/routines"
            policy = f"{here}/{routine_id}:getIamPolicy"
            yield Deployed(here, routine_id, _routine(project, id, routine_id, routine), {}, policy, bindings(routine))


def _with_tags(values: Mapping[str, Any], schema: str) -> Any:
    return json.loads(re.sub(r"\$\{policy_tag:([^}]*)\}", lambda match: tag_name(values, match[1]), schema))


def _key(project: str, dataset: str, name: str, key: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "referencedTable": {"projectId": project, "datasetId": dataset, "tableId": key["table"]},
        "columnReferences": [{"referencingColumn": key["column"], "referencedColumn": key["references"]}],
    }


def _files(table: Mapping[str, Any]) -> dict[str, Any]:
    options = {
        "csvOptions": table["csv"]
        and {
            "fieldDelimiter": table["csv"]["delimiter"],
            "quote": table["csv"]["quote"],
            "skipLeadingRows": str(table["csv"]["skip_leading_rows"]),
            "encoding": table["csv"]["encoding"],
        },
        "jsonOptions": table["json"],
        "parquetOptions": table["parquet"]
        and {
            "enumAsString": table["parquet"]["enum_as_string"],
            "enableListInference": table["parquet"]["enable_list_inference"],
        },
        "avroOptions": table["avro"] and {"useAvroLogicalTypes": table["avro"]["use_logical_types"]},
        "hivePartitioningOptions": table["hive_partitioning"]
        and {
            "mode": table["hive_partitioning"]["mode"],
            "sourceUriPrefix": table["hive_partitioning"]["source_uri_prefix"],
        },
        "connectionId": table["connection"],
        "ignoreUnknownValues": table["ignore_unknown_values"],
        "maxBadRecords": table["max_bad_records"],
        "metadataCacheMode": table["metadata_cache"] and table["metadata_cache"]["mode"],
    }
    return {
        "sourceFormat": table["format"],
        "autodetect": table["schema"] is None,
        "sourceUris": table["source_uris"],
        "compression": table["compression"],
        **{name: value for name, value in options.items() if value},
    }


def _connections(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
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


def _taxonomies(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
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


def _authorized(kind: str, name: str) -> dict[str, Any]:
    _, project, _, dataset, *below = name.split("/")
    reference = {"projectId": project, "datasetId": dataset}
    if kind == "datasets":
        return {"dataset": {"dataset": reference, "targetTypes": ["VIEWS"]}}
    return {kind.removesuffix("s"): {**reference, "tableId" if kind == "views" else "routineId": below[1]}}


def _routine(project: str, dataset: str, id: str, routine: Mapping[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "routineReference": {"projectId": project, "datasetId": dataset, "routineId": id},
        "routineType": routine["type"],
        "language": routine["language"],
        "definitionBody": routine["body"],
    }
    arguments = []
    for one in routine["arguments"]:
        argument = {"name": one["name"], "argumentKind": "FIXED_TYPE" if one["type"] else "ANY_TYPE"}
        if one["type"]:
            argument["dataType"] = json.loads(one["type"])
        if one["mode"]:
            argument["mode"] = one["mode"]
        arguments.append(argument)
    told = {
        "description": routine["description"],
        "arguments": arguments,
        "returnType": json.loads(routine["returns"]) if routine["returns"] else None,
        "importedLibraries": routine["libraries"],
        "determinismLevel": routine["determinism"],
        "securityMode": routine["security"],
        "dataGovernanceType": "DATA_MASKING" if routine["masking"] else None,
    }
    columns = [{"name": one["name"], "type": json.loads(one["type"])} for one in routine["returns_table"]]
    if columns:
        document["returnTableType"] = {"columns": columns}
    return document | {name: value for name, value in told.items() if value}


def _table(
    project: str, dataset: str, table: str, document: dict[str, Any], fields: Mapping[str, Any], kind: str
) -> Deployed:
    parent = f"bigquery/v2/projects/{project}/datasets/{dataset}/tables"
    document["tableReference"] = {"projectId": project, "datasetId": dataset, "tableId": table}
    return Deployed(parent, table, document, {"type": kind}, f"{parent}/{table}:getIamPolicy", bindings(fields))


def _access(role: str, member: str) -> dict[str, Any]:
    kind, _, address = member.partition(":")
    old = {"roles/bigquery.dataViewer": "READER", "roles/bigquery.dataEditor": "WRITER"}
    return {"role": old.get(role, role), "groupByEmail" if kind == "group" else "userByEmail": address}


def _sql(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"sqladmin/v1/projects/{values['project_id']}/instances"
    for id, instance in sub["sql_instances"].items():
        postgres = instance["version"].startswith("POSTGRES")
        flag = "cloudsql.iam_authentication" if postgres else "cloudsql_iam_authentication"
        flags = [{"name": flag, "value": "on"}] + [{"name": n, "value": v} for n, v in instance["flags"].items()]
        settings: dict[str, Any] = {
            "tier": instance["tier"],
            "edition": instance["edition"],
            "availabilityType": "REGIONAL" if instance["high_availability"] else "ZONAL",
            "dataDiskType": instance["disk_type"],
            "dataDiskSizeGb": str(instance["disk_size_gb"]),
            "storageAutoResize": instance["disk_autoresize"],
            "storageAutoResizeLimit": str(instance["disk_autoresize_limit_gb"]),
            "deletionProtectionEnabled": instance["deletion_protection"],
            "backupConfiguration": {
                "enabled": instance["backups"],
                "startTime": instance["backup_start_time"],
                "pointInTimeRecoveryEnabled" if postgres else "binaryLogEnabled": instance["point_in_time_recovery"],
                "transactionLogRetentionDays": instance["log_retention_days"],
                "backupRetentionSettings": {"retainedBackups": instance["backups_retained"]},
            },
            "ipConfiguration": {
                "ipv4Enabled": False,
                "privateNetwork": instance["network"],
                "sslMode": instance["ssl_mode"],
            },
            "databaseFlags": flags,
            "userLabels": {**common, **instance["labels"]},
        }
        if instance["backup_location"]:
            settings["backupConfiguration"]["location"] = instance["backup_location"]
        if window := instance["maintenance_window"]:
            settings["maintenanceWindow"] = {
                "day": window["day"],
                "hour": window["hour"],
                "updateTrack": window["track"],
            }
        if insights := instance["insights"]:
            settings["insightsConfig"] = {
                "queryInsightsEnabled": True,
                "queryStringLength": insights["query_string_length"],
                "queryPlansPerMinute": insights["query_plans_per_minute"],
                "recordApplicationTags": insights["record_application_tags"],
            }
        document: dict[str, Any] = {
            "name": id,
            "region": values["region"],
            "databaseVersion": instance["version"],
            "settings": settings,
        }
        if instance["kms_key"]:
            document["diskEncryptionConfiguration"] = {"kmsKeyName": instance["kms_key"]}
        yield Deployed(parent, id, document, {"state": "RUNNABLE"})
        own = [{"name": name} for name in instance["databases"]]
        engine_s = [{"name": "postgres" if postgres else "mysql"}]
        yield Deployed(
            f"{parent}/{id}/databases", "", {"items": own}, {"items": own + engine_s}, path=f"{parent}/{id}/databases"
        )
        names = [user.removesuffix(".gserviceaccount.com") if postgres else user for user in instance["users"]]
        users = [{"name": name, "type": "CLOUD_IAM_SERVICE_ACCOUNT"} for name in names]
        shown = [{**user, "name": user["name"] if postgres else user["name"].partition("@")[0]} for user in users]
        root = [{"name": "root", "host": "%"}]
        yield Deployed(
            f"{parent}/{id}/users", "", {"items": users}, {"items": root + shown}, path=f"{parent}/{id}/users"
        )


def _redis(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"redis/v1/projects/{values['project_id']}/locations/{values['region']}/instances"
    for id, instance in sub["redis_instances"].items():
        document: dict[str, Any] = {
            "tier": instance["tier"],
            "memorySizeGb": instance["memory_size_gb"],
            "redisVersion": instance["version"],
            "displayName": instance["display_name"],
            "transitEncryptionMode": "SERVER_AUTHENTICATION" if instance["tls"] else "DISABLED",
            "authorizedNetwork": instance["network"],
            "connectMode": "PRIVATE_SERVICE_ACCESS",
            "labels": {**common, **instance["labels"]},
        }
        if instance["auth"]:
            document["authEnabled"] = True
        if instance["configs"]:
            document["redisConfigs"] = instance["configs"]
        if instance["read_replicas"]:
            document |= {"readReplicasMode": "READ_REPLICAS_ENABLED", "replicaCount": instance["read_replicas"]}
        if instance["snapshot_period"]:
            document["persistenceConfig"] = {"persistenceMode": "RDB", "rdbSnapshotPeriod": instance["snapshot_period"]}
        if window := instance["maintenance_window"]:
            times = {"day": window["day"], "startTime": {"hours": window["hour"]}}
            document["maintenancePolicy"] = {"weeklyMaintenanceWindow": [times]}
        if instance["kms_key"]:
            document["customerManagedKey"] = instance["kms_key"]
        yield Deployed(parent, id, document, {"state": "READY"})


def _pubsub(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"pubsub/v1/projects/{values['project_id']}"
    agent = "serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com"
    for id, schema in sub["schemas"].items():
        document: dict[str, Any] = {"type": schema["type"], "definition": schema["definition"]}
        at = f"{parent}/schemas"
        yield Deployed(at, id, document, policy=f"{at}/{id}:getIamPolicy", bindings=bindings(schema))
    every = {**sub["subscriptions"], **sub["push_subscriptions"], **sub["export_subscriptions"]}
    dead = {s["dead_letter"]["topic"] for s in every.values() if s["dead_letter"]}
    told = {notification["topic"] for notification in sub["bucket_notifications"].values()}
    for id, topic in sub["topics"].items():
        document = {"labels": {**common, **topic["labels"]}}
        if topic["retention"]:
            document["messageRetentionDuration"] = topic["retention"]
        if topic["schema"]:
            document["schemaSettings"] = {"schema": topic["schema"]["id"], "encoding": topic["schema"]["encoding"]}
            for field, name in (("first_revision", "firstRevisionId"), ("last_revision", "lastRevisionId")):
                if topic["schema"][field]:
                    document["schemaSettings"][name] = topic["schema"][field]
        if topic["regions"]:
            document["messageStoragePolicy"] = {"allowedPersistenceRegions": topic["regions"]}
            if topic["enforce_in_transit"]:
                document["messageStoragePolicy"]["enforceInTransit"] = True
        if topic["kms_key"]:
            document["kmsKeyName"] = topic["kms_key"]
        document |= _transforms(topic)
        if source := topic["ingestion"]:
            files = source["cloud_storage"]
            document["ingestionDataSourceSettings"] = {
                "cloudStorage": {
                    "bucket": files["bucket"],
                    "matchGlob": files["match_glob"],
                    "minimumObjectCreateTime": files["created_after"],
                    "textFormat": {"delimiter": files["delimiter"]},
                },
                "platformLogsSettings": {"severity": source["platform_logs"]},
            }
        own = bindings(topic)
        if f"projects/{values['project_id']}/topics/{id}" in dead:
            own.append({"role": "roles/pubsub.publisher", "members": [agent]})
        if f"projects/{values['project_id']}/topics/{id}" in told:
            storage = agent.replace("gcp-sa-pubsub", "gs-project-accounts")
            own.append({"role": "roles/pubsub.publisher", "members": [storage]})
        yield Deployed(f"{parent}/topics", id, document, {"state": "ACTIVE"}, f"{parent}/topics/{id}:getIamPolicy", own)
    for id, subscription in every.items():
        own = bindings(subscription)
        if subscription["dead_letter"]:
            own.append({"role": "roles/pubsub.subscriber", "members": [agent]})
        document = _subscription(subscription, {**common, **subscription["labels"]})
        policy = f"{parent}/subscriptions/{id}:getIamPolicy"
        yield Deployed(f"{parent}/subscriptions", id, document, {"state": "ACTIVE"}, policy, own)


def _transforms(fields: Mapping[str, Any]) -> dict[str, Any]:
    made = [
        {"javascriptUdf": {"functionName": one["function"], "code": one["code"]}, "disabled": one["disabled"]}
        for one in fields["transforms"]
    ]
    return {"messageTransforms": made} if made else {}


def _subscription(fields: Mapping[str, Any], labels: dict[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "topic": fields["topic"],
        "ackDeadlineSeconds": fields["ack_deadline_seconds"],
        "messageRetentionDuration": fields["retention"],
        "expirationPolicy": {"ttl": fields["expiration_ttl"]} if fields["expiration_ttl"] else {},
        "labels": labels,
    }
    optional = {
        "retainAckedMessages": fields["retain_acked_messages"],
        "enableMessageOrdering": fields["enable_message_ordering"],
        "enableExactlyOnceDelivery": fields["enable_exactly_once_delivery"],
        "filter": fields["filter"],
    }
    document |= {name: value for name, value in optional.items() if value}
    if retry := fields["retry"]:
        document["retryPolicy"] = {
            "minimumBackoff": retry["minimum_backoff"],
            "maximumBackoff": retry["maximum_backoff"],
        }
    document |= _transforms(fields)
    if dead := fields["dead_letter"]:
        document["deadLetterPolicy"] = {
            "deadLetterTopic": dead["topic"],
            "maxDeliveryAttempts": dead["max_delivery_attempts"],
        }
    if push := fields.get("push"):
        uri = service_uri(push["service"].partition("/")[2]) if push["service"] else None
        document["pushConfig"] = {
            "pushEndpoint": f"{uri}{push['path']}" if uri else push["endpoint"],
            "oidcToken": {
                "serviceAccountEmail": push["service_account"],
                "audience": push["audience"] or uri or push["endpoint"],
            },
        }
        if push["no_wrapper"]:
            document["pushConfig"]["noWrapper"] = {"writeMetadata": push["no_wrapper"]["write_metadata"]}
    if rows := fields.get("bigquery"):
        _, project, _, dataset = rows["dataset"].split("/")
        document["bigqueryConfig"] = {
            "table": f"{project}.{dataset}.{rows['table']}",
            "useTopicSchema": rows["use_topic_schema"],
            "useTableSchema": rows["use_table_schema"],
            "writeMetadata": rows["write_metadata"],
            "dropUnknownFields": rows["drop_unknown_fields"],
        }
    if objects := fields.get("cloud_storage"):
        avro = objects["avro"]
        document["cloudStorageConfig"] = {
            "bucket": objects["bucket"],
            "filenamePrefix": objects["prefix"],
            "filenameSuffix": objects["suffix"],
            "maxDuration": objects["max_duration"],
            **({"filenameDatetimeFormat": objects["datetime_format"]} if objects["datetime_format"] else {}),
            **({"maxBytes": str(objects["max_bytes"])} if objects["max_bytes"] else {}),
            **({"maxMessages": str(objects["max_messages"])} if objects["max_messages"] else {}),
        }
        document["cloudStorageConfig"] |= (
            {"avroConfig": {"writeMetadata": avro["write_metadata"], "useTopicSchema": avro["use_topic_schema"]}}
            if avro
            else {"textConfig": {}}
        )
    return document


def _container(fields: Mapping[str, Any], port: int | None = None) -> dict[str, Any]:
    env: list[dict[str, Any]] = [{"name": name, "value": value} for name, value in fields["env"].items()]
    for name, secret in fields["secrets"].items():
        reference = {"secret": secret["secret"], "version": secret["version"]}
        env.append({"name": name, "valueSource": {"secretKeyRef": reference}})
    limits = {"cpu": fields["cpu"], "memory": fields["memory"]}
    container: dict[str, Any] = {"image": fields["image"], "env": env, "resources": {"limits": limits}}
    for name, api in (
        ("command", "command"), ("args", "args"), ("working_dir", "workingDir"), ("depends_on", "dependsOn")
    ):  # fmt: skip
        if fields[name]:
            container[api] = fields[name]
    if fields["mounts"]:
        container["volumeMounts"] = [
            {"name": mount["volume"], "mountPath": path} | ({"subPath": mount["sub_path"]} if mount["sub_path"] else {})
            for path, mount in fields["mounts"].items()
        ]
    for name, api in (
        ("startup_probe", "startupProbe"), ("liveness_probe", "livenessProbe"), ("readiness_probe", "readinessProbe")
    ):  # fmt: skip
        if fields.get(name):
            container[api] = _probe(fields[name], port)
    return container


def _containers(fields: Mapping[str, Any], port: int | None = None) -> list[dict[str, Any]]:
    main = _container(fields, port)
    if not fields["sidecars"]:
        return [main]
    return [{"name": "app", **main}, *({"name": n, **_container(s)} for n, s in fields["sidecars"].items())]


def _template(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What the templates of services, jobs and worker pools share, beside the containers."""
    template: dict[str, Any] = {"serviceAccount": fields["service_account"]}
    if fields["volumes"]:
        template["volumes"] = [{"name": name, **_volume(volume)} for name, volume in fields["volumes"].items()]
    if access := fields["vpc_access"]:
        egress = {"private-ranges-only": "PRIVATE_RANGES_ONLY", "all-traffic": "ALL_TRAFFIC"}[access["egress"]]
        way = {"networkInterfaces": [{"subnetwork": access["subnet"], "tags": access["tags"]}]}
        template["vpcAccess"] = {
            "egress": egress,
            **({"connector": access["connector"]} if access["connector"] else way),
        }
    if fields["kms_key"]:
        template["encryptionKey"] = fields["kms_key"]
    return template


def _volume(volume: Mapping[str, Any]) -> dict[str, Any]:
    if secret := volume["secret"]:
        items = [{"path": p, "version": i["version"], "mode": 0o400} for p, i in secret["items"].items()]
        return {"secret": {"secret": secret["secret"], **({"items": items} if items else {})}}
    if memory := volume["memory"]:
        return {"emptyDir": {"medium": "MEMORY", "sizeLimit": memory["size_limit"]}}
    if bucket := volume["bucket"]:
        return {"gcs": {"bucket": bucket["bucket"], "readOnly": bucket["read_only"]}}
    if nfs := volume["nfs"]:
        return {"nfs": {"server": nfs["server"], "path": nfs["path"]}}
    return {"cloudSqlInstance": {"instances": volume["cloud_sql"]}}


def _probe(probe: Mapping[str, Any], port: int | None) -> dict[str, Any]:
    asked = {"port": probe["port"] or port}
    if probe["path"] is not None:
        way: dict[str, Any] = {"httpGet": {"path": probe["path"], **asked}}
    else:
        way = {"tcpSocket": asked} if probe["grpc"] is None else {"grpc": {"service": probe["grpc"], **asked}}
    extra = {"successThreshold": probe["success_threshold"]} if "success_threshold" in probe else {}
    return {
        **way,
        **extra,
        "initialDelaySeconds": probe.get("initial_delay_seconds", 0),
        "timeoutSeconds": probe["timeout_seconds"],
        "periodSeconds": probe["period_seconds"],
        "failureThreshold": probe["failure_threshold"],
    }


def _run(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    parent = f"run/v2/projects/{values['project_id']}/locations/{values['region']}"
    ready = {"terminalCondition": {"type": "Ready", "state": "CONDITION_SUCCEEDED"}}
    ingress = {"all": "INGRESS_TRAFFIC_ALL", "internal": "INGRESS_TRAFFIC_INTERNAL_ONLY"}
    for id, service in sub["services"].items():
        containers = _containers(service, service["port"])
        container = containers[0]
        container["ports"] = [{"name": "h2c" if service["http2"] else "http1", "containerPort": service["port"]}]
        container["resources"] |= {"cpuIdle": service["cpu_idle"], "startupCpuBoost": service["startup_cpu_boost"]}
        document = {
            "ingress": ingress[service["ingress"]],
            "labels": {**common, **service["labels"]},
            "template": {
                "containers": containers,
                **_template(service),
                "timeout": service["timeout"],
                "maxInstanceRequestConcurrency": service["concurrency"],
                "scaling": {"minInstanceCount": service["min_instances"], "maxInstanceCount": service["max_instances"]},
            },
        }
        for name, api in (
            ("description", "description"), ("annotations", "annotations"), ("custom_audiences", "customAudiences")
        ):  # fmt: skip
            if service[name]:
                document[api] = service[name]
        if service["traffic"]:
            document["traffic"] = [
                {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_" + ("LATEST" if name == "latest" else "REVISION")}
                | ({} if name == "latest" else {"revision": f"{id}-{name}"})
                | {"percent": target["percent"], "tag": target["tag"]}
                for name, target in service["traffic"].items()
            ]
        policy = f"{parent}/services/{id}:getIamPolicy"
        yield Deployed(f"{parent}/services", id, document, {"uri": service_uri(id), **ready}, policy, bindings(service))
    for id, pool in sub["worker_pools"].items():
        document = {
            "labels": {**common, **pool["labels"]},
            "scaling": {
                "scalingMode": "AUTOMATIC",
                "minInstanceCount": pool["scaling"]["min_instances"],
                "maxInstanceCount": pool["scaling"]["max_instances"],
            }
            if pool["scaling"]
            else {"scalingMode": "MANUAL", "manualInstanceCount": pool["instances"]},
            "template": {"containers": _containers(pool), **_template(pool)},
        }
        policy = f"{parent}/workerPools/{id}:getIamPolicy"
        yield Deployed(f"{parent}/workerPools", id, document, ready, policy, bindings(pool))
    for id, job in sub["jobs"].items():
        template = {
            "containers": _containers(job),
            **_template(job),
            "timeout": job["timeout"],
            "maxRetries": job["max_retries"],
        }
        outer: dict[str, Any] = {"taskCount": job["tasks"], "template": template}
        if job["parallelism"]:
            outer["parallelism"] = job["parallelism"]
        document = {"labels": {**common, **job["labels"]}, "template": outer}
        yield Deployed(f"{parent}/jobs", id, document, ready, f"{parent}/jobs/{id}:getIamPolicy", bindings(job))


def _orchestration(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    location = f"projects/{values['project_id']}/locations/{values['region']}"
    for id, workflow in sub["workflows"].items():
        document: dict[str, Any] = {
            "description": workflow["description"],
            "sourceContents": workflow["source"],
            "serviceAccount": f"projects/{values['project_id']}/serviceAccounts/{workflow['service_account']}",
            "callLogLevel": workflow["call_log_level"],
            "labels": {**common, **workflow["labels"]},
        }
        if workflow["env"]:
            document["userEnvVars"] = workflow["env"]
        yield Deployed(f"workflows/v1/{location}/workflows", id, document, {"state": "ACTIVE"})
    for id, schedule in sub["schedules"].items():
        yield Deployed(
            f"cloudscheduler/v1/{location}/jobs",
            id,
            {"name": f"{location}/jobs/{id}", **_schedule(schedule)},
            {"state": "PAUSED" if schedule["paused"] else "ENABLED"},
        )


def _queues(values: Mapping[str, Any], sub: Mapping[str, Any], _common: dict[str, str]) -> Iterator[Deployed]:
    location = f"projects/{values['project_id']}/locations/{values['region']}"
    parent = f"cloudtasks/v2/{location}/queues"
    for id, queue in sub["queues"].items():
        retry = {
            "maxAttempts": queue["max_attempts"],
            "minBackoff": queue["min_backoff"],
            "maxBackoff": queue["max_backoff"],
            "maxDoublings": queue["max_doublings"],
        }
        if queue["max_retry_duration"] != "0s":
            retry["maxRetryDuration"] = queue["max_retry_duration"]
        document: dict[str, Any] = {
            "name": f"{location}/queues/{id}",
            "rateLimits": {
                "maxDispatchesPerSecond": queue["max_dispatches_per_second"],
                "maxConcurrentDispatches": queue["max_concurrent_dispatches"],
            },
            "retryConfig": retry,
        }
        if queue["log_sampling_ratio"]:
            document["stackdriverLoggingConfig"] = {"samplingRatio": queue["log_sampling_ratio"]}
        if target := queue["target"]:
            document["httpTarget"] = _task_target(target)
        state = {"state": "PAUSED" if queue["paused"] else "RUNNING"}
        yield Deployed(parent, id, document, state, f"{parent}/{id}:getIamPolicy", bindings(queue))


def _triggers(values: Mapping[str, Any], sub: Mapping[str, Any], common: dict[str, str]) -> Iterator[Deployed]:
    for id, trigger in sub["triggers"].items():
        filters = [{"attribute": key, "value": value} for key, value in trigger["criteria"].items()]
        filters += [
            {"attribute": key, "value": value, "operator": "match-path-pattern"}
            for key, value in trigger["path_patterns"].items()
        ]
        destination: dict[str, Any] = {"workflow": trigger["workflow"]}
        if trigger["service"]:
            destination = {"cloudRun": {"service": trigger["service"], "region": values["region"]}}
            if trigger["path"]:
                destination["cloudRun"]["path"] = trigger["path"]
        document: dict[str, Any] = {
            "eventFilters": filters,
            "destination": destination,
            "serviceAccount": trigger["service_account"],
            "labels": {**common, **trigger["labels"]},
        }
        if trigger["topic"]:
            document["transport"] = {"pubsub": {"topic": trigger["topic"]}}
        if trigger["content_type"]:
            document["eventDataContentType"] = trigger["content_type"]
        if not trigger["retry"]:
            document["retryPolicy"] = {"maxAttempts": 1}
        parent = f"eventarc/v1/projects/{values['project_id']}/locations/{trigger['location']}/triggers"
        yield Deployed(parent, id, document, {"uid": "1"})


def _task_target(target: Mapping[str, Any]) -> dict[str, Any]:
    uri = service_uri(target["service"].partition("/")[2]) if target["service"] else target["uri"]
    override: dict[str, Any] = {
        "scheme": uri.partition(":")[0].upper(),
        "host": uri.partition("://")[2],
        "uriOverrideEnforceMode": "IF_NOT_EXISTS" if target["only_if_missing"] else "ALWAYS",
    }
    if target["path"]:
        override["pathOverride"] = {"path": target["path"]}
    if target["query"]:
        override["queryOverride"] = {"queryParams": target["query"]}
    found: dict[str, Any] = {"uriOverride": override}
    if target["method"]:
        found["httpMethod"] = target["method"]
    if target["headers"]:
        found["headerOverrides"] = [{"header": {"key": k, "value": v}} for k, v in target["headers"].items()]
    if oauth := target["oauth"]:
        found["oauthToken"] = {"serviceAccountEmail": oauth["service_account"], "scope": oauth["scope"]}
    if oidc := target["oidc"]:
        found["oidcToken"] = {"serviceAccountEmail": oidc["service_account"], "audience": oidc["audience"] or uri}
    return found


def _schedule(schedule: Mapping[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = {
        "description": schedule["description"],
        "schedule": schedule["cron"],
        "timeZone": schedule["time_zone"],
    }
    if retry := schedule["retry"]:
        document["retryConfig"] = {
            "retryCount": retry["count"],
            "maxRetryDuration": retry["max_duration"],
            "minBackoffDuration": retry["min_backoff"],
            "maxBackoffDuration": retry["max_backoff"],
            "maxDoublings": retry["max_doublings"],
        }
    if http := schedule["http"]:
        document["attemptDeadline"] = schedule["attempt_deadline"]
        uri = service_uri(http["service"].partition("/")[2]) if http["service"] else None
        target: dict[str, Any] = {
            "uri": f"{uri}{http['path']}" if uri else http["uri"],
            "httpMethod": http["method"],
            "headers": {"User-Agent": "Google-Cloud-Scheduler", **http["headers"]},
        }
        if http["body"]:
            target["body"] = base64.b64encode(http["body"].encode()).decode()
        if oauth := http["oauth"]:
            target["oauthToken"] = {"serviceAccountEmail": oauth["service_account"], "scope": oauth["scope"]}
        if oidc := http["oidc"]:
            target["oidcToken"] = {
                "serviceAccountEmail": oidc["service_account"],
                "audience": oidc["audience"] or uri or http["uri"],
            }
        document["httpTarget"] = target
    if pubsub := schedule["pubsub"]:
        document["pubsubTarget"] = {"topicName": pubsub["topic"]}
        if pubsub["data"]:
            document["pubsubTarget"]["data"] = base64.b64encode(pubsub["data"].encode()).decode()
        if pubsub["attributes"]:
            document["pubsubTarget"]["attributes"] = pubsub["attributes"]
    return document
