"""The official Python SDK against the local cloud, as it would call the real one."""

import json

import pytest
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.scf.v20180416 import models, scf_client


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def client(site, secret_id="AKIDLOCAL", secret_key="local-secret", method="POST", signature="TC3-HMAC-SHA256"):
    http = HttpProfile(protocol="http", endpoint=f"127.0.0.1:{site.local_port}", reqMethod=method, reqTimeout=30)
    profile = ClientProfile(httpProfile=http, signMethod=signature)
    return scf_client.ScfClient(credential.Credential(secret_id, secret_key), "ap-guangzhou", profile)


def request(**fields):
    call = models.InvokeRequest()
    call._deserialize({"FunctionName": "hello"} | fields)
    return call


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_hello(site, method):
    response = client(site, method=method).Invoke(request(ClientContext='{"key": "value"}', LogType="Tail"))
    assert response.Result.RetMsg == "hello from scf"
    assert response.Result.InvokeResult == 0 and response.Result.ErrMsg == ""
    assert response.Result.Duration > 0 and response.Result.FunctionRequestId
    assert response.RequestId


def test_a_mebibyte_of_event_comes_back_as_it_was(site):
    text = json.dumps(["汉字 \"quoted\" 😀"] * 40_000, ensure_ascii=False)[:-2]
    text += "." * (1_048_576 - len(text.encode()) - 2) + '"]'
    assert len(text.encode()) == 1_048_576
    assert client(site).Invoke(request(FunctionName="echo", ClientContext=text)).Result.RetMsg == text


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("options, fields, code", [
    ({"secret_key": "wrong"}, {}, "AuthFailure.SignatureFailure"),
    ({"secret_id": "AKIDNOBODY"}, {}, "AuthFailure.SecretIdNotFound"),
    ({}, {"FunctionName": "no-such-function"}, "ResourceNotFound.FunctionName"),
    ({}, {"ClientContext": "{"}, "InvalidParameterValue.Param"),
    ({}, {"InvocationType": "Later"}, "InvalidParameterValue"),
], ids=str)
def test_the_errors_of_the_cloud(site, method, options, fields, code):
    with pytest.raises(TencentCloudSDKException) as caught:
        client(site, method=method, **options).Invoke(request(**fields))
    assert caught.value.get_code() == code
    assert caught.value.get_request_id()
    assert caught.value.get_message()


def test_an_action_that_does_not_exist(site):
    with pytest.raises(TencentCloudSDKException) as caught:
        client(site).call_json("NoSuchAction", {})
    assert caught.value.get_code() == "InvalidAction"


def test_a_version_that_does_not_exist(site):
    other = client(site)
    other._apiVersion = "2017-01-01"
    with pytest.raises(TencentCloudSDKException) as caught:
        other.Invoke(request())
    assert caught.value.get_code() == "NoSuchVersion"


def test_a_function_that_fails_is_no_error_of_the_api(site):
    result = client(site).Invoke(request(FunctionName="fail")).Result
    assert result.InvokeResult != 0
    assert "this function always fails" in result.ErrMsg


def test_an_unsigned_call_is_refused_in_the_clouds_way(site, http):
    response = http.post(f"{site.local_url}/", json={"FunctionName": "hello"}, headers={
        "X-TC-Action": "Invoke", "X-TC-Version": "2018-04-16", "X-TC-Region": "ap-guangzhou", "X-TC-Timestamp": "1"})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json()["Response"]["Error"]["Code"] in ("MissingParameter", "AuthFailure.InvalidAuthorization")
