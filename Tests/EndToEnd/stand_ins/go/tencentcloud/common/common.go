// SPDX-License-Identifier: Apache-2.0

// Package common stands in for the SDK's.
package common

type Credential struct{ id, key string }

func NewCredential(id, key string) *Credential { return &Credential{id, key} }

func StringPtr(text string) *string { return &text }
