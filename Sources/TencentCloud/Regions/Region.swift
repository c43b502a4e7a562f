// SPDX-License-Identifier: Apache-2.0

/// A region of the cloud in which functions live.
///
/// The list is for choosing from, not for refusing by: the cloud opens regions faster than lists are updated.
///
/// Source: <https://cloud.tencent.com/document/product/583/17238>, and the international edition for the last three.
public struct Region: Sendable, Hashable, Identifiable {
    /// The value of the parameter `Region`, such as `ap-guangzhou`.
    public let id: String
    /// Its name for people.
    public let name: LocalizedText

    /// Every region known to offer SCF: China first, then the rest by id.
    public static let all: [Region] = [
        Region(id: "ap-beijing", name: LocalizedText(zh: "华北地区（北京）", en: "North China (Beijing)")),
        Region(id: "ap-chengdu", name: LocalizedText(zh: "西南地区（成都）", en: "Southwest China (Chengdu)")),
        Region(id: "ap-chongqing", name: LocalizedText(zh: "西南地区（重庆）", en: "Southwest China (Chongqing)")),
        Region(id: "ap-guangzhou", name: LocalizedText(zh: "华南地区（广州）", en: "South China (Guangzhou)")),
        Region(id: "ap-nanjing", name: LocalizedText(zh: "华东地区（南京）", en: "East China (Nanjing)")),
        Region(id: "ap-shanghai", name: LocalizedText(zh: "华东地区（上海）", en: "East China (Shanghai)")),
        Region(id: "ap-shanghai-fsi", name: LocalizedText(zh: "华东地区（上海金融）", en: "East China (Shanghai Finance)")),
        Region(id: "ap-shenzhen-fsi", name: LocalizedText(zh: "华南地区（深圳金融）", en: "South China (Shenzhen Finance)")),
        Region(id: "ap-hongkong", name: LocalizedText(zh: "港澳台地区（中国香港）", en: "Hong Kong, China")),
        Region(id: "ap-bangkok", name: LocalizedText(zh: "亚太东南（曼谷）", en: "Southeast Asia (Bangkok)")),
        Region(id: "ap-jakarta", name: LocalizedText(zh: "亚太东南（雅加达）", en: "Southeast Asia (Jakarta)")),
        Region(id: "ap-mumbai", name: LocalizedText(zh: "亚太南部（孟买）", en: "South Asia (Mumbai)")),
        Region(id: "ap-seoul", name: LocalizedText(zh: "亚太东北（首尔）", en: "Northeast Asia (Seoul)")),
        Region(id: "ap-singapore", name: LocalizedText(zh: "亚太东南（新加坡）", en: "Southeast Asia (Singapore)")),
        Region(id: "ap-tokyo", name: LocalizedText(zh: "亚太东北（东京）", en: "Northeast Asia (Tokyo)")),
        Region(id: "eu-frankfurt", name: LocalizedText(zh: "欧洲地区（法兰克福）", en: "Europe (Frankfurt)")),
        Region(id: "na-ashburn", name: LocalizedText(zh: "美国东部（弗吉尼亚）", en: "US East (Virginia)")),
        Region(id: "na-siliconvalley", name: LocalizedText(zh: "美国西部（硅谷）", en: "US West (Silicon Valley)")),
        Region(id: "na-toronto", name: LocalizedText(zh: "北美地区（多伦多）", en: "North America (Toronto)")),
        Region(id: "sa-saopaulo", name: LocalizedText(zh: "南美地区（圣保罗）", en: "South America (São Paulo)")),
    ]

    /// The known region with that id.
    public static func named(_ id: String) -> Region? {
        all.first { $0.id == id }
    }

    /// Whether `text` has the form of a region's id: 1 to 40 lower-case letters, digits and `-`, a letter first.
    public static func isWellFormed(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 40 else { return false }
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return letters.contains(first)
            && text.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }
    }
}
