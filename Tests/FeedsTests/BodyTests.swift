import Testing

@testable import Feeds

@Suite struct BodyTests {
    /// A key that is made of it must be the same whether a body is long or short.
    @Test(arguments: [
        "<p>short</p>", "<p>\(String(repeating: "a", count: 300))</p> and <b>more</b>",
        "\(String(repeating: " ", count: 40))<b>x</b>\(String(repeating: " ", count: 300))<b>y</b>",
        "<b>x</b>\(String(repeating: " ", count: 300))", String(repeating: "<i>é &amp; </i>", count: 60),
        "\(String(repeating: " ", count: 300))<p>\(String(repeating: "a", count: 210))<b>x</b> more</p> loose text behind it, and more",
        "<p>\(String(repeating: "a", count: 500))<b>\(String(repeating: "b", count: 100))<i>c</i>d</b>e</p>\(String(repeating: "f", count: 400))",
        "<ul>\(String(repeating: "<li>", count: 9))\(String(repeating: "é", count: 60))",
    ])
    func `its beginning is that of its value`(inside: String) throws {
        let feed = try FeedReader.read(
            Array("<rss><item><title>T</title><description>\(inside)<hr/></description></item></rss>".utf8), address: nil)
        let body = try #require(feed.entries[0].summary)
        for count in [0, 1, 10, 64, 256, 10_000] {
            #expect(Array(body.beginning(count)) == Array(body.value.utf8.prefix(count)))
        }
    }
}
