"""What the official Python SDK can do against the real cloud, it can do against scf-local, and through scf-relay.

Each test runs at both doors, so that neither knows anything that the other does not.
"""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from tencentcloud.common.common_client import CommonClient
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.scf.v20180416 import models

from cloud_doors import SHA1, SHA256, SIGNATURES, TC3, client, invoke

ACTIONS = ["Invoke", "InvokeFunction"]
# What encoders disagree about: form and URL syntax, JSON escapes, text outside of the BMP.
AWKWARD = {"text": "汉字 \"quoted\" \\ / 😀 a+b=c&d%20e~f*g,h;i?j#k",
           "控制": "\t\n\r\b\f\u0001\u2028", "": [], "n": 1.50}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_a_function_runs_and_its_event_arrives_as_it_was(door, signature, method, action):
    event = json.dumps(AWKWARD, ensure_ascii=False)
    answer = invoke(client(door, signature, method), action, FunctionName="echo", event=event)
    assert answer.Result.RetMsg == event
    assert answer.Result.InvokeResult == 0 and answer.Result.ErrMsg == ""
    assert answer.Result.Duration > 0 and answer.Result.FunctionRequestId
    assert answer.RequestId


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_without_an_event_and_with_the_log(door, signature, method, action):
    result = invoke(client(door, signature, method), action, event='{"lines": 3}', FunctionName="log", LogType="Tail").Result
    assert "line 3 of 3" in result.Log
    assert invoke(client(door, signature, method), action).Result.RetMsg == "hello from scf"


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_payload_that_is_not_signed(door, method):
    answer = invoke(client(door, method=method, unsigned=True), FunctionName="echo", event='{"not": "signed"}')
    assert answer.Result.RetMsg == '{"not": "signed"}'


@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_a_temporary_key_counts_only_with_its_token(api_site, door, signature, method):
    key = api_site.temporary if door.is_relay else api_site.local_temporary
    assert invoke(client(door, signature, method, key=key)).Result.InvokeResult == 0
    for token in (None, key.token[:-1], key.token + "0"):
        wrong = type(key)(key.secret_id, key.secret_key, token)
        assert refusal(lambda: invoke(client(door, signature, method, key=wrong))) == "AuthFailure.TokenFailure"


@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_both_keys_of_a_caller_count_while_one_is_replaced(api_site, signature, method):
    assert api_site.everything.secret_id == api_site.tomorrow.secret_id
    for key in (api_site.everything, api_site.tomorrow, api_site.everything):
        assert invoke(client(api_site.relay, signature, method, key=key)).Result.InvokeResult == 0


@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_a_key_that_has_no_token_takes_none(door, signature, method):
    key = type(door.key)(door.key.secret_id, door.key.secret_key, "a-token-of-somebody-else")
    assert refusal(lambda: invoke(client(door, signature, method, key=key))) == "AuthFailure.TokenFailure"


@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_messages_come_in_the_language_that_was_asked_for(door, signature, method):
    key = type(door.key)(door.key.secret_id, "wrong")
    messages = {}
    for language in ("zh-CN", "en-US"):
        assert invoke(client(door, signature, method, language=language)).Result.InvokeResult == 0
        with pytest.raises(TencentCloudSDKException) as caught:
            invoke(client(door, signature, method, key=key, language=language))
        assert caught.value.get_code() == "AuthFailure.SignatureFailure"
        messages[language] = caught.value.get_message()
    assert messages["en-US"].isascii()
    assert "签名" in messages["zh-CN"]


# ---- Sizes ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("action", ACTIONS)
def test_a_mebibyte_of_chinese_text_comes_back_as_it_was(door, action):
    event = chinese_event(1_048_576)
    assert invoke(client(door), action, FunctionName="echo", event=event).Result.RetMsg == event


@pytest.mark.parametrize("signature, method, size", [
    (SHA256, "POST", 300_000),      # each byte is %XX: of the 1 MB that a form may have, 900,000 bytes
    (SHA1, "POST", 300_000),
    (TC3, "GET", 10_000),           # of 32 KB
    (SHA256, "GET", 10_000),
    (SHA1, "GET", 10_000),
])
def test_as_much_as_the_other_ways_of_sending_take(door, signature, method, size):
    event = chinese_event(size)
    assert invoke(client(door, signature, method), FunctionName="echo", event=event).Result.RetMsg == event


@pytest.mark.parametrize("signature, method, size, code", [
    (TC3, "POST", 5_400_000, "RequestSizeLimitExceeded"),       # of 10 MB: with its escapes it has 10.8
    (TC3, "GET", 12_000, "RequestSizeLimitExceeded"),
    (SHA256, "POST", 400_000, "AuthFailure.SignatureFailure"),  # this is what the cloud says, and to use TC3
    (SHA1, "POST", 400_000, "AuthFailure.SignatureFailure"),
])
def test_more_than_that_is_refused_with_the_reason(door, signature, method, size, code):
    with pytest.raises(TencentCloudSDKException) as caught:
        invoke(client(door, signature, method), FunctionName="echo", event=chinese_event(size))
    assert caught.value.get_code() == code
    if code.startswith("AuthFailure"):
        assert TC3 in caught.value.get_message()


@pytest.mark.parametrize("action", ACTIONS)
def test_an_event_over_the_limit_is_refused_with_both_numbers(door, action):
    limit = 1_048_576
    with pytest.raises(TencentCloudSDKException) as caught:
        invoke(client(door), action, FunctionName="echo", event='"' + "x" * (limit - 1) + '"')
    assert caught.value.get_code() == "RequestSizeLimitExceeded"
    assert f"{limit + 1:,} bytes" in caught.value.get_message() and f"{limit:,}" in caught.value.get_message()


def chinese_event(size):
    """A JSON document of `size` bytes, nearly all Chinese."""
    rest = size - len('[""]')
    return json.dumps(["汉" * (rest // 3) + "." * (rest % 3)], ensure_ascii=False)


# ---- Errors ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("signature, method", SIGNATURES)
@pytest.mark.parametrize("options, fields, code", [
    ({"key": "wrong"}, {}, "AuthFailure.SignatureFailure"),
    ({"key": "unknown"}, {}, "AuthFailure.SecretIdNotFound"),
    ({"clock": 360}, {}, "AuthFailure.SignatureExpire"),
    ({"clock": -360}, {}, "AuthFailure.SignatureExpire"),
    ({"region": "mars-north-1"}, {}, "UnsupportedRegion"),
    ({"region": ""}, {}, "MissingParameter"),
    ({"version": "2017-01-01"}, {}, "NoSuchVersion"),
    ({"action": "NoSuchAction"}, {}, "InvalidAction"),
    ({}, {"FunctionName": None}, "MissingParameter"),
    ({}, {"FunctionName": "deleted-yesterday"}, "ResourceNotFound.FunctionName"),
    ({}, {"FunctionName": "not a name"}, "InvalidParameterValue"),
    ({}, {"ClientContext": "{"}, "InvalidParameterValue.Param"),
    ({}, {"InvocationType": "Later"}, "InvalidParameterValue"),
    ({}, {"Colour": "blue"}, "UnknownParameter"),
], ids=str)
def test_each_error_has_the_clouds_code(door, monkeypatch, signature, method, options, fields, code):
    key = {"wrong": type(door.key)(door.key.secret_id, "wrong"),
           "unknown": type(door.key)("AKIDnobody", door.key.secret_key)}.get(options.get("key"))
    sdk = client(door, signature, method, key=key, region=options.get("region", "ap-guangzhou"))
    sdk._apiVersion = options.get("version", sdk._apiVersion)
    if "clock" in options:
        set_clock(monkeypatch, options["clock"])
    parameters = {name: value for name, value in ({"FunctionName": "hello"} | fields).items() if value is not None}
    with pytest.raises(TencentCloudSDKException) as caught:
        sdk.call_json(options.get("action", "Invoke"), parameters)
    assert (caught.value.get_code(), bool(caught.value.get_message())) == (code, True), caught.value
    assert caught.value.get_request_id()


@pytest.mark.parametrize("seconds", [290, -290])
@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_a_clock_that_is_not_quite_right_is_good_enough(door, monkeypatch, signature, method, seconds):
    set_clock(monkeypatch, seconds)
    assert invoke(client(door, signature, method)).Result.InvokeResult == 0


@pytest.mark.parametrize("signature, method", SIGNATURES)
@pytest.mark.parametrize("action", ACTIONS)
def test_a_caller_runs_only_what_it_may(api_site, signature, method, action):
    sdk = client(api_site.relay, signature, method, key=api_site.hello_only)
    assert invoke(sdk, action).Result.InvokeResult == 0
    assert refusal(lambda: invoke(sdk, action, FunctionName="echo", event="{}")) == "UnauthorizedOperation.CAM"
    # What is not on the relay's list is as forbidden as what is, so that nobody learns what there is.
    assert refusal(lambda: invoke(sdk, action, FunctionName="no-such-one")) == "UnauthorizedOperation.CAM"
    assert refusal(lambda: invoke(sdk, action, Namespace="other")) == "UnauthorizedOperation.CAM"


def test_the_local_clouds_own_key_opens_nothing_at_the_relay(api_site):
    sdk = client(api_site.relay, key=api_site.local.key)
    assert refusal(lambda: invoke(sdk)) == "AuthFailure.SecretIdNotFound"


@pytest.mark.parametrize("action", ACTIONS)
def test_a_function_that_fails_is_no_error_of_the_api(door, action):
    result = invoke(client(door), action, FunctionName="fail").Result
    assert result.InvokeResult != 0
    assert "this function always fails" in result.ErrMsg


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_an_unsigned_call_is_refused_in_the_clouds_way(door, http, method):
    for headers in ({}, {"X-TC-Action": "Invoke", "X-TC-Version": "2018-04-16", "X-TC-Region": "ap-guangzhou",
                         "X-TC-Timestamp": str(int(time.time()))}):
        for authorization in ({}, {"Authorization": "SKIP"}, {"Authorization": "Basic cm9vdDpyb290"}):
            response = http.request(
                method, f"http://{door.endpoint}/", params={"FunctionName": "hello"} if method == "GET" else None,
                json={"FunctionName": "hello"} if method == "POST" else None, headers=headers | authorization)
            assert response.status_code == 200
            assert response.headers["Content-Type"] == "application/json"
            assert response.json()["Response"]["Error"]["Code"] in (
                "MissingParameter", "AuthFailure.InvalidAuthorization")


def set_clock(monkeypatch, seconds_off):
    """Makes the SDK's clock go wrong, and nothing else's."""

    class Clock:
        @staticmethod
        def time(now=time.time):
            return now() + seconds_off

    monkeypatch.setattr("tencentcloud.common.abstract_client.time", Clock)


def refusal(call):
    """The code with which `call()` is refused."""
    with pytest.raises(TencentCloudSDKException) as caught:
        call()
    return caught.value.get_code()


# ---- Connections and threads ----------------------------------------------------------------------------------------

@pytest.mark.parametrize("keep_alive", [True, False])
@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_one_connection_carries_all_calls_good_and_bad(door, signature, method, keep_alive):
    sdk = client(door, signature, method, keepAlive=keep_alive)
    for number in range(3):
        assert invoke(sdk, FunctionName="echo", event=str(number)).Result.RetMsg == str(number)
        assert refusal(lambda: invoke(sdk, event="{")) == "InvalidParameterValue.Param"
        sdk.credential.secret_key, right = "wrong", sdk.credential.secret_key
        assert refusal(lambda: invoke(sdk)) == "AuthFailure.SignatureFailure"
        sdk.credential.secret_key = right
    assert connections_opened(sdk) == 1


def connections_opened(sdk):
    pools = sdk.request.conn._session.get_adapter("http://").poolmanager.pools
    return sum(pools[key].num_connections for key in pools.keys())


@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_eight_threads_at_once_each_get_their_own_answer(door, signature, method):
    sdk = client(door, signature, method)
    together = threading.Barrier(8, timeout=30)

    def calls(thread):
        together.wait()
        for number in range(4):
            event = json.dumps({"thread": thread, "number": number, "文": "字" * thread})
            assert invoke(sdk, FunctionName="echo", event=event).Result.RetMsg == event
        return thread

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(calls, range(8))) == list(range(8))


def test_eight_threads_run_eight_functions_at_the_same_time(door):
    together = threading.Barrier(8, timeout=30)

    def call(_):
        sdk = client(door)
        together.wait()
        began = time.monotonic()
        invoke(sdk, FunctionName="sleep", event='{"seconds": 2}')
        return began, time.monotonic()

    with ThreadPoolExecutor(8) as pool:
        times = list(pool.map(call, range(8)))
    assert max(began for began, _ in times) < min(ended for _, ended in times), "they did not overlap"


# ---- Other ways into the SDK ----------------------------------------------------------------------------------------

def test_the_common_client_that_knows_no_products(door):
    sdk = client(door)
    common = CommonClient("scf", "2018-04-16", sdk.credential, "ap-guangzhou", sdk.profile)
    answer = common.call_json("Invoke", {"FunctionName": "echo", "ClientContext": "[1.0]"})
    assert answer["Response"]["Result"]["RetMsg"] == "[1.0]"


def test_an_event_call_returns_at_once(door):
    result = invoke(client(door), FunctionName="sleep", event='{"seconds": 3}', InvocationType="Event").Result
    assert result.FunctionRequestId and not result.RetMsg and not result.Log


def test_a_gateway_between_the_sdk_and_the_cloud(door):
    """The SDK's `apigw_endpoint` signs the cloud's own host, and sends the gateway's."""
    sdk = client(door, endpoint="scf.tencentcloudapi.com")
    sdk.profile.httpProfile.apigw_endpoint = door.endpoint
    assert invoke(sdk, FunctionName="echo", event="[]").Result.RetMsg == "[]"


# ---- What functions there are ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_a_list_of_the_functions(api_site, signature, method):
    sdk = client(api_site.local, signature, method)
    listed = list_functions(sdk)
    names = [function.FunctionName for function in listed.Functions]
    assert {"hello", "echo", "fail", "sleep", "log"} <= set(names)
    assert listed.TotalCount == len(names) == len(set(names))
    hello = next(function for function in listed.Functions if function.FunctionName == "hello")
    assert (hello.Namespace, hello.Description) == ("default", "says hello")


def test_a_part_of_the_list(api_site):
    sdk = client(api_site.local)
    everything = list_functions(sdk)
    page = list_functions(sdk, Offset=1, Limit=2)
    assert [each.FunctionName for each in page.Functions] == [each.FunctionName for each in everything.Functions][1:3]
    assert page.TotalCount == everything.TotalCount
    assert {each.FunctionName for each in list_functions(sdk, SearchKey="ell").Functions} == {"hello"}


@pytest.mark.parametrize("signature, method", SIGNATURES)
def test_what_a_function_is(api_site, signature, method):
    sdk = client(api_site.local, signature, method)
    sleep = get_function(sdk, FunctionName="sleep")
    assert (sleep.FunctionName, sleep.Namespace, sleep.Timeout, sleep.MemorySize) == ("sleep", "default", 300, 128)
    assert sleep.Handler == "index.main_handler" and sleep.Runtime.startswith("Python3")
    assert sleep.Status == "Active" and sleep.FunctionVersion == "$LATEST"
    assert refusal(lambda: get_function(sdk, FunctionName="no-such-one")).startswith("ResourceNotFound.Function")


def list_functions(sdk, **fields):
    return sdk.ListFunctions(filled(models.ListFunctionsRequest(), fields))


def get_function(sdk, **fields):
    return sdk.GetFunction(filled(models.GetFunctionRequest(), fields))


def filled(request, fields):
    request._deserialize(fields)
    return request
