// SPDX-License-Identifier: Apache-2.0

/**
 * The view "signature" with a script: a key that is typed here signs, in this tab. The server has made the texts, which
 * depend on no key.
 */

import { sendAsTyped } from "../as-typed.js";
import { chain } from "../tc3-key.js";

const secretId = document.querySelector("#SecretId");
const secretKey = document.querySelector("#SecretKey");
const parts = ["keyOfDate", "keyOfService", "signingKey", "signature", "authorization"];
let latest = 0;

/** Shows the steps again, with the key in place of the public one. */
function signSteps(steps) {
    const part = (name) => steps.querySelector(`[data-part="${name}"]`);
    const example = parts.map((name) => part(name).textContent);

    async function texts() {
        if (secretKey.value === "") return example;
        const { date, service, scope, secretId: exampleId } = steps.dataset;
        const results = await chain(`TC3${secretKey.value}`, [date, service, "tc3_request"], part("stringToSign").textContent);
        const names = part("canonicalRequest").textContent.split("\n").at(-2);
        const credential = `${secretId.value || exampleId}/${scope}`;
        return [...results, `TC3-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${results.at(-1)}`];
    }

    return async () => {
        const mine = latest;
        const shown = await texts();
        if (mine !== latest) return;
        for (const [index, name] of parts.entries()) part(name).textContent = shown[index];
    };
}

/** Tries the key with each text that may have been signed, and shows the one that was. */
function findWhatWasSigned(diagnosis) {
    const verdict = diagnosis.querySelector("#verdict");
    const suppositions = [...diagnosis.querySelectorAll(".supposition")];
    if (verdict === null || suppositions.length === 0) return () => {};
    const withoutKey = [...verdict.childNodes];

    async function found() {
        const signatures = await Promise.all(suppositions.map(async ({ dataset }) => {
            const results = await chain(dataset.keyPrefix + secretKey.value, dataset.keySteps.split(" "), dataset.stringToSign);
            return results.at(-1);
        }));
        const index = signatures.indexOf(diagnosis.dataset.signature);
        const shown = (suppositions[index] ?? diagnosis.querySelector("#unconfirmed")).cloneNode(true);
        shown.hidden = false;
        shown.removeAttribute("id");
        return [shown];
    }

    return async () => {
        const mine = latest;
        const shown = secretKey.value === "" ? withoutKey : await found();
        if (mine === latest) verdict.replaceChildren(...shown);
    };
}

const steps = document.querySelector("#steps");
const diagnosis = document.querySelector("#diagnosis");
const listeners = [
    ...(steps === null ? [] : [signSteps(steps)]),
    ...(diagnosis === null ? [] : [findWhatWasSigned(diagnosis)]),
];

function keyChanged() {
    latest += 1;
    for (const show of listeners) show();
}

if (globalThis.crypto?.subtle === undefined) {
    document.querySelector("#no-crypto").hidden = false;
    secretId.disabled = secretKey.disabled = true;
} else {
    secretId.addEventListener("input", keyChanged);
    secretKey.addEventListener("input", keyChanged);
}
sendAsTyped(document.querySelector("#call"));
// Steps and findings get the focus by their address. An error stands where the address does not lead.
document.querySelector("#outcome-title")?.focus();
