import Formats
import Testing

@testable import Catalogue

@Suite struct BoundsTests {
    @Test(arguments: [
        ("abc", 3, "abc"), ("abcd", 3, "abc"), ("aéb", 2, "a"), ("aéb", 3, "aé"), ("", 0, ""),
        // A family is one character of 25 bytes.
        ("a👨‍👩‍👧‍👦", 25, "a"), ("👨‍👩‍👧‍👦", 25, "👨‍👩‍👧‍👦"), ("a\r\n", 2, "a"),
        // A first character that alone is too long is cut between scalars.
        ("e\u{301}\u{302}\u{303}", 5, "e\u{301}\u{302}"), ("👨‍👩‍👧‍👦", 5, "👨"),
    ])
    func `a text is cut between characters`(text: String, max: Int, cut: String) {
        #expect(Array(Bounds.cut(text, to: max).utf8) == Array(cut.utf8))
    }

    @Test func `a title under a thousand accents still is a title`() {
        let title = "Z" + String(repeating: "\u{301}", count: 2000)
        let finish = Finish(title: title).bounded()
        #expect(finish.title.utf8.count == 1023)
    }

    @Test func `each field has its bound, and a long address is absent`() {
        let long = String(repeating: "x", count: 100_000)
        let finish = Finish(
            title: long, creator: long, review: long, cover: long, url: long,
            identifiers: (0..<20).map { Identifier("n\($0)", long) }
        ).bounded()
        #expect(finish.title.utf8.count == 1024)
        #expect(finish.creator?.utf8.count == 1024)
        #expect(finish.review?.utf8.count == 65_536)
        #expect(finish.cover == nil)
        #expect(finish.url == nil)
        #expect(finish.identifiers.count == 16)
        #expect(finish.identifiers.allSatisfy { $0.value.utf8.count == 512 })
        let fits = Finish(title: "t", cover: String(long.prefix(4096)), url: String(long.prefix(4096)))
        #expect(fits.bounded() == fits)
    }

    @Test func `a long key becomes its digest`() {
        let text = "feed:a:id:" + String(repeating: "é", count: 251)
        #expect(Key(text).text == text)
        let long = Key(text + "x").text
        #expect(long == "sha256:" + hex(SHA256.digest(Array((text + "x").utf8))))
    }

    @Test func `evidence keeps whole elements from the front`() {
        let list = [Stated("a", "123"), Stated("b", "45678"), Stated("c", "")]
        #expect(Stated.bounded(list, to: 10) == Array(list[..<2]))
        #expect(Stated.bounded(list, to: 11) == list)
        #expect(Stated.bounded(list, to: 3) == [])
    }
}
