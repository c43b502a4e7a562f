// SPDX-License-Identifier: Apache-2.0

import { adoptAnswer } from "../answer.js";
import { sendAsTyped } from "../as-typed.js";
import { startEditor } from "../editor.js";
import { offerLastEvents } from "../events.js";
import { suggestFunctions } from "../functions.js";
import { rememberFields } from "../remember.js";
import { runInPlace } from "../run.js";

/** The view "run" with a script. Without one, the form is an ordinary form. */

const form = document.querySelector("#form");
const answer = document.querySelector("#result");
const shown = answer.querySelector(".outcome");
// By the server, with what was sent or what the address says.
const isFilled = shown !== null || form.elements.FunctionName.defaultValue !== "";

rememberFields(form, { restore: !isFilled });
const editor = startEditor(form);
const events = offerLastEvents(form, editor);
sendAsTyped(form);
runInPlace(form, editor, events, answer);
suggestFunctions(form);
if (shown?.dataset.state === "code") import("../code.js").then(({ adoptCode }) => adoptCode(shown));
else if (shown !== null) adoptAnswer(answer);
