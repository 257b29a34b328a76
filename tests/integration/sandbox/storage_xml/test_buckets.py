"""Cloud Storage's XML API: buckets, their settings and lists of access, several objects deleted at once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.integration.sandbox_process import Sandbox

from .asking import KEY, PROJECT, code, texts, tree


def test_a_bucket_is_made_listed_and_deleted(web: httpx.Client, client: Any) -> None:
    body = "<CreateBucketConfiguration><LocationConstraint>asia-south1</LocationConstraint></CreateBucketConfiguration>"
    of = {"x-goog-project-id": PROJECT}
    assert code(web.put("/xml-made", content=body)) == (501, "")  # by whom, and that it is the XML API's, isn't said
    assert code(web.put("/xml-made", content=body, headers=KEY)) == (400, "InvalidRequest")
    assert web.put("/xml-made", content=body, headers=of).status_code == 200
    assert client.get_bucket("xml-made").location == "ASIA-SOUTH1"
    assert tree(web.get("/xml-made?location")).text == "ASIA-SOUTH1"
    assert web.head("/xml-made").status_code == 200
    assert "xml-made" in texts(tree(web.get("/", headers={**KEY, **of})), "Buckets/Bucket/Name")
    assert "xml-made" in texts(tree(web.get("/", headers=KEY)), "Buckets/Bucket/Name")
    assert web.get("/").json()["health"] == "/sandbox/health"
    web.put("/xml-made/x", content=b"x")
    assert code(web.delete("/xml-made")) == (409, "BucketNotEmpty")
    web.delete("/xml-made/x")
    assert web.delete("/xml-made").status_code == 204


def test_what_is_signed_by_a_key_is_of_its_project(sandbox: Sandbox, web: httpx.Client) -> None:
    account = sandbox.request("POST", "/iam/v1/projects/xml-of-key/serviceAccounts", {"accountId": "tool-user"}).json()
    made = sandbox.request("POST", f"/storage/v1/projects/xml-of-key/hmacKeys?serviceAccountEmail={account['email']}")
    access = made.json()["metadata"]["accessId"]
    signed = {"authorization": KEY["authorization"].replace("GOOG1EUNKNOWN", access)}
    assert web.put("/xml-by-key", headers=signed).status_code == 200
    assert texts(tree(web.get("/", headers=signed)), "Buckets/Bucket/Name") == ["xml-by-key"]


def test_several_objects_are_deleted_by_one_request(web: httpx.Client, client: Any) -> None:
    made = client.create_bucket("xml-deletions")
    made.versioning_enabled = True
    made.patch()
    for name in ("a", "b&c", "held"):
        made.blob(name).upload_from_string(name)
    held = made.blob("held")
    held.temporary_hold = True
    held.patch()
    generation = made.get_blob("b&c").generation
    inner = "<Object><Key>a</Key></Object><Object><Key>held</Key></Object><Object><Key>none</Key></Object>"
    inner += f"<Object><Key>b&amp;c</Key><VersionId>{generation}</VersionId></Object>"
    answer = tree(web.post("/xml-deletions?delete", content=f"<Delete>{inner}</Delete>"))
    assert texts(answer, "Deleted/Key") == ["a", "b&c"]
    assert texts(answer, "Deleted/VersionId")[1] == str(generation)
    failed = dict(zip(texts(answer, "Error/Key"), texts(answer, "Error/Code"), strict=True))
    assert failed == {"held": "AccessDenied", "none": "NoSuchKey"}
    assert [(blob.name, blob.time_deleted is None) for blob in made.list_blobs(versions=True)] == [
        ("a", False),
        ("held", True),
    ]
    quiet = "<Delete><Quiet>true</Quiet><Object><Key>held</Key></Object></Delete>"
    held.temporary_hold = False
    held.patch()
    assert list(tree(web.post("/xml-deletions?delete", content=quiet))) == []
    assert code(web.post("/xml-deletions?delete", content="<Delete/>")) == (400, "MalformedXML")
    wrong = web.post("/xml-deletions?delete", content=quiet, headers={"content-md5": "AAAA"})
    assert code(wrong) == (400, "BadDigest")


RULES = (
    "<LifecycleConfiguration><Rule><Action><SetStorageClass>NEARLINE</SetStorageClass></Action>"
    "<Condition><Age>30</Age><IsLive>true</IsLive><MatchesPrefix>a/</MatchesPrefix><MatchesPrefix>b/</MatchesPrefix>"
    "</Condition></Rule></LifecycleConfiguration>"
)


CORS = (
    "<CorsConfig><Cors><Origins><Origin>https://a.example</Origin></Origins><Methods><Method>GET</Method></Methods>"
    "<ResponseHeaders><ResponseHeader>content-type</ResponseHeader></ResponseHeaders><MaxAgeSec>60</MaxAgeSec>"
    "</Cors></CorsConfig>"
)


WEBSITE = (
    "<WebsiteConfiguration><MainPageSuffix>index.html</MainPageSuffix><NotFoundPage>404.html</NotFoundPage>"
    "</WebsiteConfiguration>"
)


@pytest.mark.parametrize(
    ("name", "body", "field", "expected", "empty"),
    [
        (
            "lifecycle",
            RULES,
            "lifecycle",
            {
                "rule": [
                    {
                        "action": {"type": "SetStorageClass", "storageClass": "NEARLINE"},
                        "condition": {"age": 30, "isLive": True, "matchesPrefix": ["a/", "b/"]},
                    }
                ]
            },
            "<LifecycleConfiguration/>",
        ),
        (
            "cors",
            CORS,
            "cors",
            [
                {
                    "origin": ["https://a.example"],
                    "method": ["GET"],
                    "responseHeader": ["content-type"],
                    "maxAgeSeconds": 60,
                }
            ],
            "<CorsConfig/>",
        ),
        (
            "website",
            WEBSITE,
            "website",
            {"mainPageSuffix": "index.html", "notFoundPage": "404.html"},
            "<WebsiteConfiguration/>",
        ),
        (
            "logging",
            "<Logging><LogBucket>logs-of-x</LogBucket><LogObjectPrefix>x/</LogObjectPrefix></Logging>",
            "logging",
            {"logBucket": "logs-of-x", "logObjectPrefix": "x/"},
            "<Logging/>",
        ),
    ],
)
def test_a_setting_is_written_read_and_taken_away(
    web: httpx.Client, bucket: Any, name: str, body: str, field: str, expected: Any, empty: str
) -> None:
    place = f"/{bucket.name}?{name}"
    assert web.put(place, content=body).status_code == 200
    assert web.get(f"/storage/v1/b/{bucket.name}").json()[field] == expected
    shown = web.get(place).text.replace(' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"', "")
    assert shown.endswith(body)
    assert web.put(place, content=empty).status_code == 200
    assert field not in web.get(f"/storage/v1/b/{bucket.name}").json()
    assert len(tree(web.get(place))) == 0


def test_a_setting_that_is_no_setting_is_refused(web: httpx.Client, bucket: Any) -> None:
    place = f"/{bucket.name}"
    for name, body in (
        ("lifecycle", "<LifecycleConfiguration><Rule><Status>Enabled</Status></Rule></LifecycleConfiguration>"),
        ("lifecycle", RULES.replace("30", "thirty")),
        ("cors", "<CORSConfiguration/>"),
        ("website", "<WebsiteConfiguration><IndexDocument/></WebsiteConfiguration>"),
        ("billing", "<BillingConfiguration><RequesterPays>yes</RequesterPays></BillingConfiguration>"),
    ):
        assert code(web.put(f"{place}?{name}", content=body)) == (400, "MalformedXML"), name
    assert code(web.put(f"{place}?location", content="<LocationConstraint/>"))[0] == 400
    assert web.put(f"{place}?storageClass", content="<StorageClass>NEARLINE</StorageClass>").status_code == 200
    assert tree(web.get(f"{place}?storageClass")).text == "NEARLINE"
    assert web.put(f"{place}?storageClass", content="<StorageClass>STANDARD</StorageClass>").status_code == 200


def test_lists_of_access_are_read_and_written(web: httpx.Client, bucket: Any) -> None:
    bucket.blob("listed").upload_from_string(b"x")
    place = f"/{bucket.name}/listed?acl"
    body = (
        "<AccessControlList><Entries><Entry><Scope type='UserByEmail'><EmailAddress>ann@example.com</EmailAddress>"
        "</Scope><Permission>READ</Permission></Entry></Entries></AccessControlList>"
    )
    assert web.put(place, content=body).status_code == 200
    root = tree(web.get(place))
    scopes = {entry.find("Scope").get("type"): entry.findtext("Permission") for entry in root.iter("Entry")}  # type: ignore[union-attr]
    assert scopes == {"UserByEmail": "READ", "GroupById": "FULL_CONTROL"}
    assert web.put(place, headers={"x-amz-acl": "public-read"}).status_code == 200
    theirs = tree(web.get(place, headers={"x-amz-date": "20260131T000000Z"}))
    assert "http://acs.amazonaws.com/groups/global/AllUsers" in texts(theirs, "AccessControlList/Grant/Grantee/URI")
    assert web.put(f"/{bucket.name}?acl", headers={"x-goog-acl": "public-read"}).status_code == 200
    roles = {entry["entity"]: entry["role"] for entry in bucket.acl}
    assert roles["allUsers"] == "READER"
    assert code(web.put(place, content="<AccessControlPolicy/>")) == (501, "NotImplemented")
