// SPDX-License-Identifier: Apache-2.0
// Stands in for the SDK: returns the event as if the function echo had.
package com.tencentcloudapi.common.profile;

public class HttpProfile {
    public static final String REQ_HTTP = "http://";

    public void setProtocol(String protocol) {
    }

    public void setEndpoint(String endpoint) {
    }

    public void setReadTimeout(int seconds) {
    }
}
