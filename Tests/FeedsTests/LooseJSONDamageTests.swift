import Formats
import Testing

@testable import Feeds

/// Of an item in which something could not be told apart it is known, and what is not marked says what was said.
@Suite struct LooseJSONDamageTests {
    private static let head = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"T\",\"items\":["

    private func read(_ items: String) throws -> FeedDocument {
        try FeedReader.read(Array((Self.head + items + "]}").utf8))
    }

    private static func item(_ id: String, _ title: String) -> String {
        "{\"id\":\"\(id)\",\"url\":\"http://a.example/\(id)\",\"title\":\"\(title)\",\"content_text\":\"Words of \(title).\","
            + "\"date_published\":\"2026-01-04T00:00:00Z\",\"tags\":[\"t\(id)\"],\"_n\":{\"_a\":\"\(id)\",\"_b\":5}}"
    }

    private static let layouts: [(colon: String, comma: String)] = [(":", ","), (": ", ", "), (" : ", ",\n  ")]

    /// The same with other white space.
    private static func items(_ layout: (colon: String, comma: String)) -> [String] {
        [item("A", "Alpha"), item("B", "Beta"), item("C", "Gamma")].map {
            $0.replacing("\":", with: "\"" + layout.colon).replacing(",\"", with: layout.comma + "\"")
        }
    }

    @Test(arguments: 0..<layouts.count)
    func `an item that is not marked has lost nothing to a slip anywhere`(layout: Int) throws {
        let items = Self.items(Self.layouts[layout])
        let sound = Array(items.joined(separator: ",").utf8)
        let whole = try read(String(decoding: sound, as: UTF8.self)).entries
        #expect(whole.count == 3 && !whole.contains { $0.isDamaged })
        var wrong: [String] = []
        // In the second, and next to it.
        let start = items[0].utf8.count - 1
        for place in start..<(start + items[1].utf8.count + 3) where "\"{}[],:".utf8.contains(sound[place]) {
            if place > 5, sound[place] == UInt8(ascii: ":"), sound[place - 1] != UInt8(ascii: "\"") { continue }
            for slip in [[], Array("x".utf8), Array("\"".utf8), Array("}".utf8)] {
                var bytes = sound
                bytes.replaceSubrange(place...place, with: slip)
                guard bytes != sound else { continue }
                let text = String(decoding: bytes, as: UTF8.self)
                guard let read = try? read(text) else { continue }
                let around = String(decoding: bytes[max(0, place - 12)..<min(bytes.count, place + 12)], as: UTF8.self)
                for entry in read.lastEntryIsCut ? read.entries.dropLast() : read.entries[...] {
                    let same = whole.first { $0.id == entry.id }
                    let isName = same?.title == entry.title
                    let isAll = isName && same?.link == entry.link && same?.published == entry.published
                        && same?.content == entry.content && same?.categories == entry.categories
                    if entry.isDamaged ? !isName && !entry.isNameDamaged : !isAll {
                        wrong.append("\(slip): \(around): \(entry.id ?? "-") \(entry.title ?? "-") lack \(read.lack as Any)")
                    }
                }
            }
        }
        #expect(wrong.isEmpty, "\(wrong.count):\n\(wrong.joined(separator: "\n"))")
    }
}
