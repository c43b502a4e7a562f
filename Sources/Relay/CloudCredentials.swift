// SPDX-License-Identifier: Apache-2.0

import CurlHTTP
public import EventLoop
public import Invocation
public import Logging
import TencentCloud

/// What calls to the cloud are signed with, found where `cloud.credentials` says.
public struct CloudCredentials: Sendable {
    /// Has the credential of the moment.
    public let provider: any CredentialProvider
    /// The SecretId at the start, and where it comes from; for people.
    public let description: String
    /// Where the metadata service is that a role's credential comes from; `nil` for any other credential.
    private let roleEndpoint: CloudEndpoint?

    init(provider: any CredentialProvider, description: String, roleEndpoint: CloudEndpoint? = nil) {
        self.provider = provider
        self.description = description
        self.roleEndpoint = roleEndpoint
    }

    /// Finds them, and makes sure that there are some.
    ///
    /// - Parameters:
    ///   - cloud: What `relay.yaml` says.
    ///   - environment: The process's environment.
    ///   - previous: Those that are in use. A role's are kept where it is asked in the same place: they renew themselves,
    ///     and where the service cannot be reached right now they may still be good.
    ///   - loops: Run requests to the metadata service; asked for only where there are any.
    ///   - logger: Is told of each credential that the metadata service gives, or does not give.
    ///   - now: The time, in UNIX seconds.
    /// - Returns: The credentials, of which there is at least a first one.
    /// - Throws: `InvalidCredential`, saying where what was looked for; `SystemError` from `loops`.
    public static func find(
        _ cloud: Configuration.Cloud, environment: [String: String], succeeding previous: CloudCredentials? = nil,
        loops: () throws -> EventLoopGroup, logger: Logger?, now: Int
    ) async throws -> CloudCredentials {
        let variables = EnvironmentCredentials(environment: environment)
        let file = FileCredentials(paths: FileCredentials.standardPaths(environment: environment))
        switch cloud.credentials {
        case .environment: return try fixed(variables, "the environment")
        case .file: return try fixed(file, "the file")
        case .role: return try await role(cloud, previous, loops, logger, now)
        case .sdk:
            // The first place that has anything decides: half a credential there is a mistake, not a reason to use
            // another one.
            if variables.isSet { return try fixed(variables, "the environment") }
            if file.isThere { return try fixed(file, "the file") }
            do {
                return try await role(cloud, previous, loops, logger, now)
            } catch let error as CloudError {
                throw CloudError(
                    error.code,
                    "No credential: none in the environment, no file \(file.paths.joined(separator: " or ")), and \(error.message)"
                )
            }
        }
    }

    private static func fixed(_ source: some CredentialSource, _ place: String) throws(CloudError) -> CloudCredentials {
        let credential = try source.credential()
        return CloudCredentials(
            provider: FixedCredential(credential), description: "\(credential.secretId), from \(place)")
    }

    private static func role(
        _ cloud: Configuration.Cloud, _ previous: CloudCredentials?, _ loops: () throws -> EventLoopGroup,
        _ logger: Logger?, _ now: Int
    ) async throws -> CloudCredentials {
        let endpoint = try cloud.metadata ?? CloudEndpoint(MetadataService.standardEndpoint)
        if let previous, previous.roleEndpoint == endpoint { return previous }
        let client = HTTPClient(loops: try loops(), settings: MetadataService.clientSettings)
        let service = MetadataService(endpoint: endpoint, client: client)
        let provider = RoleCredentials(
            fetch: { () async throws(CloudError) in try await service.credential() },
            observe: { outcome in logger.map { log(outcome, $0) } })
        do throws(CloudError) {
            let first = try await provider.current(at: now)
            return CloudCredentials(
                provider: provider, description: "\(first.credential.secretId), from the role of this machine",
                roleEndpoint: endpoint)
        } catch {
            // Nobody is there yet from whom the reason would have to be kept.
            throw CloudError(error.code, error.operatorDetail ?? error.message)
        }
    }

    private static func log(_ outcome: Result<RoleCredential, CloudError>, _ logger: Logger) {
        switch outcome {
        case .success(let new):
            logger.info(
                "role credential fetched",
                metadata: ["secretId": "\(new.credential.secretId)", "end": "\(new.end)"])
        case .failure(let error):
            logger.warning("role credential not fetched", metadata: ["error": "\(error.message)"])
        }
    }
}
