// SPDX-License-Identifier: Apache-2.0

import { newCallId } from "./history-link.js";

/**
 * Sends a call to the relay and says what came of it. No DOM in here.
 *
 * @typedef {{kind: "result", status: number, result: object, requestId: string}} ResultOutcome
 * @typedef {{kind: "error", status: number, code: string, message: string, requestId: string, retryAfter: string}} ErrorOutcome
 * @typedef {{kind: "foreign", status: number, requestId: string}} ForeignOutcome not the relay's answer: nginx's own page
 * @typedef {{kind: "cancelled"} | {kind: "network"}} NoOutcome
 * Each has callId, the id that the call may be kept under, and where there was an answer isKept, whether it is.
 */

/**
 * @param {[string, string][]} parameters by the API's names; empty ones are left out
 * @param {AbortSignal} signal
 * @returns {Promise<ResultOutcome | ErrorOutcome | ForeignOutcome | NoOutcome>}
 */
export async function invoke(parameters, signal) {
    const callId = newCallId();
    return { ...(await send("/invoke", parameters, signal, { "X-Call-Id": callId })), callId };
}

/**
 * The call as code, in every language there is: `kind: "code"`, with what `POST /code` answers.
 * @param {[string, string][]} parameters
 */
export async function codeFor(parameters) {
    return send("/code", parameters, new AbortController().signal);
}

async function send(address, parameters, signal, fields = {}) {
    try {
        const answer = await fetch(address, {
            method: "POST",
            headers: { Accept: "application/json", ...fields },
            body: encode(parameters),
            signal,
        });
        const isKept = answer.headers.get("Link")?.includes("</history/") ?? false;
        return { ...read(answer, await answer.text()), isKept };
    } catch {
        return { kind: signal.aborted ? "cancelled" : "network" };
    }
}

/** As multipart, with ClientContext as a file: a text entry would have its newlines changed. */
function encode(parameters) {
    const body = new FormData();
    for (const [name, value] of parameters) {
        if (value === "") continue;
        body.append(name, name === "ClientContext" ? new Blob([value], { type: "application/json" }) : value);
    }
    return body;
}

function read(answer, text) {
    const status = answer.status;
    const body = bodyOf(answer, text);
    if (body?.Code) return { kind: "code", ...body };
    const response = body?.Response;
    const requestId = response?.RequestId ?? answer.headers.get("X-Request-Id") ?? "";
    if (response?.Error) {
        const retryAfter = answer.headers.get("Retry-After") ?? "";
        return { kind: "error", status, code: response.Error.Code, message: response.Error.Message, requestId, retryAfter };
    }
    if (response?.Result) return { kind: "result", status, result: response.Result, requestId };
    return { kind: "foreign", status, requestId };
}

function bodyOf(answer, text) {
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return undefined;
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}
