// SPDX-License-Identifier: Apache-2.0

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { chain } from "../../public/js/tc3-key.js";

const fixture = new URL("../TencentCloudTests/Fixtures/tc3.public.json", import.meta.url);
for (const call of JSON.parse(readFileSync(fixture, "utf8"))) {
    test(`the browser signs "${call.name}" as the official SDK does`, async () => {
        const [, , scope] = call.stringToSign.split("\n");
        const results = await chain(`TC3${call.secretKey}`, scope.split("/"), call.stringToSign);
        assert.equal(results.length, 4);
        assert.ok(call.authorization.endsWith(`Signature=${results[3]}`));
    });
}
