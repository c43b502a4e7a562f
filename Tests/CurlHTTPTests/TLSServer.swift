// SPDX-License-Identifier: Apache-2.0

import EventLoop
import Foundation
import Glibc

/// nginx, which puts TLS in front of an upstream as a cloud's front does.
final class TLSServer: Sendable {
    let port: UInt16
    /// What a client has to trust.
    let certificate: String
    private let folder: String
    private let processId: Int32

    var url: String { "https://localhost:\(port)/" }

    init(before upstream: Upstream, name: String = "localhost", isHTTP2: Bool = false, keepAlive: String = "60s") throws
    {
        var template = Array("/tmp/tls-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        certificate = folder + "/certificate.pem"
        let (listener, port) = try Upstream.listen(backlog: 1)
        close(listener)
        self.port = port
        let openssl = try Self.start(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", folder + "/key.pem", "-out",
                certificate,
            ])
        waitpid(openssl, nil, 0)
        try """
        daemon off; master_process off; pid \(folder)/pid; error_log \(folder)/error.log;
        events { worker_connections 1024; }
        http {
            access_log off; client_max_body_size 32m;
            client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy;
            fastcgi_temp_path \(folder)/f; uwsgi_temp_path \(folder)/u; scgi_temp_path \(folder)/s;
            server {
                listen 127.0.0.1:\(port) ssl \(isHTTP2 ? "http2" : "");
                ssl_certificate \(certificate); ssl_certificate_key \(folder)/key.pem;
                keepalive_timeout \(keepAlive);
                proxy_read_timeout 500s;
                location / { proxy_pass \(upstream.url); proxy_http_version 1.1; proxy_set_header X-Connection $connection; }
            }
        }
        """.write(toFile: folder + "/nginx.conf", atomically: true, encoding: .utf8)
        processId = try Self.start("/usr/sbin/nginx", ["-c", folder + "/nginx.conf", "-e", folder + "/error.log"])
        let end = Monotonic.now + .seconds(20)
        while !FileManager.default.fileExists(atPath: folder + "/pid") {
            guard waitpid(processId, nil, WNOHANG) == 0, Monotonic.now < end else {
                throw SystemError("nginx", number: ECHILD)
            }
            sched_yield()
        }
    }

    /// Connections that the server has not closed yet.
    var openConnections: Int {
        let established = "01"
        let digits = String(port, radix: 16, uppercase: true)
        let local = ":" + String(repeating: "0", count: 4 - digits.count) + digits
        let table = (try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8)) ?? ""
        return table.split(separator: "\n").map { $0.split(separator: " ") }.count {
            $0.count > 3 && $0[1].hasSuffix(local) && $0[3] == established
        }
    }

    deinit {
        kill(processId, SIGKILL)
        waitpid(processId, nil, 0)
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Starts a program with its output thrown away.
    private static func start(_ program: String, _ arguments: [String]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in 0...2 as ClosedRange<Int32> {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        // Test threads block signals; a program that inherits that does not end when it is told to.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var pointers = ([program] + arguments).map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        pointers.append(nil)
        var process = pid_t()
        let status = posix_spawn(&process, program, &actions, &attributes, pointers, environ)
        guard status == 0 else { throw SystemError(program, number: status) }
        return process
    }
}
