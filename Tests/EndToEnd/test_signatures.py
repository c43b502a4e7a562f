"""Signatures of random calls, made by the official SDK's own code: a door takes each, and none of which a byte was changed.

Nothing is run here: the functions called do not exist, so what comes after the signature is an error of its own.
"""

import http.client
import json
import random
import string
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

import pytest
import requests
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tencentcloud.common.http.request import RequestInternal

from cloud_doors import SIGNATURES, TC3, client

# 6 x 350 calls at each door. The same ones each time, so that a failure is there again at the next run.
CALLS = settings(
    max_examples=350, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))

# What follows a good signature, as the call asks for what is not there.
ACCEPTED = {"ResourceNotFound.FunctionName", "ResourceNotFound.Namespace", "UnauthorizedOperation.CAM", "UnknownParameter",
            "InvalidParameter", "InvalidParameterValue", "InvalidParameterValue.Param"}
# What a call can be refused with of which a byte was changed. Where it hit the name of a common parameter, that is
# missing; where it hit the SecretId, there is none such; where it hit the time, it may have expired.
REFUSED = {"AuthFailure.SignatureFailure", "AuthFailure.SignatureExpire", "AuthFailure.SecretIdNotFound",
           "AuthFailure.InvalidAuthorization", "MissingParameter", "InvalidParameter", "InvalidParameterValue"}


# ---- Random calls ---------------------------------------------------------------------------------------------------

# Any text that UTF-8 can write, and often what encoders trip over.
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    st.text(st.sampled_from(" +%&=~*-._?/#;:,@!$'()[]\\\"<>`{}|^\0\t\n\r\x7f\x85\u2028é汉😀👩‍🔬"), max_size=20),
    st.sampled_from(["", " ", "+", "%", "%20", "%2B", "a=1&b=2", "~*", "True", "None", "\\u0041", "e\u0301", "🇨🇳"]))
numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans())
values = st.recursive(
    texts | numbers, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3), max_leaves=5)
names = st.text(string.ascii_letters + string.digits + "_.-", min_size=1, max_size=12) | texts.filter(bool)
# Events are JSON as the call's own text, with all that JSON allows.
events = st.builds(json.dumps, values, ensure_ascii=st.booleans(), indent=st.none() | st.integers(0, 3))

COMMON = {"Action", "RequestClient", "Nonce", "Timestamp", "Version", "Region", "Token", "SecretId", "SignatureMethod",
          "Language", "Signature"}

good_parameters = st.fixed_dictionaries(
    {"FunctionName": st.from_regex(r"x-[a-zA-Z0-9_-]{0,50}", fullmatch=True)},
    optional={"ClientContext": events, "LogType": st.sampled_from(["None", "Tail"]), "Qualifier": st.just("$LATEST"),
              "InvocationType": st.sampled_from(["RequestResponse", "Event"]),
              "Namespace": st.sampled_from(["default", "other"])})
any_parameters = st.dictionaries(names, values, max_size=6).map(
    lambda found: {"FunctionName": "x-y"} | {k: v for k, v in found.items() if k not in COMMON | {"FunctionName"}})
parameters = good_parameters | any_parameters


@dataclass(frozen=True)
class Call:
    """A signed call as it goes over the wire."""

    method: str
    query: str
    headers: dict
    body: bytes

    def with_header(self, name, value):
        return replace(self, headers=self.headers | {name: value})


def signed_by_the_sdk(sdk, parameters):
    """What the SDK's own code would send."""
    method = sdk.profile.httpProfile.reqMethod
    made = RequestInternal(sdk._get_endpoint(), method, "/", header={})
    sdk._build_req_inter("Invoke", parameters, made)
    headers = {"Host": made.host} | made.header
    if method == "GET":
        url = f"http://{made.host}?{made.data}"
        sent = requests.Request("GET", url).prepare().url
        assert sent == f"http://{made.host}/?{made.data}", "the HTTP library sends another query than was signed"
        return Call(method, made.data, headers, b"")
    return Call(method, "", headers, made.data.encode() if isinstance(made.data, str) else made.data)


class Wire:
    """A connection that is kept, and says of each call with which code it was answered."""

    def __init__(self, door):
        self._connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=30)

    def code(self, call):
        target = "/?" + call.query if call.query else "/"
        self._connection.putrequest(call.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in (call.headers | {"Content-Length": str(len(call.body))}).items():
            self._connection.putheader(name, value)
        self._connection.endheaders(call.body)
        response = self._connection.getresponse()
        body = response.read()
        assert response.status == 200 and response.headers["Content-Type"] == "application/json", body
        answer = json.loads(body)["Response"]
        assert "Error" in answer, f"a function ran: {answer}"
        return answer["Error"]["Code"]


# ---- Changing one byte ----------------------------------------------------------------------------------------------

def flip(chance, text, allowed=string.ascii_letters + string.digits):
    """`text` with one of its letters or digits changed into another one."""
    places = [place for place, character in enumerate(text) if character in allowed]
    place = chance.choice(places)
    other = chance.choice([character for character in allowed if character != text[place]])
    return text[:place] + other + text[place + 1:]


def flip_signature(chance, call):
    if authorization := call.headers.get("Authorization"):
        signature = authorization[-64:]
        return call.with_header("Authorization", authorization[:-64] + flip(chance, signature, "0123456789abcdef"))
    text = call.body.decode() or call.query
    before, _, signature = text.rpartition("&Signature=")
    # The last letter before the padding holds bits that base64 does not use: another one may mean the same bytes.
    end = signature.index("%3D") - 1
    return with_text(call, before + "&Signature=" + flip(chance, signature[:end]) + signature[end:])


def flip_parameter(chance, call):
    if call.query or "Authorization" not in call.headers:
        return with_text(call, flip(chance, call.body.decode() or call.query))
    place = chance.randrange(len(call.body))
    other = chance.choice([byte for byte in range(256) if byte != call.body[place]])
    return replace(call, body=call.body[:place] + bytes([other]) + call.body[place + 1:])


def flip_time(chance, call):
    if timestamp := call.headers.get("X-TC-Timestamp"):
        return call.with_header("X-TC-Timestamp", flip(chance, timestamp, string.digits))
    text = call.body.decode() or call.query
    before, name, rest = text.partition("&Timestamp=")
    return with_text(call, before + name + flip(chance, rest[:10], string.digits) + rest[10:])


def flip_host(chance, call):
    return call.with_header("Host", flip(chance, call.headers["Host"], string.digits))


def flip_content_type(chance, call):
    """Signed by TC3; for v1 it says where the parameters are, and is not signed."""
    return call.with_header("Content-Type", flip(chance, call.headers["Content-Type"], string.ascii_lowercase))


def with_text(call, text):
    """The call with other parameters."""
    return replace(call, query=text) if call.query else replace(call, body=text.encode())


def signed_text(sdk, call):
    """What a v1 signature is made of. Two forms can spell the same text, such as %e6 and %E6: those are one call."""
    found = dict(parse_qsl(call.body.decode() or call.query, keep_blank_values=True, errors="surrogateescape"))
    signature = found.pop("Signature", None)
    return sdk._format_sign_string(found), signature


# ---- The tests ------------------------------------------------------------------------------------------------------

@pytest.fixture(params=SIGNATURES, ids=lambda each: "-".join(each), scope="module")
def sdk(request, door):
    # Hypothesis makes `random` give the same numbers for each call, and a nonce that comes again is refused.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tencentcloud.common.abstract_client.random", random.SystemRandom())
        yield client(door, *request.param)


@pytest.fixture(scope="module")
def wire(door):
    return Wire(door)


@CALLS
@given(parameters=parameters, seed=st.integers(0, 1 << 32))
def test_a_call_is_taken_as_signed_and_refused_with_a_byte_changed(sdk, wire, parameters, seed):
    # The SDK signs `_` in a name as `.`, so that of two names that differ in it alone it would lose one.
    flat = sdk._fix_params(parameters)
    assume(len({name.replace("_", ".") for name in flat}) == len(flat))
    call = signed_by_the_sdk(sdk, parameters)
    assert wire.code(call) in ACCEPTED, call
    chance = random.Random(seed)
    is_tc3 = sdk.profile.signMethod == TC3
    flips = [flip_signature, flip_parameter, flip_time, flip_host] + [flip_content_type] * is_tc3
    change = chance.choice(flips)
    changed = change(chance, call)
    assume(is_tc3 or change is flip_host or signed_text(sdk, changed) != signed_text(sdk, call))
    assert wire.code(changed) in REFUSED, (change.__name__, call, changed)


@settings(CALLS, max_examples=40)
@given(event=events)
def test_what_was_signed_is_what_the_function_gets(sdk, event):
    answer = sdk.call_json("Invoke", {"FunctionName": "echo", "ClientContext": event})
    assert answer["Response"]["Result"]["RetMsg"] == event
