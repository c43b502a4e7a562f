"""Runs one Python function once, as the cloud's Python runtime does.

Standard input:  a line of JSON ({"handler": ..., "context": {...}}), then the event, which is JSON too.
Standard output: a line "STATUS PEAK LENGTH", then LENGTH bytes. STATUS is 0 or one of the cloud's function status
                 codes; PEAK is the most memory this process had, in bytes; the bytes are the result, or what went wrong.
Whatever the function prints goes to standard error, the log: it cannot get into the answer.
"""

import importlib
import json
import os
import resource
import sys
import traceback

# Address space is not memory: libraries reserve far more than they touch. The memory limit itself is kept by whoever
# started this process; this bound only keeps one burst from taking the whole machine before that is noticed.
ADDRESS_SPACE_BEYOND_MEMORY = 1024 * 1024 * 1024
LONGEST_STACK_TRACE = 64 * 1024

CODE_ROOT = os.environ["USER_CODE_ROOT"]

EVENT_NOT_JSON, EXCEPTION, MEMORY, NO_HANDLER, EXITED, CODE_ERROR = 400, 430, 434, 437, 439, 443


class Failure(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status
        self.text = text


def main():
    answers = os.fdopen(os.dup(1), "wb")  # not inherited by processes that the function starts
    os.dup2(2, 1)
    runner = os.getpid()
    call = json.loads(sys.stdin.buffer.readline())
    limit_resources(call["context"]["memory_limit_in_mb"])
    try:
        status, body = 0, run(call)
    except Failure as failure:
        status, body = failure.status, failure.text.encode("utf-8", "replace")
    except MemoryError:
        status, body = MEMORY, b""
    if os.getpid() != runner:
        os._exit(1)  # a copy that the function forked and let run out of its handler
    answers.write(b"%d %d %d\n" % (status, peak_memory(), len(body)))
    answers.write(body)
    answers.flush()
    os._exit(0)  # the cloud does not wait for threads that the handler left behind either


def limit_resources(memory_mb):
    address_space = memory_mb * 1024 * 1024 + ADDRESS_SPACE_BEYOND_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(call):
    try:
        event = json.loads(sys.stdin.buffer.read())
    except (ValueError, RecursionError) as error:
        raise Failure(EVENT_NOT_JSON, f"the event cannot be read: {error}") from None
    handler = load(call["handler"])
    try:
        return encode(handler(event, call["context"]))
    except MemoryError:
        raise
    except SystemExit as error:
        raise Failure(EXITED, f"sys.exit({error.code!r})") from None
    except BaseException as error:
        raise Failure(EXCEPTION, stack_trace(error)) from None


def load(handler):
    module_path, _, function_name = handler.rpartition(".")
    module_name = module_path.replace("/", ".")
    sys.path[0] = CODE_ROOT
    try:
        module = importlib.import_module(module_name)
    except MemoryError:
        raise
    except SystemExit as error:
        raise Failure(EXITED, f"sys.exit({error.code!r})") from None
    except BaseException as error:
        if isinstance(error, ModuleNotFoundError) and error.name == module_name:
            raise Failure(NO_HANDLER, f"there is no {module_path}.py") from None
        raise Failure(CODE_ERROR, stack_trace(error)) from None
    function = getattr(module, function_name, None)
    if not callable(function):
        raise Failure(NO_HANDLER, f"{module_path}.py has no function {function_name}")
    return function


def encode(result):
    """A string is the answer as it stands (the API page shows `hello from scf` bare); anything else becomes JSON."""
    if isinstance(result, str):
        return result.encode("utf-8", "replace")
    text = json.dumps(result, ensure_ascii=False, allow_nan=False)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can carry
        return json.dumps(result, allow_nan=False).encode("ascii")


def stack_trace(error):
    """The trace from the function's own code on: the frames above it are this file's and would only distract."""
    frames = error.__traceback__
    while frames and not frames.tb_frame.f_code.co_filename.startswith(CODE_ROOT):
        frames = frames.tb_next
    text = "".join(traceback.format_exception(type(error), error, frames))
    if not text.startswith("Traceback"):
        text = "Traceback (most recent call last):\n" + text
    return text[-LONGEST_STACK_TRACE:]


def peak_memory():
    with open("/proc/self/status", "rb") as status:
        for line in status:
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


main()
