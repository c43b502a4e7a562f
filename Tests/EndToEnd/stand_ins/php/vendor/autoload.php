<?php
// SPDX-License-Identifier: Apache-2.0
// Stands in for the SDK: returns the event as if the function echo had.

namespace TencentCloud\Common {
    class Credential
    {
        public function __construct($id, $key)
        {
        }
    }
}

namespace TencentCloud\Common\Profile {
    class HttpProfile
    {
        public static $REQ_HTTP = 'http://';

        public function setProtocol($protocol)
        {
        }

        public function setEndpoint($endpoint)
        {
        }

        public function setReqTimeout($seconds)
        {
        }
    }

    class ClientProfile
    {
        public function setHttpProfile($profile)
        {
        }
    }
}

namespace TencentCloud\Scf\V20180416\Models {
    class InvokeRequest
    {
        public $FunctionName;
        public $ClientContext;

        // PHP itself would take any name, and the SDK would then not send it.
        public function __set($name, $value)
        {
            throw new \Error("InvokeRequest has no $name");
        }
    }
}

namespace TencentCloud\Scf\V20180416 {
    class ScfClient
    {
        public function __construct($credential, $region, $profile)
        {
        }

        public function Invoke($request)
        {
            return (object) ['Result' => (object) ['RetMsg' => $request->ClientContext]];
        }
    }
}
