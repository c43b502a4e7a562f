// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import EventLoop
public import FastCGI
import Invocation
import NginxConfiguration
import TencentCloud

/// Looks at a relay's configuration together with everything around it that has to fit: nginx, the machine, the cloud.
public struct Doctor: Sendable {
    private let source: ConfigurationSource
    private let relay: Examined
    private let nginx: NginxConfiguration?

    /// Reads what there is to look at.
    ///
    /// - Parameters:
    ///   - source: The configuration.
    ///   - nginxFile: nginx's configuration, or the site's part of it; `nil` leaves nginx out.
    ///   - socket: What `listen: fd:N` is.
    ///   - apiSocket: What `apiListen: fd:N` is.
    /// - Throws: ``ConfigurationError``; for nginx's file, where and why nginx would not understand it.
    public init(
        _ source: ConfigurationSource, nginxFile: String?, socket: Address? = nil, apiSocket: Address? = nil
    ) throws {
        self.source = source
        let configuration = try Configuration(file: source.file, environment: source.environment)
        let lines = ConfigurationLines(yaml: try Configuration.text(of: source.file), file: source.file)
        relay = Examined(configuration, lines: lines, listen: socket, apiListen: apiSocket)
        nginx = try nginxFile.map { (file) throws(SyntaxError) in try NginxConfiguration(file: file) }
    }

    /// Looks at everything.
    ///
    /// - Parameters:
    ///   - loops: Run the questions to the cloud.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: What does not fit, and what could not be found out.
    public func diagnosis(loops: EventLoopGroup, now: @escaping @Sendable () -> Int) async -> Diagnosis {
        var diagnosis = Diagnosis(findings: relay.contradictions)
        if let nginx {
            diagnosis.add(SiteExamination(nginx: nginx, relay: relay).diagnosis)
        } else {
            diagnosis.unknowns.append("whether nginx fits. Say where its configuration is with --nginx.")
        }
        for (key, address) in [("listen", relay.listen), ("apiListen", relay.apiListen)] {
            guard let address else { continue }
            diagnosis.add(
                SocketExamination(address: address, place: relay.lines.place(of: key), nginx: nginx).diagnosis)
        }
        diagnosis.add(MachineExamination(relay: relay).diagnosis)
        diagnosis.add(await cloud(loops, now).diagnosis())
        return diagnosis
    }

    private func cloud(_ loops: EventLoopGroup, _ now: @escaping @Sendable () -> Int) async -> CloudExamination {
        let cloud = relay.configuration.cloud
        let credentials = await Self.credentials(cloud, source.environment, loops, now())
        var settings = HTTPClient.Settings()
        settings.allowsPlainHTTP = !cloud.endpoint.isEncrypted
        let inquiry = (try? credentials.get()).map { found in
            CloudInquiry(
                endpoint: cloud.endpoint, region: cloud.region, credentials: found.provider,
                client: HTTPClient(loops: loops, settings: settings))
        }
        return CloudExamination(relay: relay, credentials: credentials, inquiry: inquiry, now: now)
    }

    private static func credentials(
        _ cloud: Configuration.Cloud, _ environment: [String: String], _ loops: EventLoopGroup, _ now: Int
    ) async -> Result<CloudCredentials, CloudError> {
        do {
            return .success(
                try await .find(cloud, environment: environment, loops: { loops }, logger: nil, now: now))
        } catch {
            return .failure(error as? CloudError ?? CloudError("InvalidCredential", "\(error)"))
        }
    }
}
