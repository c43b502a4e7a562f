"""Runs one Python function, an event at a time, as the cloud's Python runtime does.

Standard input:  for each event a line of JSON (`RunnerCall` in RunnerCall.swift), then the event itself.
Standard output: for each event a line "STATUS PEAK LENGTH LAST", then LENGTH bytes. STATUS is 0 or one of the cloud's
                 function status codes; PEAK is the most memory this process had since that was last reset, in bytes; LAST is 1 where
                 this process takes no further event; the bytes are the result, or what went wrong.
Standard error:  the log. After each event comes the mark that the call named, which ends the event's part of it.

Whatever the function prints goes to standard error: it cannot get into the answers. It finds an empty standard input.
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

EVENT_NOT_JSON, TOO_LARGE, EXCEPTION, MEMORY, NO_HANDLER, EXITED, CODE_ERROR = 400, 407, 430, 434, 437, 439, 443
# After these the process is not what it was, or never got to be: the next event has a new one.
LAST = (MEMORY, NO_HANDLER, EXITED, CODE_ERROR)


class Failure(Exception):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status
        self.text = text


class Channel:
    """Calls and answers, on descriptors that processes which the function starts do not inherit."""

    def __init__(self):
        self.calls = os.fdopen(os.dup(0), "rb")
        self.answers = os.fdopen(os.dup(1), "wb")
        # Opened anew: what the function does to its own standard error does not reach this one.
        self.log = os.open("/proc/self/fd/2", os.O_WRONLY)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)

    def next_call(self):
        """The next call and its event; nothing where whoever started this process has gone."""
        line = self.calls.readline()
        if not line:
            return None
        call = json.loads(line)
        event = self.calls.read(call["event_bytes"])
        return (call, event) if len(event) == call["event_bytes"] else None

    def answer(self, call, status, body):
        os.write(self.log, call["mark"].encode())
        self.answers.write(b"%d %d %d %d\n" % (status, peak_memory(), len(body), status in LAST))
        self.answers.write(body)
        self.answers.flush()


def main():
    channel = Channel()
    runner = os.getpid()
    handler = None
    while True:
        next_call = channel.next_call()
        if next_call is None:
            os._exit(0)
        call, event = next_call
        try:
            if handler is None:
                limit_resources(call["context"]["memory_limit_in_mb"])
                handler = load(call["handler"])
            status, body = 0, run(handler, call, event)
        except Failure as failure:
            status, body = failure.status, failure.text.encode("utf-8", "replace")
        except MemoryError:
            status, body = MEMORY, b""
        if os.getpid() != runner:
            os._exit(1)  # a copy that the function forked and let run out of its handler
        flush_output()
        channel.answer(call, status, body)
        if status in LAST:
            os._exit(0)  # the cloud does not wait for threads that the handler left behind either


def limit_resources(memory_mb):
    address_space = memory_mb * 1024 * 1024 + ADDRESS_SPACE_BEYOND_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


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


def run(handler, call, event):
    try:
        event = json.loads(event)
    except (ValueError, RecursionError) as error:
        raise Failure(EVENT_NOT_JSON, f"the event cannot be read: {error}") from None
    try:
        result = encode(handler(event, call["context"]))
    except MemoryError:
        raise
    except SystemExit as error:
        raise Failure(EXITED, f"sys.exit({error.code!r})") from None
    except BaseException as error:
        raise Failure(EXCEPTION, stack_trace(error)) from None
    if len(result) > call["result_limit"]:
        raise Failure(TOO_LARGE, "")
    return result


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


def flush_output():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass  # the function has put something of its own there, or closed it


def peak_memory():
    with open("/proc/self/status", "rb") as status:
        for line in status:
            if line.startswith(b"VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0


main()
