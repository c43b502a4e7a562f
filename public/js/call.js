// SPDX-License-Identifier: Apache-2.0

/**
 * Sends a call to the relay and says what came of it. No DOM in here.
 *
 * @typedef {{kind: "result", status: number, result: object, requestId: string}} ResultOutcome
 * @typedef {{kind: "error", status: number, code: string, message: string, requestId: string, retryAfter: string}} ErrorOutcome
 * @typedef {{kind: "foreign", status: number, requestId: string}} ForeignOutcome not the relay's answer: nginx's own page
 * @typedef {{kind: "cancelled"} | {kind: "network"}} NoOutcome
 */

/**
 * @param {[string, string][]} parameters by the API's names; empty ones are left out
 * @param {AbortSignal} signal
 * @returns {Promise<ResultOutcome | ErrorOutcome | ForeignOutcome | NoOutcome>}
 */
export async function invoke(parameters, signal) {
    try {
        const answer = await fetch("/invoke", {
            method: "POST",
            headers: { Accept: "application/json" },
            body: encode(parameters),
            signal,
        });
        return read(answer, await answer.text());
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
    const response = envelopeOf(answer, text);
    const requestId = response?.RequestId ?? answer.headers.get("X-Request-Id") ?? "";
    if (response?.Error) {
        const retryAfter = answer.headers.get("Retry-After") ?? "";
        return { kind: "error", status, code: response.Error.Code, message: response.Error.Message, requestId, retryAfter };
    }
    if (response?.Result) return { kind: "result", status, result: response.Result, requestId };
    return { kind: "foreign", status, requestId };
}

function envelopeOf(answer, text) {
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return undefined;
    try {
        return JSON.parse(text).Response;
    } catch {
        return undefined;
    }
}
