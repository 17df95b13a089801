import Catalogue
import Feeds
import Formats
import Foundation
@testable import Services

/// Files of `Tests/Fixtures`, read and recognised.
enum Fixture {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Fixtures")

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent(path)))
    }

    static func read(
        _ path: String, address: String = "", service: String = "",
        offset: Int = 0, setting: (inout Configuration.Feed) -> Void = { _ in }
    ) throws -> Reading {
        var feed = Configuration.Feed(name: "films")
        feed.service = service
        setting(&feed)
        let context = FeedContext(feed: feed, address: address) { _ in offset }
        return Services.read(try FeedReader.read(try bytes(path)), context: context)
    }
}

extension Fixture {
    /// The one item of an RSS feed that has these elements, as XML.
    static func item(
        _ elements: String, at address: String = "", setting: (inout Configuration.Feed) -> Void = { _ in }
    ) throws -> Recognised {
        let feed = "<rss version=\"2.0\"><channel><title>T</title><item>\(elements)</item></channel></rss>"
        var settings = Configuration.Feed(name: "feed")
        setting(&settings)
        let reading = Services.read(
            try FeedReader.read(Array(feed.utf8)), context: FeedContext(feed: settings, address: address))
        return reading.recognised[0]
    }

    /// Which service a document of one item is taken for without an address.
    static func service(of elements: String) throws -> String {
        let feed = "<rss version=\"2.0\"><channel><title>T</title><item>\(elements)</item></channel></rss>"
        return Services.read(
            try FeedReader.read(Array(feed.utf8)),
            context: FeedContext(feed: Configuration.Feed(name: "feed"))
        ).service
    }
}

extension Recognised {
    var finish: Finish { sighting.finish }
    var keys: [String] { sighting.keys.map(\.text) }
}

extension Reading {
    var finished: [Bool?] { recognised.map(\.finished) }
    var reasons: [String] { recognised.map(\.reason) }
    var titles: [String] { recognised.map(\.sighting.finish.title) }
    var days: [String?] { recognised.map { $0.sighting.finish.day?.description } }
    var firstKeys: [String] { recognised.map { $0.sighting.keys.first?.text ?? "" } }
}
