<?php
// SPDX-License-Identifier: Apache-2.0

// A relay in PHP as one would write it in an hour: the curl extension, a TC3 signature. Runs under PHP-FPM with opcache.
// No validation, no routing, no limits, no logging: not for use.
//
// A connection to the cloud cannot outlive its request: PHP 8.2 ends every curl handle with the script, and sharing
// between requests (curl_share_init_persistent) comes with PHP 8.5.

declare(strict_types=1);

$host = '127.0.0.1:' . getenv('CLOUD_PORT');
$body = file_get_contents('php://input');
$now = time();

$call = curl_init("http://$host/");
curl_setopt_array($call, [
    CURLOPT_POST => true,
    CURLOPT_POSTFIELDS => $body,
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => [
        'Authorization: ' . authorization($host, $body, $now),
        "X-TC-Timestamp: $now",
        'X-TC-Action: Invoke',
        'X-TC-Version: 2018-04-16',
        'X-TC-Region: ap-guangzhou',
        'Content-Type: application/json',
        'Expect:',
    ],
]);
$answer = curl_exec($call);
if ($answer === false) {
    http_response_code(502);
    header('Content-Type: text/plain');
    echo curl_error($call);
} else {
    header('Content-Type: application/json');
    echo $answer;
}

function authorization(string $host, string $body, int $now): string
{
    $canonical = "POST\n/\n\ncontent-type:application/json\nhost:$host\n\ncontent-type;host\n" . hash('sha256', $body);
    $date = gmdate('Y-m-d', $now);
    $scope = "$date/scf/tc3_request";
    $toSign = "TC3-HMAC-SHA256\n$now\n$scope\n" . hash('sha256', $canonical);

    $key = hash_hmac('sha256', $date, 'TC3' . getenv('TENCENTCLOUD_SECRET_KEY'), true);
    $key = hash_hmac('sha256', 'scf', $key, true);
    $key = hash_hmac('sha256', 'tc3_request', $key, true);
    $signature = hash_hmac('sha256', $toSign, $key);
    $id = getenv('TENCENTCLOUD_SECRET_ID');
    return "TC3-HMAC-SHA256 Credential=$id/$scope, SignedHeaders=content-type;host, Signature=$signature";
}
