"""The arguments and attributes of ephemeral resources, in the words of the other tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tf.gen import tfplugin_pb2 as pb

from sandbox.provider.ephemeral.messages import EphemeralSchemas
from sandbox.provider.fields import Field, parse_fields
from sandbox.provider.schema import block

_ACCOUNT = (
    r"^(.+@.+\.iam|.+@developer|.+@appspot|.+@cloudservices|.+@cloudbuild|service-[0-9]+@.+-compute\.iam)"
    r"\.gserviceaccount\.com$"
)
_TABLES = {
    "google_client_config": """
access_token string computed sensitive
default_labels map(string) computed
id string computed
project string computed
region string computed
zone string computed
""",
    "google_secret_manager_secret_version": """
create_time string computed
destroy_time string computed
enabled bool computed
is_secret_data_base64 bool
name string computed
project string optional computed
secret string required
secret_data string computed sensitive
version string
""",
    "google_service_account_access_token": f"""
access_token string computed sensitive
delegates set(string)
lifetime string optional computed
scopes set(string) required
target_service_account string required matches={_ACCOUNT}
""",
    "google_service_account_id_token": f"""
delegates set(string)
id_token string computed sensitive
include_email bool
target_audience string required
target_service_account string matches={_ACCOUNT}
""",
    "google_service_account_jwt": f"""
delegates set(string)
expires_in number range=1..
jwt string computed sensitive
payload string required
target_service_account string required matches={_ACCOUNT}
""",
    "google_service_account_key": """
fetch_key bool
key_algorithm string optional computed
name string optional computed
private_key string optional computed
private_key_type string optional computed
public_key_data string
public_key_type string optional computed values=TYPE_X509_PEM_FILE|TYPE_RAW_PUBLIC_KEY
service_account_id string
""",
}
NAMES = tuple(_TABLES)


@cache
def fields_of(name: str) -> Mapping[str, Field]:
    """The fields of one of them."""
    return parse_fields(_TABLES[name])


def ephemeral_schemas() -> bytes:
    """What the answer to GetProviderSchema has of them: messages are merged by putting one behind the other."""
    entries = [
        EphemeralSchemas.Entry(key=name, value=pb.Schema(block=block(fields_of(name).values()))) for name in NAMES
    ]
    made: bytes = EphemeralSchemas.Response(ephemeral_resource_schemas=entries).SerializeToString()
    return made
