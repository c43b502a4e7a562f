// SPDX-License-Identifier: Apache-2.0
// Stands in for the SDK: returns the event as if the function echo had.
package com.tencentcloudapi.common;

public class Credential {
    public Credential(String id, String key) {
    }
}
