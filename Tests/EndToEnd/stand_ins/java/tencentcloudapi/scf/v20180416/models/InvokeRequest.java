// SPDX-License-Identifier: Apache-2.0
// Stands in for the SDK: returns the event as if the function echo had.
package com.tencentcloudapi.scf.v20180416.models;

public class InvokeRequest {
    public String clientContext;

    public void setFunctionName(String name) {
    }

    public void setClientContext(String event) {
        clientContext = event;
    }
}
