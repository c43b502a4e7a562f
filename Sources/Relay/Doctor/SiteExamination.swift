// SPDX-License-Identifier: Apache-2.0

import FastCGI
import NginxConfiguration

/// Looks at the nginx in front of a relay: whether it leads there at all, and each way that does.
struct SiteExamination {
    let nginx: NginxConfiguration
    let relay: Examined

    var diagnosis: Diagnosis {
        let routes = nginx.routes(to: relay)
        var diagnosis = Diagnosis()
        diagnosis.findings += nginx.missingFiles.map { include in
            Finding(
                at: "\(include.place)", "The file that is included here is not there: nginx does not start.",
                write: "include \(include.arguments.first ?? "");    # once it is where this says")
        }
        reach(.site, routes, &diagnosis)
        if relay.configuration.apiListen != nil { reach(.api, routes, &diagnosis) }
        let found = routes.flatMap { RouteExamination(route: $0, relay: relay).findings }
        for finding in found + hooksWithoutWay(routes) + redirects + repeatedGets(routes)
        where !diagnosis.findings.contains(finding) {
            diagnosis.findings.append(finding)
        }
        return diagnosis
    }

    /// Whether anything leads to a socket of the relay.
    private func reach(_ door: RelayRoute.Door, _ routes: [RelayRoute], _ diagnosis: inout Diagnosis) {
        let key = door == .site ? "listen" : "apiListen"
        guard let address = door == .site ? relay.listen : relay.apiListen else {
            diagnosis.unknowns.append(
                "which socket '\(key): fd:…' is, so that nginx's way there was not looked at. Say it with "
                    + "\(door == .site ? "--socket" : "--api-socket").")
            return
        }
        guard !routes.contains(where: { $0.door == door }) else { return }
        let passes = nginx.servers.flatMap { [$0.scope] + $0.locations }.compactMap { $0.ownDirective("fastcgi_pass") }
        let targets = Set(passes.compactMap(\.arguments.first).flatMap(nginx.addresses(of:)).map(\.nginxText)).sorted()
        let others = targets.isEmpty ? "nowhere by FastCGI" : "to \(targets.joined(separator: ", "))"
        let place = passes.first.flatMap { $0.arguments.first }.flatMap(nginx.upstream)?.place ?? passes.first?.place
        diagnosis.findings.append(
            Finding(
                at: place.map { "\($0)" },
                "The relay listens at \(address) (\(relay.lines.place(of: key))), but nginx leads \(others): calls end with 502.",
                write: "fastcgi_pass \(address.nginxText);    # or, in the upstream: server \(address.nginxText);"))
    }

    private func hooksWithoutWay(_ routes: [RelayRoute]) -> [Finding] {
        guard routes.contains(where: { $0.door == .site }) else { return [] }
        return relay.configuration.hooks.filter { hook in
            !nginx.servers.contains { server in
                guard let pass = server.location(for: hook.path).ownDirective("fastcgi_pass")?.arguments.first else {
                    return false
                }
                return relay.listen.map { nginx.addresses(of: pass).contains($0) } ?? true
            }
        }.map { hook in
            Finding(
                at: routes.first { $0.door == .site }?.serverPlace,
                "No location leads \(hook.path) to the relay, where relay.yaml has that hook (\(relay.lines.place(of: "hooks"))).",
                write: "location ~ ^/hooks(/|$) { client_max_body_size 4m; fastcgi_pass …; }")
        }
    }

    /// A location for a folder takes the address without the slash away from whatever else is there for it.
    private var redirects: [Finding] {
        let paths = Router.sitePaths.union(relay.configuration.hooks.map(\.path))
        return nginx.servers.flatMap(\.redirectedFolders).filter { folder in
            guard paths.contains(folder.path), let listen = relay.listen else { return false }
            return nginx.addresses(of: folder.target).contains(listen)
        }.map { folder in
            Finding(
                at: folder.location.opening.map { "\($0.place)" },
                "nginx answers \(folder.path) with a redirect to \(folder.path)/ (301), a POST too, because this location ends "
                    + "in a slash and nothing but an exact location goes before it: the relay never sees such a call.",
                write: "location = \(folder.path) { fastcgi_pass \(folder.target); }")
        }
    }

    /// A GET of the cloud API runs a function, and nginx takes it for harmless.
    private func repeatedGets(_ routes: [RelayRoute]) -> [Finding] {
        let servers = Dictionary(grouping: routes.filter { $0.door == .api }, by: \.serverPlace)
        return servers.sorted { $0.key ?? "" < $1.key ?? "" }.compactMap { place, routes in
            let isOffSomewhere = routes.contains {
                $0.location.directive("fastcgi_next_upstream")?.arguments == ["off"]
            }
            guard !isOffSomewhere else { return nil }
            return Finding(
                at: place,
                "A GET of the cloud API runs a function, but nginx sends it to the next relay, or once more, when something "
                    + "goes wrong: the function may run twice.",
                write: """
                    error_page 418 = @get;
                    location / { if ($request_method = GET) { return 418; } fastcgi_pass …; }
                    location @get { fastcgi_next_upstream off; fastcgi_pass …; }
                    """)
        }
    }
}

extension Address {
    /// As nginx writes it.
    var nginxText: String {
        switch self {
        case .unix, .descriptor: description
        case .tcp: String(description.dropFirst("tcp:".count))
        }
    }
}
