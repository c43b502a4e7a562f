"""A site with webhooks: a hook for each kind of sender, and functions that do something with what they get."""

import json
import shutil
import time

import processes
from running_site import Site

PAYLOADS = processes.ROOT / "Tests" / "EndToEnd" / "payloads"
SECRET = "an end-to-end secret"
STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PASSWORD = "alerts:correct horse battery"
ENVIRONMENT = {"HOOK_SECRET": SECRET, "STANDARD_SECRET": STANDARD_SECRET, "BASIC": PASSWORD}

FUNCTIONS = {
    # What somebody would write who is woken by alerts.
    "alerts": """
def main_handler(event, context):
    firing = [alert["labels"]["instance"] for alert in event["alerts"] if alert["status"] == "firing"]
    return {"group": event["groupKey"], "firing": firing, "total": len(event["alerts"])}
""",
    "pipeline": """
def main_handler(event, context):
    return "%s pushed %d commits to %s" % (event["user_name"], len(event["commits"]), event["project"]["path_with_namespace"])
""",
    # Written for the API-gateway trigger, both ways.
    "gateway": """
import base64, json

def main_handler(event, context):
    body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
    answer = {"method": event["httpMethod"], "path": event["path"], "query": event["queryString"],
              "agent": event["headers"]["user-agent"], "headers": sorted(event["headers"]), "bytes": len(body)}
    return {"isBase64Encoded": False, "statusCode": 203, "body": json.dumps(answer),
            "headers": {"Content-Type": "application/vnd.example+json", "X-Own": "yes", "Set-Cookie": "a=b",
                        "X-Accel-Redirect": "/index.html"}}
""",
}

HOOKS = [
    {"name": "standard", "function": "echo", "verify": "standard-webhooks", "secrets": ["environment:STANDARD_SECRET"]},
    {"name": "github", "function": "echo", "verify": "github", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "slack", "function": "echo", "verify": "slack", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "coding", "function": "echo", "verify": "coding", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "stripe", "function": "echo", "verify": "stripe", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "grafana", "function": "echo", "verify": "grafana", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "pipeline", "function": "pipeline", "verify": "gitlab", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "alerts", "function": "alerts", "secrets": ["environment:BASIC"],
     "verify": {"scheme": "alertmanager", "authorization": "basic"}},
    {"name": "gateway", "function": "gateway", "context": "envelope", "verify": "bearer", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "failing", "function": "fail", "verify": "github", "secrets": ["environment:HOOK_SECRET"]},
    {"name": "here", "function": "echo", "verify": "none", "allow": ["127.0.0.1"]},
    {"name": "elsewhere", "function": "echo", "verify": "none", "allow": ["192.0.2.0/24", "::1"]},
]


def start(directory):
    """Starts the site."""
    functions = directory / "functions"
    shutil.copytree(processes.ROOT / "functions", functions)
    for name, code in FUNCTIONS.items():
        (functions / "default" / name).mkdir()
        (functions / "default" / name / "index.py").write_text(code)
    return Site(
        directory / "run", "--config", directory / "relay.yaml", "--functions", functions,
        environment=processes.CLEAN_ENVIRONMENT | ENVIRONMENT,
        prepare=lambda site: (directory / "relay.yaml").write_text(configuration(site, directory)))


def configuration(site, directory):
    """The text of relay.yaml: script/server reads listen from its line, everything else may be JSON."""
    rest = {
        "cloud": {"endpoint": site.local_url, "region": "ap-guangzhou"},
        "limits": {"requestsPerSecond": 0, "drainSeconds": 5},
        "functions": [{"name": name} for name in ["echo", "fail", *FUNCTIONS]],
        "hooks": HOOKS,
    }
    lines = [f'listen: "unix:{directory}/relay.sock"', *(f"{key}: {json.dumps(value)}" for key, value in rest.items())]
    return "\n".join(lines) + "\n"


def log_of(site, hook):
    """What the relay's log says of a hook's calls."""
    lines = (json.loads(line) for line in site.log("relay").splitlines() if line.startswith("{"))
    return [line for line in lines if line.get("hook") == hook]


def now():
    return int(time.time())
