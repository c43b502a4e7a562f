// Runs one Node function, an event at a time, as the cloud's Node runtime does.
//
// Standard input, output and error are used as Runtimes/python.py describes. Between two events this process waits in
// one blocking read: timers and sockets of the function stand still meanwhile, as they do in the cloud.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const util = require("node:util");
const { builtinModules, createRequire } = require("node:module");
const { pathToFileURL } = require("node:url");

const CODE_ROOT = process.env.USER_CODE_ROOT;
const EVENT_NOT_JSON = 400, TOO_LARGE = 407, EXCEPTION = 430, NO_HANDLER = 437, EXITED = 439, CODE_ERROR = 443;
// After these the process is not what it was, or never got to be: the next event has a new one.
const LAST = [NO_HANDLER, EXITED, CODE_ERROR];
const LONGEST_STACK_TRACE = 64 * 1024;

class Failure {
  constructor(status, text) {
    this.status = status;
    this.text = text;
  }
}

// ---- Calls and answers ----------------------------------------------------------------------------------------------

// Opened anew, so that what the function does to its own descriptors 0 to 2 does not reach these; and closed in
// whatever processes it starts. Descriptor 0 becomes empty, and 1 the log.
const calls = fs.openSync("/proc/self/fd/0", "r");
const answers = fs.openSync("/proc/self/fd/1", "w");
const log = fs.openSync("/proc/self/fd/2", "w");
fs.closeSync(0);
fs.openSync("/dev/null", "r");
fs.closeSync(1);
fs.openSync("/proc/self/fd/2", "w");

let unread = Buffer.alloc(0);

/** Waits for more bytes; false where whoever started this process has gone. */
function readMore() {
  const chunk = Buffer.allocUnsafe(64 * 1024);
  const count = fs.readSync(calls, chunk);
  unread = Buffer.concat([unread, chunk.subarray(0, count)]);
  return count > 0;
}

/** The next call and its event, or undefined. */
function nextCall() {
  while (!unread.includes("\n")) {
    if (!readMore()) return undefined;
  }
  const lineEnd = unread.indexOf("\n");
  const call = JSON.parse(unread.toString("utf8", 0, lineEnd));
  const event = Buffer.allocUnsafe(call.event_bytes);
  let filled = unread.copy(event, 0, lineEnd + 1);
  unread = unread.subarray(lineEnd + 1 + filled);
  while (filled < event.length) {
    const count = fs.readSync(calls, event, filled, event.length - filled);
    if (count === 0) return undefined;
    filled += count;
  }
  return { call, event };
}

function writeAll(descriptor, bytes) {
  for (let written = 0; written < bytes.length;) written += fs.writeSync(descriptor, bytes, written);
}

function answer(call, status, body, isLast) {
  writeAll(log, Buffer.from(call.mark));
  writeAll(answers, Buffer.from(`${status} ${peakMemory()} ${body.length} ${isLast ? 1 : 0}\n`));
  writeAll(answers, body);
}

// ---- One event ------------------------------------------------------------------------------------------------------

let handler;
let run; // the event under way: { call, isAnswered, whenIdle }
let strayError; // thrown between two events, by something that an earlier one left behind

function serveNext() {
  const next = nextCall();
  if (next === undefined) leave();
  run = { call: next.call, isAnswered: false, whenIdle: undefined };
  if (strayError !== undefined) return finishWith(strayError, true);
  serve(run, next.event).catch((error) => finishWith(error));
}

async function serve(own, eventText) {
  handler ??= await load(own.call.handler);
  let event;
  try {
    event = JSON.parse(eventText.toString("utf8"));
  } catch (error) {
    throw new Failure(EVENT_NOT_JSON, `the event cannot be read: ${error.message}`);
  }
  const context = { callbackWaitsForEmptyEventLoop: true, ...own.call.context };
  const callback = (error, result) => {
    if (own !== run || own.whenIdle !== undefined) return; // the first call counts
    const settle = () => (error == null ? succeed(result) : finishWith(error));
    own.whenIdle = settle;
    if (context.callbackWaitsForEmptyEventLoop === false) settle();
  };
  const returned = handler(event, context, callback);
  if (typeof returned?.then === "function") {
    const result = await returned;
    if (own.whenIdle !== undefined) own.whenIdle(); // an async handler that has called back as well
    else succeed(result);
  } else if (returned !== undefined) {
    succeed(returned);
  }
  // Else the callback is called some time, or the event loop runs empty.
}

async function load(name) {
  const dot = name.lastIndexOf(".");
  const [file, exported] = [`${name.slice(0, dot)}.js`, name.slice(dot + 1)];
  const fullPath = path.join(CODE_ROOT, file);
  if (!fs.existsSync(fullPath)) throw new Failure(NO_HANDLER, `there is no ${file}`);
  let module;
  try {
    module = await importOrRequire(fullPath);
  } catch (error) {
    throw new Failure(CODE_ERROR, stackTrace(error));
  }
  const found = module?.[exported] ?? module?.default?.[exported];
  if (typeof found !== "function") throw new Failure(NO_HANDLER, `${file} has no function ${exported}`);
  return found;
}

async function importOrRequire(fullPath) {
  try {
    return createRequire(fullPath)(fullPath);
  } catch (error) {
    if (error?.code !== "ERR_REQUIRE_ESM") throw error;
    return import(pathToFileURL(fullPath));
  }
}

function succeed(result) {
  let body;
  try {
    body = encode(result);
  } catch (error) {
    return finishWith(error);
  }
  if (body.length > run.call.result_limit) return finishWith(new Failure(TOO_LARGE, ""));
  finish(0, body, false);
}

/** A string is the answer as it stands; anything else becomes JSON, and what JSON has no word for, null. */
function encode(result) {
  return Buffer.from(typeof result === "string" ? result : (JSON.stringify(result) ?? "null"));
}

function finishWith(error, isLast = false) {
  const failure = error instanceof Failure ? error : new Failure(EXCEPTION, stackTrace(error));
  finish(failure.status, Buffer.from(failure.text), isLast || LAST.includes(failure.status));
}

function finish(status, body, isLast) {
  if (run.isAnswered) return;
  run.isAnswered = true;
  answer(run.call, status, body, isLast);
  if (isLast) leave();
  setImmediate(serveNext);
}

// ---- What ends an event without the handler's doing ---------------------------------------------------------------

const exit = process.reallyExit.bind(process);
const leave = () => exit(0);

// Rejections that nobody handles come here too. What else the function has begun is not to be trusted after that.
process.on("uncaughtException", (error) => {
  if (run === undefined || run.isAnswered) strayError = error ?? new Error(String(error));
  else finishWith(error, true);
});

// Nothing is left to wait for.
process.on("beforeExit", () => {
  if (run.whenIdle) run.whenIdle();
  else succeed(null);
});

process.on("exit", (code) => {
  if (!run.isAnswered) finishWith(new Failure(EXITED, `process.exit(${code})`));
});

// ---- Log, traces, memory --------------------------------------------------------------------------------------------

// As the cloud writes lines of the console: time, request id, text.
for (const [name, stream] of [
  ["log", "stdout"], ["info", "stdout"], ["debug", "stdout"], ["warn", "stderr"], ["error", "stderr"],
]) {
  console[name] = (...values) => {
    const id = run?.call.context.request_id ?? "";
    process[stream].write(`${new Date().toISOString()}\t${id}\t${util.format(...values)}\n`);
  };
}

/** The trace without the frames of this file, which would only distract. */
function stackTrace(error) {
  const text = typeof error?.stack === "string" ? error.stack : util.inspect(error);
  return text.split("\n").filter((line) => !/^ +at .*\[eval\]/.test(line)).join("\n").slice(0, LONGEST_STACK_TRACE);
}

function peakMemory() {
  const match = /^VmHWM:\s+(\d+)/m.exec(fs.readFileSync("/proc/self/status", "latin1"));
  return match ? Number(match[1]) * 1024 : 0;
}

// Code given with -e finds every module as a global variable. In the cloud it does not, so neither here.
for (const name of [...builtinModules, "require", "module", "exports", "__filename", "__dirname"]) {
  const property = Object.getOwnPropertyDescriptor(globalThis, name);
  if (property?.configurable && !["console", "process", "crypto", "performance"].includes(name)) {
    delete globalThis[name];
  }
}

serveNext();
