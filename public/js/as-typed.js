// SPDX-License-Identifier: Apache-2.0

/** Has a form send ClientContext as it was typed: by itself a browser makes CR LF of each line end in a text. */
export function sendAsTyped(form) {
    form.addEventListener("formdata", ({ formData }) => {
        const { value } = form.querySelector("textarea[name=ClientContext]");
        formData.set("ClientContext", new File([value], "event.json", { type: "application/json" }));
    });
}
