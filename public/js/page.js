// SPDX-License-Identifier: Apache-2.0

import { adoptAnswer } from "./answer.js";
import { startEditor } from "./editor.js";
import { suggestFunctions } from "./functions.js";
import { rememberFields } from "./remember.js";
import { runInPlace } from "./run.js";

/** What the page does better with a script. Without one, the form is an ordinary form. */

for (const element of document.querySelectorAll(".with-script")) element.hidden = false;

const form = document.querySelector("#form");
const answer = document.querySelector("#result");
const wasSent = answer.querySelector(".outcome") !== null;

rememberFields(form, { restore: !wasSent });
const editor = startEditor(form);
runInPlace(form, editor, answer);
suggestFunctions(form);
if (wasSent) adoptAnswer(answer);
