// SPDX-License-Identifier: Apache-2.0

import { announce } from "./announce.js";
import { checkJSON } from "./json-check.js";
import { formatJSON } from "./json-format.js";
import { readTextFile } from "./text-file.js";
import { describeFlaw, strings } from "./strings.js";
import { groupDigits, utf8Length } from "./units.js";

/** The field ClientContext: a live check, the byte count, formatting, and files. */

const checkDelay = 150;
const checkDelayOfLongTexts = 500;
const longText = 200_000;
/** A screen reader hears of a check only when typing has stopped. */
const announceDelay = 1500;

/**
 * @param {HTMLFormElement} form
 * @returns {{text: () => string, replaceText: (text: string) => void, problem: () => string, showProblem: () => void}}
 *   problem: why the text cannot be sent, checked anew, or ""
 */
export function startEditor(form) {
    const area = form.querySelector("#ClientContext");
    const status = form.querySelector("#ClientContext-check");
    const meter = form.querySelector("#bytes-meter");
    const bytes = form.querySelector("#bytes-text");
    const goToError = form.querySelector("#go-to-error");
    const formatButton = form.querySelector("#format");
    const limit = meter.max;
    let flaw = null;
    let timers = [];

    /** Looks at the text and shows what it found; returns the problem in words, or "". */
    function check() {
        cancelTimers();
        const text = area.value;
        const count = utf8Length(text);
        flaw = text === "" ? null : checkJSON(text);
        const isTooLong = count > limit;
        showBytes(count, isTooLong);
        const problem = flaw ? describeFlaw(flaw) : isTooLong ? tooManyBytes(count) : "";
        const isValid = flaw === null && text !== "";
        show(flaw ? describeFlaw(flaw) : text === "" ? strings.empty : strings.valid, flaw ? "wrong" : text === "" ? "" : "right");
        area.setAttribute("aria-invalid", String(problem !== ""));
        goToError.hidden = flaw === null;
        formatButton.disabled = !isValid;
        return problem;
    }

    function show(text, state) {
        status.textContent = text;
        status.dataset.state = state;
    }

    function showBytes(count, isTooLong) {
        meter.value = count;
        bytes.textContent = isTooLong ? tooManyBytes(count) : strings.bytes(groupDigits(count), groupDigits(limit));
        bytes.dataset.state = isTooLong ? "wrong" : "";
        meter.dataset.state = bytes.dataset.state;
    }

    function tooManyBytes(count) {
        return strings.tooManyBytes(groupDigits(count), groupDigits(limit));
    }

    function checkSoon() {
        cancelTimers();
        const before = status.textContent;
        timers = [
            setTimeout(check, area.value.length > longText ? checkDelayOfLongTexts : checkDelay),
            setTimeout(() => status.textContent !== before && announce(status.textContent), announceDelay),
        ];
    }

    function cancelTimers() {
        for (const timer of timers) clearTimeout(timer);
        timers = [];
    }

    function showProblem() {
        area.focus();
        if (flaw === null) return;
        const length = flaw.found.length || 0;
        area.setSelectionRange(flaw.offset, flaw.offset + length);
        scrollToLine(area, flaw.line);
    }

    function replaceText(text) {
        area.value = text;
        area.setSelectionRange(0, 0);
        area.scrollTop = 0;
        check();
    }

    /** Says what cannot be done. It stands there until the text changes: a check that was still to come comes now. */
    function complain(problem) {
        check();
        show(problem, "wrong");
    }

    async function loadFile(file) {
        const { text, problem } = await readTextFile(file, limit);
        if (problem === undefined) replaceText(text);
        else complain(problem);
        announce(status.textContent);
        area.focus();
    }

    function format() {
        const formatted = formatJSON(area.value);
        if (formatted === null) complain(strings.cannotFormat);
        else replaceText(formatted);
        announce(status.textContent);
    }

    area.addEventListener("input", checkSoon);
    goToError.addEventListener("click", showProblem);
    formatButton.addEventListener("click", format);
    startFiles(form, area, loadFile);
    check();
    return { text: () => area.value, replaceText, problem: check, showProblem };
}

/** A button instead of the file field, and files dropped on the text. */
function startFiles(form, area, loadFile) {
    const field = form.querySelector("#ClientContext-file");
    // The text is what gets sent; the field only picks a file.
    field.removeAttribute("name");
    form.querySelector("#file-alternative").hidden = true;
    form.querySelector("#load").addEventListener("click", () => field.click());
    field.addEventListener("change", () => {
        if (field.files.length > 0) loadFile(field.files[0]);
        field.value = "";
    });

    const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
    area.addEventListener("dragover", (event) => {
        if (!carriesFile(event)) return;
        event.preventDefault();
        area.classList.add("dropping");
    });
    area.addEventListener("dragleave", () => area.classList.remove("dropping"));
    area.addEventListener("drop", (event) => {
        area.classList.remove("dropping");
        if (!carriesFile(event)) return;
        event.preventDefault();
        loadFile(event.dataTransfer.files[0]);
    });
}

/** Browsers do not scroll to a selection that a script made. Wrapped lines make this an estimate. */
function scrollToLine(area, line) {
    const lineHeight = Number.parseFloat(getComputedStyle(area).lineHeight);
    area.scrollTop = Math.max(0, (line - 3) * lineHeight);
}
