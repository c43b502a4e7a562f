// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import TencentCloud

@Suite("Language") struct LanguageTests {
    @Test("has the raw values of X-TC-Language") func hasRawValues() {
        #expect(Language(rawValue: "zh-CN") == .zh)
        #expect(Language(rawValue: "en-US") == .en)
        #expect(Language(rawValue: "fr-FR") == nil)
    }

    /// Each row: the header, and what it means where the fallback is English and where it is Chinese.
    @Test(
        "is chosen by Accept-Language",
        arguments: [
            (nil, Language.en, Language.zh),
            ("", .en, .zh),
            ("zh", .zh, .zh), ("en", .en, .en), ("ZH-cn", .zh, .zh), ("EN-gb", .en, .en),
            ("zh-CN,zh;q=0.9,en;q=0.8", .zh, .zh), ("en-US,en;q=0.9,zh-CN;q=0.8", .en, .en),
            ("zh-Hans-CN", .zh, .zh), ("zh-TW", .zh, .zh),
            ("en;q=0.5, zh;q=0.8", .zh, .zh), ("zh;q=0.5, en;q=0.501", .en, .en),
            ("en, zh", .en, .en), ("zh, en", .zh, .zh), ("en;q=1, zh;q=1.000", .en, .en),
            ("fr, de;q=0.9", .en, .zh), ("fr, zh;q=0.1", .zh, .zh), ("fr;q=1, en;q=0.001", .en, .en),
            ("*", .en, .zh), ("zh;q=0, *", .en, .en), ("en;q=0, *;q=0.1", .zh, .zh),
            ("*;q=0.9, zh;q=0.5", .en, .en), ("*;q=0.5, zh;q=0.5", .zh, .zh), ("en, *;q=0.5", .en, .en),
            ("zh;q=0", .en, .zh), ("zh;q=0, en;q=0", .en, .zh), ("*;q=0", .en, .zh),
            ("en;q=0.1, zh;q=0.2, en;q=0.9", .en, .en),
            ("  zh  ;  q=0.9  ,en;q=0.1", .zh, .zh), ("\tzh", .zh, .zh), (",,,zh,,", .zh, .zh),
            ("zh;q=2, en;q=0.1", .en, .en), ("zh;q=, en;q=0.1", .en, .en), ("zh;q=0.1234, en;q=0.1", .en, .en),
            ("zh;q=1.001, en;q=0.1", .en, .en), ("zh;q=-1, en;q=0.1", .en, .en), ("zh;q=.5, en;q=0.1", .en, .en),
            ("zh;q=NaN, en;q=0.1", .en, .en), ("zh;level=1, en;q=0.1", .en, .en), ("zh;q=1;q=1, en;q=0.1", .en, .en),
            ("zh;q=0.+1, en;q=0.1", .en, .en), ("zh;q=1., en;q=0.1", .zh, .zh), (";q=1, en", .en, .en),
            ("-, zh", .zh, .zh),
            ("zhx, en;q=0.1", .en, .en), ("中文, en", .en, .en),
        ] as [(String?, Language, Language)])
    func isChosen(header: String?, english: Language, chinese: Language) {
        #expect(Language.preferred(byAcceptLanguage: header, fallback: .en) == english)
        #expect(Language.preferred(byAcceptLanguage: header, fallback: .zh) == chinese)
    }

    @Test("is the fallback where the header is too long to read") func boundsTheHeader() {
        let padding = String(repeating: "x", count: 1_024 - 3)
        #expect(Language.preferred(byAcceptLanguage: "zh,\(padding)", fallback: .en) == .zh)
        #expect(Language.preferred(byAcceptLanguage: "zh,\(padding)x", fallback: .en) == .en)
        let others = String(repeating: "fr,", count: 31)
        #expect(Language.preferred(byAcceptLanguage: others + "zh", fallback: .en) == .zh)
        #expect(Language.preferred(byAcceptLanguage: others + "fr,zh", fallback: .en) == .en)
    }
}

@Suite("Region and Endpoint") struct RegionTests {
    @Test("lists each region once, with names in both languages") func listsRegions() {
        #expect(Region.all.count == 20)
        #expect(Set(Region.all.map(\.id)).count == Region.all.count)
        for region in Region.all {
            #expect(Region.isWellFormed(region.id))
            #expect(!region.name.zh.isEmpty && !region.name.en.isEmpty)
            #expect(Region.named(region.id) == region)
        }
        #expect(Region.named("ap-nowhere") == nil)
    }

    @Test("names the endpoint of a region, known or not") func namesEndpoint() {
        #expect(Endpoint.standard == "scf.tencentcloudapi.com")
        #expect(Endpoint.regional("ap-shanghai-fsi") == "scf.ap-shanghai-fsi.tencentcloudapi.com")
        #expect(Endpoint.regional("ap-nowhere-2") == "scf.ap-nowhere-2.tencentcloudapi.com")
    }

    @Test(
        "makes no host name of what is not a region",
        arguments: [
            "", "AP-Guangzhou", "evil.com/", "a b", "a:b", "-a", "1a", "a@b", "广州", String(repeating: "a", count: 41),
        ])
    func refusesOther(text: String) {
        #expect(Endpoint.regional(text) == nil)
    }
}
