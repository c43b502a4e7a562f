// SPDX-License-Identifier: Apache-2.0
// Stands in for the SDK: returns the event as if the function echo had.
package com.tencentcloudapi.scf.v20180416;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.scf.v20180416.models.InvokeRequest;
import com.tencentcloudapi.scf.v20180416.models.InvokeResponse;

public class ScfClient {
    public ScfClient(Credential credential, String region, ClientProfile profile) {
    }

    public InvokeResponse Invoke(InvokeRequest request) {
        InvokeResponse response = new InvokeResponse();
        response.result.retMsg = request.clientContext;
        return response;
    }
}
