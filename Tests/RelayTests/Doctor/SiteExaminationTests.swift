// SPDX-License-Identifier: Apache-2.0

import FastCGI
import NginxConfiguration
import Testing

@testable import Relay

/// A site that fits, and one change of it after the other: each is found, with the line to write.
@Suite("The doctor looks at nginx")
struct SiteExaminationTests {
    static let relay = """
        listen: unix:/run/scf-relay/relay.sock
        apiListen: unix:/run/scf-relay/api.sock
        cloud: {endpoint: http://127.0.0.1:9000, region: ap-guangzhou, timeoutSeconds: 310}
        functions: [{name: hello}]
        callers: [{name: a, secretId: AKIDA, secretKey: 'environment:KEY', functions: all}]
        hooks:
          - {name: ci, function: hello, verify: none, allow: [10.0.0.0/8]}
        """

    static let site = """
        user www-data;
        http {
            upstream relay { server unix:/run/scf-relay/relay.sock max_fails=0; keepalive 32; keepalive_timeout 30s; }
            upstream api { server unix:/run/scf-relay/api.sock; }
            server {
                fastcgi_param REQUEST_METHOD $request_method;
                fastcgi_param REQUEST_URI $request_uri;
                fastcgi_param QUERY_STRING $query_string;
                fastcgi_param CONTENT_TYPE $content_type;
                fastcgi_param CONTENT_LENGTH $content_length;
                fastcgi_param REMOTE_ADDR $remote_addr;
                fastcgi_param HTTP_PROXY "";
                fastcgi_keep_conn on;
                fastcgi_read_timeout 330s;
                client_max_body_size 16k;
                location = /invoke { client_max_body_size 4m; fastcgi_pass relay; }
                location /hooks/ { client_max_body_size 4m; fastcgi_pass relay; }
                location = /functions { fastcgi_pass relay; }
                location /php/ { fastcgi_pass unix:/run/php.sock; }
                location / { root /srv; }
            }
            server {
                client_max_body_size 11m;
                fastcgi_param REQUEST_METHOD $request_method;
                fastcgi_param REQUEST_URI $uri;
                fastcgi_param QUERY_STRING $query_string;
                fastcgi_param CONTENT_TYPE $content_type;
                fastcgi_param CONTENT_LENGTH $content_length;
                fastcgi_param REMOTE_ADDR $remote_addr;
                fastcgi_param HTTP_PROXY "";
                fastcgi_read_timeout 930s;
                location / { fastcgi_pass api; }
                location @get { fastcgi_next_upstream off; fastcgi_pass api; }
                location ~ ^/(healthz|readyz)$ { client_max_body_size 1k; fastcgi_pass api; }
            }
        }
        """

    struct Change: CustomTestStringConvertible {
        let old: String
        let new: String
        /// For each finding: `line problem … -> remedy`, of which these parts must be there.
        let found: [[String]]

        init(_ old: String, _ new: String, _ found: [String]...) {
            (self.old, self.new, self.found) = (old, new, found)
        }

        var testDescription: String { "\(old) -> \(new)" }
    }

    static let changes = [
        Change("", ""),
        Change(
            "location = /invoke { client_max_body_size 4m;", "location = /invoke {",
            ["nginx.conf:15:", "bodies of 16384 bytes", "3145728", "client_max_body_size 4m;"]),
        Change(
            "location /hooks/ { client_max_body_size 4m;", "location /hooks/ { client_max_body_size 3071k;",
            ["nginx.conf:17:", "client_max_body_size 4m;"]),
        Change("client_max_body_size 4m;", "client_max_body_size 0;"),
        Change("client_max_body_size 4m;", "client_max_body_size 3m;"),
        Change("client_max_body_size 4m;", "client_max_body_size $size;"),
        Change(
            "client_max_body_size 11m;", "",
            ["nginx.conf:22:", "bodies of 1048576 bytes", "client_max_body_size 11m;"]),
        Change(
            "fastcgi_read_timeout 330s;", "fastcgi_read_timeout 5m15s;",
            ["nginx.conf:14:", "waits 315 s", "up to 315 s", "fastcgi_read_timeout 330s;"]),
        Change("fastcgi_read_timeout 330s;", "fastcgi_read_timeout 316s;"),
        Change("fastcgi_read_timeout 330s;", "", ["nginx.conf:5:", "waits 60 s"]),
        Change("fastcgi_read_timeout 930s;", "fastcgi_read_timeout 60s;", ["nginx.conf:31:", "waits 60 s"]),
        Change("fastcgi_keep_conn on;", "", ["nginx.conf:5:", "nginx.conf:3", "fastcgi_keep_conn on;"]),
        Change("keepalive_timeout 30s", "keepalive_timeout 2m", ["nginx.conf:3:", "120 s", "keepalive_timeout 60s;"]),
        Change(
            "fastcgi_keep_conn on;", "fastcgi_keep_conn on; fastcgi_next_upstream error timeout non_idempotent;",
            ["nginx.conf:13:", "may run twice", "fastcgi_next_upstream error timeout;"]),
        Change("fastcgi_next_upstream off;", "", ["nginx.conf:22:", "A GET of the cloud API", "location @get"]),
        Change(
            "fastcgi_keep_conn on;", "fastcgi_keep_conn on; fastcgi_request_buffering off;",
            ["nginx.conf:13:", "chunked", "fastcgi_request_buffering on;"]),
        Change(
            "fastcgi_keep_conn on;", "fastcgi_keep_conn on; fastcgi_buffering off;",
            ["nginx.conf:13:", "not buffered", "fastcgi_buffering on;"]),
        Change(
            "fastcgi_keep_conn on;", "fastcgi_keep_conn on; fastcgi_max_temp_file_size 0;",
            ["nginx.conf:13:", "room for 65536 bytes", "fastcgi_max_temp_file_size 16m;"]),
        Change("fastcgi_keep_conn on;", "fastcgi_keep_conn on; fastcgi_max_temp_file_size 0; fastcgi_buffers 400 16k;"),
        Change(
            "fastcgi_keep_conn on;", "fastcgi_keep_conn on; fastcgi_intercept_errors on;",
            ["nginx.conf:13:", "fastcgi_intercept_errors off;"]),
        Change(
            "fastcgi_keep_conn on;", "fastcgi_keep_conn on; fastcgi_cache zone;",
            ["nginx.conf:13:", "cached", "fastcgi_cache off;"]),
        Change(
            "location = /functions {", "location = /functions { fastcgi_param X y;",
            ["nginx.conf:18:", "REQUEST_METHOD, REQUEST_URI", "fastcgi_param REMOTE_ADDR $remote_addr;"],
            ["nginx.conf:18:", "httpoxy", "fastcgi_param HTTP_PROXY \"\";"]),
        Change(
            "unix:/run/scf-relay/relay.sock max_fails=0", "unix:/run/scf-relay/other.sock",
            [
                "nginx.conf:3:", "listens at unix:/run/scf-relay/relay.sock (relay.yaml:1)",
                "unix:/run/scf-relay/other.sock", "fastcgi_pass unix:/run/scf-relay/relay.sock;",
            ]),
        Change(
            "unix:/run/scf-relay/api.sock", "127.0.0.1:9001",
            ["listens at unix:/run/scf-relay/api.sock (relay.yaml:2)", "127.0.0.1:9001"]),
        Change(
            "location /hooks/ { client_max_body_size 4m; fastcgi_pass relay; }", "",
            ["nginx.conf:5:", "No location leads /hooks/ci", "relay.yaml:6"]),
        Change(
            "location /php/ {", "location /deliveries/ { fastcgi_pass relay; }\n            location /php/ {",
            ["nginx.conf:19:", "answers /deliveries with a redirect", "location = /deliveries { fastcgi_pass relay; }"]),
        Change(
            "location /php/ {",
            "location ^~ /history/ { fastcgi_pass unix:/run/scf-relay/relay.sock; } location ~ ^/history$ { root /a; }\n location /php/ {",
            [
                "nginx.conf:19:", "answers /history with a redirect",
                "location = /history { fastcgi_pass unix:/run/scf-relay/relay.sock; }",
            ]),
        Change(
            "location /hooks/ {",
            "location /hooks/ci/ { client_max_body_size 4m; fastcgi_pass relay; } location /hooks/ {",
            ["nginx.conf:17:", "answers /hooks/ci with a redirect"]),
        Change(
            "location /php/ {",
            "location /deliveries/ { fastcgi_pass relay; } location = /deliveries { fastcgi_pass relay; } location /php/ {"
        ),
        Change(
            "location /php/ {",
            "location /history/ { fastcgi_pass relay; } location /history { root /a; } location /php/ {"),
        Change("location /php/ {", "location ~ ^/deliveries/ { fastcgi_pass relay; } location /php/ {"),
        Change("location /php/ {", "location /deliveries/ { root /srv; } location /php/ {"),
        Change("user www-data;", "user www-data; include gone.conf;", ["nginx.conf:1:", "is not there"]),
    ]

    @Test("Each fault is found where it is, and nothing else", arguments: changes)
    func change(change: Change) throws {
        #expect(change.old.isEmpty || Self.site.contains(change.old))
        let site = change.old.isEmpty ? Self.site : Self.site.replacing(change.old, with: change.new)
        let findings = try Self.diagnosis(site: site).findings.map(\.description)
        #expect(findings.count == change.found.count, "\(findings)")
        for (finding, parts) in zip(findings, change.found) {
            for part in parts { #expect(finding.contains(part), "\(part) is not in: \(finding)") }
        }
    }

    private static func diagnosis(site: String, relay: String = relay) throws -> Diagnosis {
        let configuration = try Configuration(yaml: relay, environment: ["KEY": "a-long-enough-key"])
        let nginx = try NginxConfiguration(
            file: "nginx.conf", read: { $0 == "nginx.conf" ? Array(site.utf8) : nil }, find: { _ in [] })
        let examined = Examined(configuration, lines: ConfigurationLines(yaml: relay, file: "relay.yaml"))
        return SiteExamination(nginx: nginx, relay: examined).diagnosis
    }

    static let targets: [(listen: String, pass: String, fits: Bool)] = [
        ("unix:/a.sock", "unix:/a.sock", true), ("unix:/a.sock", "unix:/b.sock", false),
        ("tcp:127.0.0.1:9001", "127.0.0.1:9001", true), ("tcp:127.0.0.1:9001", "localhost:9001", true),
        ("tcp:127.0.0.1:9001", "127.0.0.1:9002", false), ("tcp:[::1]:9001", "[::1]:9001", true),
        ("tcp:10.0.0.5:9001", "$backend", false),
    ]

    @Test("Sockets are compared whatever they are written like", arguments: targets)
    func target(listen: String, pass: String, fits: Bool) throws {
        let relay = """
            listen: \(listen)
            cloud: {endpoint: http://127.0.0.1:9000, region: ap-guangzhou}
            functions: [{name: hello}]
            """
        let site = "server { location / { client_max_body_size 4m; fastcgi_pass \(pass); } }"
        let findings = try Self.diagnosis(site: site, relay: relay).findings
        #expect(findings.contains { $0.problem.contains("The relay listens at") } == !fits)
    }

    @Test("A socket that somebody else makes has to be named")
    func inherited() throws {
        let relay = Self.relay.replacing("listen: unix:/run/scf-relay/relay.sock", with: "listen: fd:0")
        let diagnosis = try Self.diagnosis(site: Self.site, relay: relay)
        #expect(diagnosis.unknowns.contains { $0.contains("--socket") })
    }

    struct Said: CustomTestStringConvertible {
        /// What stands for `listen` and `apiListen` in the relay.
        let listen: String
        var socket: String?
        var apiSocket: String?
        /// Parts of the findings, one for each.
        var found: [[String]] = []

        var testDescription: String { "\(listen) \(socket ?? "-") \(apiSocket ?? "-")" }
    }

    static let said = [
        Said(listen: "listen: fd:0", socket: "unix:/run/a.sock"),
        Said(listen: "listen: unix:/run/a.sock"),
        Said(listen: "listen: unix:/run/a.sock", socket: "unix:/run/a.sock"),
        Said(
            listen: "listen: unix:/run/a.sock", socket: "unix:/run/b.sock",
            found: [["relay.yaml:1", "--socket", "'listen' is unix:/run/a.sock", "unix:/run/b.sock", "listen: fd:N"]]),
        Said(
            listen: "listen: fd:0", apiSocket: "unix:/run/b.sock",
            found: [["relay.yaml: ", "--api-socket", "there is no 'apiListen'", "apiListen: fd:N"]]),
    ]

    @Test("A socket that is said where the configuration says another is not left out in silence", arguments: said)
    func contradictions(said: Said) throws {
        let yaml = """
            \(said.listen)
            cloud: {endpoint: http://127.0.0.1:9000, region: ap-guangzhou}
            functions: [{name: hello}]
            """
        let relay = Examined(
            try Configuration(yaml: yaml), lines: ConfigurationLines(yaml: yaml, file: "relay.yaml"),
            listen: try said.socket.map { try Address($0) }, apiListen: try said.apiSocket.map { try Address($0) })
        let findings = relay.contradictions.map(\.description)
        #expect(findings.count == said.found.count, "\(findings)")
        for (finding, parts) in zip(findings, said.found) {
            for part in parts { #expect(finding.contains(part), "\(part) is not in: \(finding)") }
        }
        #expect(relay.apiListen == nil)
    }
}
