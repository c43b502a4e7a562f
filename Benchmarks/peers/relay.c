// SPDX-License-Identifier: Apache-2.0

// The yardstick of script/bench: the least that a relay in C can do. libfcgi with a thread for each request, a curl
// handle for each thread, a TC3 signature. No validation, no routing, no limits, no logging: not for use.
//
//     gcc -O2 -o relay relay.c -lfcgi -lcurl -lcrypto -lpthread
//     ./relay SOCKET PORT THREADS      relays to http://127.0.0.1:PORT/
//
// Credentials: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY of the environment.

#include <curl/curl.h>
#include <fcgiapp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_BODY = 1 << 21 };

static const char *secret_id;
static char signing_secret[256];    // the secret key with its prefix "TC3"

static int listener;
static int upstream_port;

struct buffer {
    char *bytes;
    size_t length, capacity;
};

static size_t append(char *data, size_t size, size_t count, void *target) {
    struct buffer *buffer = target;
    size_t length = size * count;
    if (buffer->length + length > buffer->capacity) {
        buffer->capacity = (buffer->length + length) * 2;
        buffer->bytes = realloc(buffer->bytes, buffer->capacity);
    }
    memcpy(buffer->bytes + buffer->length, data, length);
    buffer->length += length;
    return length;
}

// ---- TC3-HMAC-SHA256 ------------------------------------------------------------------------------------------------

static void to_hex(const unsigned char *digest, char *hex) {
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < SHA256_DIGEST_LENGTH; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * SHA256_DIGEST_LENGTH] = 0;
}

static void sha256_hex(const char *data, size_t length, char *hex) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)data, length, digest);
    to_hex(digest, hex);
}

static void hmac(const void *key, int key_length, const char *text, unsigned char *digest) {
    unsigned length = SHA256_DIGEST_LENGTH;
    HMAC(EVP_sha256(), key, key_length, (const unsigned char *)text, strlen(text), digest, &length);
}

static void make_authorization(const char *body, size_t length, time_t now, char *header, size_t size) {
    char hash[65], canonical[1024], to_sign[512], date[16], signature[65];
    unsigned char key[SHA256_DIGEST_LENGTH];

    sha256_hex(body, length, hash);
    snprintf(canonical, sizeof canonical,
             "POST\n/\n\ncontent-type:application/json\nhost:127.0.0.1:%d\n\ncontent-type;host\n%s", upstream_port, hash);
    sha256_hex(canonical, strlen(canonical), hash);

    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(date, sizeof date, "%Y-%m-%d", &utc);
    snprintf(to_sign, sizeof to_sign, "TC3-HMAC-SHA256\n%ld\n%s/scf/tc3_request\n%s", (long)now, date, hash);

    hmac(signing_secret, strlen(signing_secret), date, key);
    hmac(key, sizeof key, "scf", key);
    hmac(key, sizeof key, "tc3_request", key);
    hmac(key, sizeof key, to_sign, key);
    to_hex(key, signature);
    snprintf(header, size,
             "Authorization: TC3-HMAC-SHA256 Credential=%s/%s/scf/tc3_request, SignedHeaders=content-type;host, "
             "Signature=%s", secret_id, date, signature);
}

// ---- Relaying -------------------------------------------------------------------------------------------------------

static struct curl_slist *make_headers(const char *body, size_t length) {
    char authorization[512], timestamp[64];
    time_t now = time(NULL);
    make_authorization(body, length, now, authorization, sizeof authorization);
    snprintf(timestamp, sizeof timestamp, "X-TC-Timestamp: %ld", (long)now);

    struct curl_slist *headers = curl_slist_append(NULL, authorization);
    headers = curl_slist_append(headers, timestamp);
    headers = curl_slist_append(headers, "X-TC-Action: Invoke");
    headers = curl_slist_append(headers, "X-TC-Version: 2018-04-16");
    headers = curl_slist_append(headers, "X-TC-Region: ap-guangzhou");
    headers = curl_slist_append(headers, "Content-Type: application/json");
    return curl_slist_append(headers, "Expect:");
}

static CURLcode post(CURL *curl, const char *body, size_t length, struct buffer *answer) {
    char url[64];
    snprintf(url, sizeof url, "http://127.0.0.1:%d/", upstream_port);
    struct curl_slist *headers = make_headers(body, length);
    answer->length = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)length);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    CURLcode result = curl_easy_perform(curl);
    curl_slist_free_all(headers);
    return result;
}

static void *serve(void *unused) {
    (void)unused;
    FCGX_Request request;
    FCGX_InitRequest(&request, listener, 0);
    CURL *curl = curl_easy_init();
    struct buffer answer = {malloc(8192), 0, 8192};
    char *body = malloc(MAX_BODY);

    while (FCGX_Accept_r(&request) == 0) {
        const char *announced = FCGX_GetParam("CONTENT_LENGTH", request.envp);
        int length = announced ? atoi(announced) : 0;
        if (length > MAX_BODY) length = MAX_BODY;
        if (length > 0) length = FCGX_GetStr(body, length, request.in);

        CURLcode result = post(curl, body, length, &answer);
        if (result != CURLE_OK) {
            FCGX_FPrintF(request.out, "Status: 502\r\nContent-Type: text/plain\r\n\r\n%s", curl_easy_strerror(result));
        } else {
            static const char head[] = "Status: 200 OK\r\nContent-Type: application/json\r\n\r\n";
            FCGX_PutStr(head, sizeof head - 1, request.out);
            FCGX_PutStr(answer.bytes, answer.length, request.out);
        }
        FCGX_Finish_r(&request);
    }
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 4) {
        fprintf(stderr, "usage: relay SOCKET PORT THREADS\n");
        return 1;
    }
    const char *secret_key = getenv("TENCENTCLOUD_SECRET_KEY");
    secret_id = getenv("TENCENTCLOUD_SECRET_ID");
    if (!secret_id || !secret_key) {
        fprintf(stderr, "relay: no TENCENTCLOUD_SECRET_ID or TENCENTCLOUD_SECRET_KEY\n");
        return 1;
    }
    snprintf(signing_secret, sizeof signing_secret, "TC3%s", secret_key);

    FCGX_Init();
    curl_global_init(CURL_GLOBAL_ALL);
    listener = FCGX_OpenSocket(arguments[1], 1024);
    upstream_port = atoi(arguments[2]);

    pthread_t thread;
    for (int left = atoi(arguments[3]); left > 0; left--) pthread_create(&thread, NULL, serve, NULL);
    pthread_join(thread, NULL);
}
