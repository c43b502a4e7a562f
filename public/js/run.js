// SPDX-License-Identifier: Apache-2.0

import { announce } from "./announce.js";
import { showOutcome, showRunning } from "./answer.js";
import { invoke } from "./call.js";
import { strings } from "./strings.js";

/** Runs the form in place: one call at a time, with the time it takes, and a way to stop waiting. */
export function runInPlace(form, editor, answer) {
    const button = form.querySelector("#run");
    let isRunning = false;

    async function run() {
        if (isRunning) return;
        const problem = editor.problem();
        if (problem !== "") {
            announce(strings.notSent(problem));
            editor.showProblem();
            return;
        }
        isRunning = true;
        button.setAttribute("aria-disabled", "true");
        // Whoever works in a field goes on there; whoever pressed the button is led to the answer.
        const staysInField = document.activeElement !== button && answerIsBeside(form, answer);
        const outcome = await callShown(new FormData(form), editor.text(), answer, staysInField);
        await showOutcome(answer, outcome, { focus: !staysInField || answer.contains(document.activeElement) });
        button.removeAttribute("aria-disabled");
        isRunning = false;
    }

    form.addEventListener("submit", (event) => {
        event.preventDefault();
        run();
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
    const parameters = [...data].filter(([field]) => field !== "ClientContext");
    parameters.push(["ClientContext", clientContext]);
    const outcome = await invoke(parameters, abort.signal);
    clearInterval(timer);
    return { ...outcome, name, isEvent: data.get("InvocationType") === "Event", elapsed: performance.now() - started };
}

function answerIsBeside(form, answer) {
    return answer.getBoundingClientRect().left >= form.getBoundingClientRect().right;
}
