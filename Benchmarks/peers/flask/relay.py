# SPDX-License-Identifier: Apache-2.0
"""A relay in Python as one would write it in an hour: Flask, and the official SDK, which signs.

Run by gunicorn behind nginx. No validation but what reading JSON is, no routing, no limits, no logging: not for use.
"""

import os
import threading

from flask import Flask, Response, request
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.scf.v20180416.scf_client import ScfClient

app = Flask(__name__)
of_this_thread = threading.local()


def client():
    """A client for each thread, because the SDK's are not for several; its connection to the cloud is kept."""
    if not hasattr(of_this_thread, "client"):
        http = HttpProfile(protocol="http", endpoint=f"127.0.0.1:{os.environ['CLOUD_PORT']}", keepAlive=True)
        credential = Credential(os.environ["TENCENTCLOUD_SECRET_ID"], os.environ["TENCENTCLOUD_SECRET_KEY"])
        of_this_thread.client = ScfClient(credential, "ap-guangzhou", ClientProfile(httpProfile=http))
    return of_this_thread.client


@app.post("/invoke")
def invoke():
    # `call` gives the cloud's answer as it came; `Invoke` would read it and write it anew.
    return Response(client().call("Invoke", request.get_json()), mimetype="application/json")
