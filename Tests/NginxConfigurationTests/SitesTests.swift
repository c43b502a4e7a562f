// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import NginxConfiguration

@Suite("Where nginx leads a request, and what holds there")
struct SitesTests {
    static let site = """
        user www;
        http {
            fastcgi_param A a;
            size 1;
            upstream up { server unix:/s; keepalive 4; }
            server {
                size 2;
                location = /exact { name exact; }
                location / { name root; }
                location /folder/ {
                    name folder;
                    size 3;
                    fastcgi_param B b;
                    location /folder/inner/ { name inner; }
                }
                location ^~ /fixed/ { name fixed; }
                location ~ ^/(one|two)$ { name expression; }
                location ~* \\.PHP$ { name php; }
                location @named { name named; }
                location =/tight { name tight; }
            }
            server { name empty; }
        }
        """

    static let paths: [(path: String, name: String)] = [
        ("/exact", "exact"), ("/exactly", "root"), ("/", "root"), ("/folder/", "folder"), ("/folder", "root"),
        ("/folder/a.txt", "folder"), ("/folder/inner/x", "inner"), ("/fixed/a.php", "fixed"), ("/a.php", "php"),
        ("/folder/a.php", "php"), ("/one", "expression"), ("/one/", "root"), ("/tight", "tight"), ("@named", "empty?"),
    ]

    @Test("By nginx's rules: exact, then the longest prefix, then expressions", arguments: paths)
    func location(path: String, name: String) throws {
        let server = try #require(try ParserTests.read(Self.site).servers.first)
        let location = server.location(for: path)
        #expect(location.ownDirective("name")?.arguments.first ?? "empty?" == name)
    }

    static let folders: [(locations: String, redirected: [String])] = [
        ("location /a/ { fastcgi_pass x; }", ["/a"]), ("location ^~ /a/ { fastcgi_pass x; }", ["/a"]),
        ("location /a/ { fastcgi_pass x; } location ~ ^/a$ { }", ["/a"]),
        ("location /a/ { fastcgi_pass x; } location = /a { }", []),
        ("location /a/ { fastcgi_pass x; } location /a { }", []), ("location ~ ^/a/ { fastcgi_pass x; }", []),
        ("location /a/ { root x; }", []), ("location /a { fastcgi_pass x; }", []),
        ("location / { location /a/ { fastcgi_pass x; } }", ["/a"]),
        ("location / { location /a/ { fastcgi_pass x; } } location = /a { }", []),
    ]

    @Test("A folder that is passed on, and its name without the slash", arguments: folders)
    func redirected(locations: String, redirected: [String]) throws {
        let server = try #require(try ParserTests.read("server { \(locations) }").servers.first)
        #expect(server.redirectedFolders.map(\.path) == redirected)
    }

    @Test("A level that says nothing takes what the one around it says; lists are taken whole or not at all")
    func inheritance() throws {
        let configuration = try ParserTests.read(Self.site)
        let server = try #require(configuration.servers.first)
        func size(_ path: String) -> String? { server.location(for: path).directive("size")?.arguments.first }
        #expect(size("/") == "2")
        #expect(size("/folder/") == "3")
        #expect(size("/folder/inner/") == "3")
        #expect(configuration.servers[1].location(for: "/").directive("size")?.arguments == ["1"])
        #expect(server.location(for: "/").all("fastcgi_param").map(\.arguments) == [["A", "a"]])
        #expect(server.location(for: "/folder/").all("fastcgi_param").map(\.arguments) == [["B", "b"]])
        #expect(server.location(for: "/folder/inner/").ownDirective("size") == nil)
        #expect(configuration.upstream("up")?.block?.count == 2)
        #expect(configuration.upstream("down") == nil)
        #expect(server.locations.count == 9)
    }

    @Test("A file that is a part of http begins with its servers")
    func part() throws {
        let configuration = try ParserTests.read("upstream u { server a; } server { location / { fastcgi_pass u; } }")
        #expect(configuration.servers.count == 1)
        #expect(configuration.upstream("u") != nil)
    }
}
