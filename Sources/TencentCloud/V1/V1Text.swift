// SPDX-License-Identifier: Apache-2.0

/// Writes the text that a v1 signature is made from, for the signer and the verifier alike.
///
/// ```
/// POSTscf.tencentcloudapi.com/?Action=Invoke&ClientContext={"key": "value"}&FunctionName=hello&…
/// ```
///
/// Values stand in it raw, so two parameters and one that holds `&` and `=` can make the same text. Whoever verifies
/// uses the parameters as they were parsed, never this text.
struct V1Text {
    /// What follows the host: the parameters, their names in byte order.
    private let parameters: [UInt8]
    private let method: String

    /// How names are written that hold a `_`.
    enum Names: CaseIterable {
        /// `a_b` as `a.b`: the rule of older documents, which the Python SDK still follows.
        case dotted
        /// As they are.
        case asSent
    }

    /// - Parameters:
    ///   - method: `GET` or `POST`.
    ///   - parameters: All parameters but the signature.
    ///   - names: How to write names.
    init(method: String, parameters: [FormParameter], names: Names = .dotted) {
        self.method = method
        let sorted = parameters.map { (name: Self.written($0.name, names), value: $0.value) }
            .sorted { $0.name.lexicographicallyPrecedes($1.name) }
        var text: [UInt8] = []
        text.reserveCapacity(sorted.reduce(0) { $0 + $1.name.count + $1.value.count + 2 })
        for (index, parameter) in sorted.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "&")) }
            text += parameter.name
            text.append(UInt8(ascii: "="))
            text += parameter.value
        }
        self.parameters = text
    }

    /// The string to sign for a host, as bytes: the values are those that were sent, whatever they are.
    func stringToSign(host: String) -> [UInt8] {
        Array("\(method)\(host)/?".utf8) + parameters
    }

    private static func written(_ name: String, _ names: Names) -> [UInt8] {
        switch names {
        case .asSent: Array(name.utf8)
        case .dotted: name.utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: ".") : $0 }
        }
    }
}
