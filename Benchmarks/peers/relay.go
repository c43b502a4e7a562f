// SPDX-License-Identifier: Apache-2.0

// A relay in Go as one would write it in an hour: net/http/fcgi in front, net/http behind, a TC3 signature.
// No validation, no routing, no limits, no logging: not for use.
//
//	go build -o relay relay.go
//	./relay SOCKET PORT      relays to http://127.0.0.1:PORT/
//
// Credentials: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY of the environment.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
	"strconv"
	"time"
)

type relay struct {
	host, secretID, secretKey string
	client                    *http.Client
}

func (r *relay) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body := make([]byte, max(request.ContentLength, 0))
	if _, err := io.ReadFull(request.Body, body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer, err := r.client.Do(r.call(body))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(answer.StatusCode)
	io.Copy(w, answer.Body)
}

func (r *relay) call(body []byte) *http.Request {
	now := time.Now().UTC()
	call, err := http.NewRequest(http.MethodPost, "http://"+r.host+"/", bytes.NewReader(body))
	if err != nil {
		log.Fatal(err) // the URL is the same for every call
	}
	call.Header.Set("Authorization", r.authorization(body, now))
	call.Header.Set("Content-Type", "application/json")
	call.Header.Set("X-TC-Action", "Invoke")
	call.Header.Set("X-TC-Version", "2018-04-16")
	call.Header.Set("X-TC-Region", "ap-guangzhou")
	call.Header.Set("X-TC-Timestamp", strconv.FormatInt(now.Unix(), 10))
	return call
}

func (r *relay) authorization(body []byte, now time.Time) string {
	canonical := fmt.Sprintf("POST\n/\n\ncontent-type:application/json\nhost:%s\n\ncontent-type;host\n%s",
		r.host, sha256Hex(body))
	date := now.Format("2006-01-02")
	scope := date + "/scf/tc3_request"
	toSign := fmt.Sprintf("TC3-HMAC-SHA256\n%d\n%s\n%s", now.Unix(), scope, sha256Hex([]byte(canonical)))

	key := hmacSHA256([]byte("TC3"+r.secretKey), date)
	key = hmacSHA256(key, "scf")
	key = hmacSHA256(key, "tc3_request")
	signature := hex.EncodeToString(hmacSHA256(key, toSign))
	return fmt.Sprintf("TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%s",
		r.secretID, scope, signature)
}

func sha256Hex(data []byte) string {
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:])
}

func hmacSHA256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func max(a, b int64) int64 {
	if a > b {
		return a
	}
	return b
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: relay SOCKET PORT")
	}
	listener, err := net.Listen("unix", os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	transport := &http.Transport{
		MaxIdleConnsPerHost: 512, // the default of 2 would connect anew for nearly every call
		DisableCompression:  true,
	}
	log.Fatal(fcgi.Serve(listener, &relay{
		host:      "127.0.0.1:" + os.Args[2],
		secretID:  os.Getenv("TENCENTCLOUD_SECRET_ID"),
		secretKey: os.Getenv("TENCENTCLOUD_SECRET_KEY"),
		client:    &http.Client{Transport: transport},
	}))
}
