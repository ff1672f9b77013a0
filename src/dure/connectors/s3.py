"""S3-compatible storage: AWS's own library signs, Dure's one way out sends."""

from __future__ import annotations

import re
from urllib.parse import quote

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from dure.automation.plugs import Outgoing
from dure.exports.model import Place
from dure.kernel.errors import Unavailable
from dure.kernel.tenant import Tenant

_SECONDS = 120.0
_CODE = re.compile(r"<Code>([\w.]{1,80})</Code>")
_MESSAGE = re.compile(r"<Message>([^<]{1,300})</Message>")


class S3Storage:
    """Fills `exports.plugs.Storage` for anything that speaks S3, by path (`ENDPOINT/BUCKET/NAME`), with signature 4."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing

    async def put(self, tenant: Tenant, place: Place, secret: str, name: str, content: bytes) -> None:
        """One PUT, which S3 takes whole or not at all."""
        path = "/".join(part for part in (place.bucket, place.path.strip("/"), name) if part)
        url = f"{place.endpoint.rstrip('/')}/{quote(path, safe='/-_.~')}"
        request = AWSRequest("PUT", url, data=content, headers={"Content-Type": "application/octet-stream"})
        S3SigV4Auth(Credentials(place.key_id, secret), "s3", place.region or "us-east-1").add_auth(request)
        headers = {str(name): str(value) for name, value in request.headers.items()}
        answer = await self._outgoing.send(tenant, "PUT", url, headers, content, _SECONDS)
        if answer.status != 200:
            said = " ".join(
                found.group(1) for found in (_CODE.search(answer.text), _MESSAGE.search(answer.text)) if found
            )
            raise Unavailable(f"The storage answered {answer.status} {said}".strip())
