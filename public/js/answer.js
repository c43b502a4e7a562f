// SPDX-License-Identifier: Apache-2.0

import { adviceFor } from "./advice.js";
import { announce } from "./announce.js";
import { addCopyButtons } from "./copy.js";
import { addHistoryLink } from "./history-link.js";
import { strings } from "./strings.js";
import { adoptBlock, fillBlock } from "./text-block.js";
import { groupDigits, readableDuration, readableSize } from "./units.js";

/**
 * Shows what came of a call. The markup stands in the page, in templates that the server fills in the same way;
 * whatever came from outside enters as text, never as HTML.
 */

/** Adds what only a script can to an answer that the server rendered. */
export function adoptAnswer(container) {
    for (const block of container.querySelectorAll(".block")) adoptBlock(block);
    addCopyButtons(container);
}

/** @returns {{cancelButton: HTMLButtonElement, showElapsed: (milliseconds: number) => void}} */
export function showRunning(container, name, cancel) {
    const card = cloneOf("running");
    const elapsed = part(card, "elapsed");
    const cancelButton = part(card, "cancel");
    part(card, "FunctionName").textContent = name;
    cancelButton.addEventListener("click", cancel);
    container.replaceChildren(card);
    return {
        cancelButton,
        showElapsed: (milliseconds) => (elapsed.textContent = `${(milliseconds / 1000).toFixed(1)} s`),
    };
}

/**
 * @param {object} outcome of `invoke`, with name, isEvent and elapsed
 * @param {{focus: boolean}} options focus: lead the reader to the answer
 */
export async function showOutcome(container, outcome, { focus }) {
    const card = outcome.kind === "result" ? resultCard(outcome) : await errorCard(outcome);
    addCopyButtons(card);
    container.replaceChildren(card);
    const title = card.querySelector("h2");
    if (focus) {
        title.focus({ preventScroll: true });
        bringIntoView(card);
    }
    announce(title.textContent);
    await addHistoryLink(card, outcome);
}

/** Scrolls only where the answer's head is out of sight or far down. */
function bringIntoView(card) {
    const top = card.getBoundingClientRect().top;
    if (top < 0 || top > innerHeight / 2) card.scrollIntoView({ block: "start" });
}

function resultCard({ name, isEvent, status, result, requestId }) {
    const card = cloneOf("result");
    const isFailed = Boolean(result.InvokeResult) || Boolean(result.ErrMsg);
    const state = isFailed ? "failed" : isEvent ? "accepted" : "success";
    card.dataset.state = state;
    fill(card, {
        title: document.querySelector("#result-template").dataset[state],
        FunctionName: name,
        FunctionRequestId: result.FunctionRequestId ?? "",
        RequestId: requestId,
        httpStatus: String(status),
    });
    if (isEvent) part(card, "figures").remove();
    else part(card, "accepted").remove();
    if (!isEvent) fillFigures(card, result);
    const trace = stackTraceOf(result);
    fillOrRemove(card, "ErrMsg", result.ErrMsg);
    fillOrRemove(card, "StackTrace", trace);
    if (isEvent) part(card, "RetMsg").remove();
    else fillBlock(part(card, "RetMsg"), result.RetMsg ?? "", { format: true });
    fillOrRemove(card, "Log", result.Log);
    return card;
}

function fillFigures(card, { Duration = 0, BillDuration = 0, MemUsage = 0 }) {
    const figure = (name, text, exact) => {
        part(card, name).textContent = text;
        part(card, name).title = exact;
    };
    figure("Duration", readableDuration(Duration), `${Duration} ms`);
    figure("BillDuration", readableDuration(BillDuration), `${BillDuration} ms`);
    figure("MemUsage", readableSize(MemUsage), strings.exactBytes(groupDigits(MemUsage)));
}

/** The stack trace inside a RetMsg that reports an exception, where ErrMsg does not show it already. */
function stackTraceOf({ RetMsg, ErrMsg }) {
    try {
        const trace = JSON.parse(RetMsg).stackTrace;
        return typeof trace === "string" && !ErrMsg?.includes(trace) ? trace : "";
    } catch {
        return "";
    }
}

async function errorCard(outcome) {
    const card = cloneOf("error");
    const told = await tell(outcome);
    fill(card, { title: told.title, Code: told.code ?? "", Message: told.message, RequestId: outcome.requestId ?? "", httpStatus: String(outcome.status ?? "") });
    fillOrRemoveText(card, "meaning", told.meaning);
    fillOrRemoveText(card, "retryAfter", outcome.retryAfter && strings.retryAfter(outcome.retryAfter));
    if (told.advice) part(card, "advice-text").textContent = told.advice;
    else part(card, "advice").remove();
    for (const name of ["RequestId", "httpStatus"]) {
        if (part(card, name).textContent === "") part(card, name).parentElement.remove();
    }
    return card;
}

/** Title, message and advice for an outcome that is no result. */
async function tell({ kind, status, code, message, elapsed }) {
    const time = readableDuration(Math.round(elapsed));
    if (kind === "cancelled" || kind === "network") {
        const words = strings[kind];
        return { title: words.title, message: words.message(time), advice: words.advice };
    }
    if (kind === "foreign") {
        const words = strings.foreign;
        return { title: words.title, message: words.message(status), advice: words[status] ?? words.other };
    }
    const title = document.querySelector("#error-template").dataset.error;
    return { title, code, message, ...(await adviceFor(code)) };
}

function cloneOf(name) {
    return document.querySelector(`#${name}-template`).content.firstElementChild.cloneNode(true);
}

function part(card, name) {
    return card.querySelector(`[data-part="${name}"]`);
}

function fill(card, texts) {
    for (const [name, text] of Object.entries(texts)) part(card, name).textContent = text;
}

function fillOrRemove(card, name, text) {
    if (text) fillBlock(part(card, name), text, { format: false });
    else part(card, name).remove();
}

function fillOrRemoveText(card, name, text) {
    if (text) part(card, name).textContent = text;
    else part(card, name).remove();
}
