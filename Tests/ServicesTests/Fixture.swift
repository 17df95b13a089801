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

extension Reading {
    var finished: [Bool?] { recognised.map(\.finished) }
    var reasons: [String] { recognised.map(\.reason) }
    var titles: [String] { recognised.map(\.sighting.finish.title) }
    var days: [String?] { recognised.map { $0.sighting.finish.day?.description } }
    var firstKeys: [String] { recognised.map { $0.sighting.keys.first?.text ?? "" } }
}
