// SPDX-License-Identifier: Apache-2.0

import FastCGI
import NginxConfiguration

/// A way that requests take through nginx to the relay.
struct RelayRoute: Sendable {
    /// Which of the relay's sockets it leads to.
    enum Door: Sendable {
        case site, api
    }

    let door: Door
    /// The location that passes requests on, and what holds in it.
    let location: Scope
    /// The server that it belongs to.
    let server: Scope
    /// The group that it passes them to; `nil` where it names a socket itself.
    let upstream: Directive?
    /// Whether events come this way.
    var takesEvents = false
    /// Whether somebody waits here for what a function returns.
    var waitsForFunctions = false

    /// Where something is written down that is not there yet: in the server, so that it holds for all its locations.
    var serverPlace: String? { server.opening.map { "\($0.place)" } }
    /// The same, for this location alone.
    var locationPlace: String? { location.opening.map { "\($0.place)" } ?? serverPlace }
}

extension NginxConfiguration {
    /// The ways to the relay: those that its own addresses take, and whatever else leads to its sockets.
    func routes(to relay: Examined) -> [RelayRoute] {
        servers.flatMap { server in
            var routes: [RelayRoute] = []
            for address in Self.siteAddresses(of: relay.configuration) {
                guard var route = route(from: server.location(for: address.path), of: server, to: relay) else {
                    continue
                }
                guard route.door == .site else { continue }
                route.takesEvents = address.takesEvents
                route.waitsForFunctions = address.waits
                routes.append(route)
            }
            for location in [server.scope] + server.locations {
                guard var route = route(from: location, of: server, to: relay), route.door == .api else { continue }
                // A location of probes takes no events, and does no harm where it could.
                let isExpression = location.opening?.arguments.first?.hasPrefix("~") == true
                route.takesEvents = !isExpression
                route.waitsForFunctions = !isExpression
                routes.append(route)
            }
            return routes
        }
    }

    private static func siteAddresses(
        of configuration: Configuration
    ) -> [(path: String, takesEvents: Bool, waits: Bool)] {
        [("/invoke", true, true), ("/functions", false, false), ("/deliveries/id", false, false)]
            + configuration.hooks.map { ($0.path, true, $0.answer == .result) }
    }

    private func route(from location: Scope, of server: ServerBlock, to relay: Examined) -> RelayRoute? {
        guard let pass = location.ownDirective("fastcgi_pass"), let target = pass.arguments.first else { return nil }
        let upstream = upstream(target)
        let addresses = self.addresses(of: target)
        let door: RelayRoute.Door
        if let listen = relay.listen, addresses.contains(listen) {
            door = .site
        } else if let apiListen = relay.apiListen, addresses.contains(apiListen) {
            door = .api
        } else {
            return nil
        }
        return RelayRoute(door: door, location: location, server: server.scope, upstream: upstream)
    }

    /// The sockets that a `fastcgi_pass` leads to. One with a variable in it leads nowhere that is known.
    func addresses(of target: String) -> [Address] {
        guard let upstream = upstream(target) else { return Address(nginx: target).map { [$0] } ?? [] }
        return (upstream.block ?? []).compactMap { server in
            server.name == "server" ? server.arguments.first.flatMap(Address.init(nginx:)) : nil
        }
    }
}

extension Address {
    /// Reads an address as nginx writes it: `unix:/PATH`, `127.0.0.1:9001`, `[::1]:9001`, `localhost:9001`.
    init?(nginx text: String) {
        let name = text.hasPrefix("localhost:") ? "127.0.0.1:" + text.dropFirst("localhost:".count) : text
        guard let address = try? Address(name.hasPrefix("unix:") ? name : "tcp:" + name) else { return nil }
        self = address
    }
}
