import Foundation
import Testing

@testable import Formats

@Suite struct ZoneRulesTests {
    private static let folder = "/usr/share/zoneinfo/"

    private static func file(_ name: String) -> [UInt8]? {
        FileManager.default.contents(atPath: folder + name).map { [UInt8]($0) }
    }

    @Test(arguments: [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca",
        "America/Sao_Paulo", "Pacific/Apia", "Europe/Dublin", "Asia/Kathmandu", "Antarctica/Troll",
        "America/Godthab", "UTC",
    ])
    func `a zone's clocks are where Foundation has them`(name: String) throws {
        guard let bytes = ZoneRulesTests.file(name), let zone = TimeZone(identifier: name) else { return }
        let rules = try #require(ZoneRules(bytes))
        var dice = Dice(seed: 1970)
        // 2037 is where Foundation's own data ends to be exact for zones that go by the moon.
        let end = name == "Africa/Casablanca" ? 2_114_380_800 : 2_524_608_000
        var wrong: [String] = []
        for index in 0..<6000 {
            let seconds = index < 3000 ? index * (end / 3000) : dice.below(end)
            let wanted = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
            let instant = Instant(seconds: Int64(seconds))
            let found = rules.offset(at: instant)
            if found != wanted { wrong.append("\(instant): \(found), not \(wanted)") }
        }
        #expect(wrong.isEmpty, "\(name): \(wrong.count) wrong, the first \(wrong.first ?? "")")
    }

    @Test func `without a file the clock is that of UTC`() {
        #expect(ZoneRules.utc.offset(at: Instant(seconds: 1_800_000_000)) == 0)
    }

    /// A file made up here: type 0 is an hour east, from 1,000 on two hours, then a rule.
    private func made(
        rule: String, version: UInt8 = 0x32, times: [Int64] = [1000], indexes: [UInt8] = [1],
        offsets: [Int32] = [3600, 7200]
    ) -> [UInt8] {
        func number(_ value: Int64, _ width: Int) -> [UInt8] {
            (0..<width).reversed().map { UInt8(truncatingIfNeeded: value >> Int64($0 * 8)) }
        }
        func block(_ width: Int) -> [UInt8] {
            var bytes = Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
            for count in [0, 0, 0, times.count, offsets.count, 4] { bytes += number(Int64(count), 4) }
            for time in times { bytes += number(time, width) }
            bytes += indexes
            for offset in offsets { bytes += number(Int64(offset), 4) + [0, 0] }
            return bytes + Array("ABC\0".utf8)
        }
        return version < 0x32 ? block(4) : block(4) + block(8) + Array("\n\(rule)\n".utf8)
    }

    private func offset(_ bytes: [UInt8], _ text: String) -> Int? {
        ZoneRules(bytes)?.offset(at: Instant(rfc3339: text)!)
    }

    @Test func `transitions come first, then the rule`() {
        let bytes = made(rule: "XST-3XDT,M3.5.0,M10.5.0/3")
        #expect(offset(bytes, "1960-01-01T00:00:00Z") == 3600)
        #expect(offset(bytes, "1970-01-01T00:16:39Z") == 3600)
        #expect(offset(bytes, "2026-01-01T00:00:00Z") == 10_800)
        #expect(offset(bytes, "2026-03-28T22:59:59Z") == 10_800)
        #expect(offset(bytes, "2026-03-28T23:00:00Z") == 14_400)
        #expect(offset(bytes, "2026-10-24T22:59:59Z") == 14_400)
        #expect(offset(bytes, "2026-10-24T23:00:00Z") == 10_800)
        #expect(offset(made(rule: "", version: 0), "2026-01-01T00:00:00Z") == 7200)
        #expect(offset(made(rule: ""), "2026-01-01T00:00:00Z") == 7200)
    }

    @Test(arguments: [
        ("<+0530>-5:30", 19_800, 19_800), ("EST5EDT,M3.2.0,M11.1.0", -18_000, -14_400),
        ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, -3600), ("ABC-1:02:03", 3723, 3723),
        // The southern summer goes over the new year.
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", 39_600, 36_000), ("IST-1GMT0,M10.5.0,M3.5.0/1", 0, 3600),
        // Half an hour of summer.
        ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 39_600, 37_800),
    ])
    func `rules that go on for ever`(rule: String, january: Int, july: Int) {
        #expect(offset(made(rule: rule), "2026-01-15T12:00:00Z") == january)
        #expect(offset(made(rule: rule), "2026-07-15T12:00:00Z") == july)
    }

    @Test(arguments: [
        "", "X", "5", "ABC", "ABC-", "ABC-1DEF", "ABC-1DEF,", "ABC-1DEF,M13.1.0,M4.1.0", "ABC-1DEF,M0.1.0,M4.1.0",
        "ABC-1DEF,M3.6.0,M4.1.0", "ABC-1DEF,M3.1.7,M4.1.0", "ABC-1DEF,M3.1.0", "<ABC", "<ABC>", "<>-99999999999999999999",
        // Days of the year, which no zone uses any more.
        "XST-3XDT,J60/2,J300", "XST-3XDT,59/2,299", "ABC-1DEF,J0,J366", "ABC-1DEF,366,1", "ABC99999999999", "ABC-1DEF,M3.1.0/999999999999,M4.1.0",
    ])
    func `a rule that is none leaves the last transition in force`(rule: String) {
        let found = offset(made(rule: rule), "2026-07-15T12:00:00Z")
        #expect(found == 7200)
    }

    @Test func `a file cut anywhere, or with any byte changed, never stops us`() throws {
        var dice = Dice(seed: 8536)
        let files = ["Europe/Berlin", "America/New_York"].compactMap { ZoneRulesTests.file($0) }
            + [made(rule: "XST-3XDT,M3.5.0,M10.5.0/3"), made(rule: "", version: 0)]
        let instants = [Int64.min / 4, -1, 0, 1000, 1_800_000_000, 4_000_000_000, 200_000_000_000]
            .map { Instant(seconds: $0) }
        func ask(_ bytes: [UInt8]) {
            guard let rules = ZoneRules(bytes) else { return }
            for instant in instants { _ = rules.offset(at: instant) }
        }
        for file in files {
            for count in 0..<file.count { ask(Array(file.prefix(count))) }
            for _ in 0..<2000 {
                var bytes = file
                for _ in 0...dice.below(4) { bytes[dice.below(bytes.count)] = UInt8(dice.below(256)) }
                ask(bytes)
            }
        }
        for count in 0..<300 { ask(Array("TZif2".utf8) + dice.bytes(count)) }
        #expect(ZoneRules([]) == nil)
        #expect(ZoneRules(Array("TZif".utf8)) == nil)
        #expect(ZoneRules(made(rule: "", times: [1000], indexes: [2])) == nil)
        #expect(ZoneRules(made(rule: "", times: [], indexes: [], offsets: [])) == nil)
    }
}
