// SPDX-License-Identifier: Apache-2.0

import { announce } from "./announce.js";
import { showOutcome, showRunning } from "./answer.js";
import { codeFor, invoke } from "./call.js";
import { strings } from "./strings.js";

/**
 * Runs the form in place: one call at a time, with the time it takes, and a way to stop waiting. Or shows it as code.
 * @param {{keep: () => void}} events told of each call that is made
 */
export function runInPlace(form, editor, events, answer) {
    const button = form.querySelector("#run");
    let isRunning = false;

    /** Whether the event can be sent; shows why not. */
    function isReady() {
        const problem = editor.problem();
        if (problem === "") return true;
        announce(strings.notSent(problem));
        editor.showProblem();
        return false;
    }

    async function run() {
        if (isRunning || !isReady()) return;
        isRunning = true;
        events.keep();
        button.setAttribute("aria-disabled", "true");
        // Whoever works in a field goes on there; whoever pressed the button is led to the answer.
        const staysInField = document.activeElement !== button && answerIsBeside(form, answer);
        const outcome = await callShown(new FormData(form), editor.text(), answer, staysInField);
        await showOutcome(answer, outcome, { focus: !staysInField || answer.contains(document.activeElement) });
        button.removeAttribute("aria-disabled");
        isRunning = false;
    }

    async function showAsCode() {
        if (isRunning || !isReady()) return;
        const data = new FormData(form);
        const started = performance.now();
        const outcome = { ...(await codeFor(parametersOf(data, editor.text()))), name: data.get("FunctionName") };
        if (outcome.kind !== "code") {
            await showOutcome(answer, { ...outcome, elapsed: performance.now() - started }, { focus: true });
            return;
        }
        // Few visits need it: it is no part of the first load.
        const { showCode } = await import("./code.js");
        const card = showCode(answer, outcome);
        if (answerIsBeside(form, answer)) return;
        card.querySelector("h2").focus({ preventScroll: true });
        card.scrollIntoView({ block: "start" });
    }

    form.addEventListener("submit", (event) => {
        // How it is signed is a view of its own: the browser takes the form there.
        const leaves = event.submitter?.id === "as-signed";
        if (leaves && isReady()) return;
        event.preventDefault();
        if (leaves) return;
        if (event.submitter?.id === "as-code") showAsCode();
        else run();
    });
    document.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        form.requestSubmit();
    });
}

/** Calls, and shows that it is running until the answer is there. */
async function callShown(data, clientContext, answer, staysInField) {
    const abort = new AbortController();
    const name = data.get("FunctionName");
    const started = performance.now();
    const running = showRunning(answer, name, () => abort.abort());
    announce(strings.running(name));
    if (!staysInField) running.cancelButton.scrollIntoView({ block: "nearest" });
    const tick = () => running.showElapsed(performance.now() - started);
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const timer = setInterval(tick, isCalm ? 1000 : 100);
    tick();
    const outcome = await invoke(parametersOf(data, clientContext), abort.signal);
    clearInterval(timer);
    return { ...outcome, name, isEvent: data.get("InvocationType") === "Event", elapsed: performance.now() - started };
}

function answerIsBeside(form, answer) {
    return answer.getBoundingClientRect().left >= form.getBoundingClientRect().right;
}

function parametersOf(data, clientContext) {
    return [...[...data].filter(([field]) => field !== "ClientContext"), ["ClientContext", clientContext]];
}
