// SPDX-License-Identifier: Apache-2.0

// Package profile stands in for the SDK's.
package profile

type HttpProfile struct {
	Scheme, Endpoint string
	ReqTimeout       int
}

type ClientProfile struct{ HttpProfile *HttpProfile }

func NewClientProfile() *ClientProfile { return &ClientProfile{&HttpProfile{}} }
