// SPDX-License-Identifier: Apache-2.0

// Package v20180416 stands in for the SDK's: it returns the event as if the function echo had.
package v20180416

import (
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
)

type InvokeRequest struct{ FunctionName, ClientContext *string }

func NewInvokeRequest() *InvokeRequest { return &InvokeRequest{} }

type Result struct{ RetMsg *string }

type InvokeResponse struct{ Response struct{ Result *Result } }

type Client struct{}

func NewClient(*common.Credential, string, *profile.ClientProfile) (*Client, error) { return &Client{}, nil }

func (*Client) Invoke(request *InvokeRequest) (*InvokeResponse, error) {
	response := &InvokeResponse{}
	response.Response.Result = &Result{request.ClientContext}
	return response, nil
}
