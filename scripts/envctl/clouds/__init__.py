"""Where Google Cloud's APIs answer, who asks, and how: Google itself or a sandbox on this machine.

`Session` is in `clouds.session`, so that commands which ask nothing don't pay for importing an HTTP client.
"""

from .cloud_sdk import cloud_sdk_files, cloud_sdk_variables
from .credentials import ApplicationDefault, Credentials, SandboxToken
from .endpoints import Endpoints, environment_variables
from .failures import Failure, Reason

__all__ = [
    "ApplicationDefault",
    "Credentials",
    "Endpoints",
    "Failure",
    "Reason",
    "SandboxToken",
    "cloud_sdk_files",
    "cloud_sdk_variables",
    "environment_variables",
]
