// SPDX-License-Identifier: Apache-2.0

import TencentCloud

/// The actions that the door offers, under the API's own names. ``CloudAPIDoor`` performs each.
enum CloudAPIAction: String, CaseIterable {
    case invoke = "Invoke"
    case invokeFunction = "InvokeFunction"
    case listFunctions = "ListFunctions"
    case getFunction = "GetFunction"

    /// The version of the API that has them.
    private static let version = "2018-04-16"

    /// The actions of a door: those that ask what functions there are only where it has a catalogue to ask.
    static func offered(withCatalogue: Bool) -> [CloudAPIAction] {
        withCatalogue ? allCases : [.invoke, .invokeFunction]
    }

    /// The action that a call names, of those offered to it. Texts: the documents' table of common errors; the cloud's own were never seen.
    ///
    /// - Throws: `InvalidAction`, `NoSuchVersion`.
    init(of call: APICall, among offered: [CloudAPIAction]) throws(CloudError) {
        guard let action = call[.action].flatMap(Self.init), offered.contains(action) else {
            let names = offered.map(\.rawValue).joined(separator: ", ")
            throw CloudError(
                "InvalidAction",
                LocalizedText(
                    zh: "接口不存在。此处提供的接口：\(names)。", en: "The API does not exist. Those offered here: \(names)."))
        }
        guard call[.version] == Self.version else {
            throw CloudError(
                "NoSuchVersion",
                LocalizedText(
                    zh: "接口版本不存在。此处提供的版本：\(Self.version)。",
                    en: "The API version does not exist. The one offered here: \(Self.version)."))
        }
        self = action
    }
}
