"""Verifies TC3-HMAC-SHA256 as the cloud's documents describe it, apart from all code that is measured."""

import hashlib
import hmac
import re
import time

AUTHORIZATION = re.compile(
    r"TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/scf/tc3_request, ?SignedHeaders=([a-z0-9;-]+), ?"
    r"Signature=([0-9a-f]{64})")


class WrongSignature(Exception):
    """What is wrong with a signed call."""


def verify(headers, body, secret_id, secret_key):
    """Raises WrongSignature unless a POST to / with these headers and this body is signed as it must be."""
    parts = AUTHORIZATION.fullmatch(headers.get("Authorization", ""))
    if not parts:
        raise WrongSignature("Authorization is missing or malformed")
    signer, date, names, signature = parts.groups()
    timestamp = headers.get("X-TC-Timestamp", "")
    if signer != secret_id:
        raise WrongSignature(f"the SecretId is {signer}")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > 300:
        raise WrongSignature(f"X-TC-Timestamp is {timestamp or 'missing'}")
    if date != time.strftime("%Y-%m-%d", time.gmtime(int(timestamp))):
        raise WrongSignature(f"the date {date} is not that of {timestamp}")
    if not {"content-type", "host"} <= set(names.split(";")):
        raise WrongSignature(f"signed are only {names}")
    if not hmac.compare_digest(signature, _signature(headers, body, secret_key, date, names, timestamp)):
        raise WrongSignature("the signature does not match")


def _signature(headers, body, secret_key, date, names, timestamp):
    lines = "".join(f"{name}:{headers.get(name, '').strip().lower()}\n" for name in names.split(";"))
    canonical = f"POST\n/\n\n{lines}\n{names}\n{hashlib.sha256(body).hexdigest()}"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    key = _hmac(_hmac(_hmac(f"TC3{secret_key}".encode(), date), "scf"), "tc3_request")
    return _hmac(key, f"TC3-HMAC-SHA256\n{timestamp}\n{date}/scf/tc3_request\n{digest}").hex()


def _hmac(key, text):
    return hmac.digest(key, text.encode(), "sha256")
