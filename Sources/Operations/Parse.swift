import Catalogue
import Feeds
import Files
public import Formats
import Services

/// What the feed reader and the services' rooms see in a file, as documents: `colophon parse`.
public enum Parse {
    public struct Options: Equatable, Sendable {
        public var contentType: String?
        public var address: String?
        public var service: String?
        public var bytesMax: Int?

        public init() {}
    }

    public enum Source: Equatable, Sendable {
        case bytes([UInt8])
        case file(String)
    }

    /// The object of `conformance/feeds/README.md`; `{"error": "…"}` for what is no feed.
    public static func feed(_ source: Source, _ options: Options, _ world: World) -> JSONValue {
        do {
            return try read(source, options, world).json
        } catch {
            return .object([JSONMember("error", .string(error.reason))])
        }
    }

    /// Whether it is a feed: read to its entries, and nothing made of them.
    public static func isFeed(_ source: Source, _ options: Options, _ world: World) -> Bool {
        (try? read(source, options, world)) != nil
    }

    /// One request of `--batch`: `{"file", "content_type", "base_url"}`.
    public static func request(_ line: [UInt8], _ world: World) -> JSONValue {
        guard let request = try? JSONReader.read(line), let file = request["file"]?.stringValue else {
            return .object([JSONMember("error", .string("the request is no object with a \"file\""))])
        }
        var options = Options()
        options.contentType = request["content_type"]?.stringValue
        options.address = request["base_url"]?.stringValue
        return feed(.file(file), options, world)
    }

    /// What is recognised in a feed or an export, with a reason for what is not.
    public static func finishes(_ source: Source, _ options: Options, _ world: World) -> JSONValue {
        var feed = Configuration.Feed(name: "file")
        feed.service = options.service ?? ""
        do {
            if let service = options.service, let reading = try export(source, service, world) {
                return reading.conformance
            }
            let document = try read(source, options, world)
            let reading = Services.read(
                document,
                context: FeedContext(
                    feed: feed, address: options.address ?? "", countsEverything: true))
            return reading.conformance
        } catch {
            return .object([JSONMember("error", .string(error.reason))])
        }
    }

    /// The file as the service's export; `nil` when it is a feed. What a file is shows in its beginning:
    /// exports in XML have another root than any feed.
    private static func export(
        _ source: Source, _ service: String, _ world: World
    ) throws(Trouble) -> Reading? {
        let bytes = try bytes(source, world)
        let isFeed = (try? FeedReader.read(bytes, contentType: nil, address: nil)) != nil
        if isFeed { return nil }
        var name = ""
        if case .file(let path) = source { name = path }
        do {
            return try Services.readExport(bytes, service: service, fileName: name)
        } catch {
            switch error {
            // An answer that is neither is told as what it is to the feed reader.
            case .noExport, .notTheExport, .broken: return nil
            case .privateFile: throw Trouble(reason: error.description)
            }
        }
    }

    private struct Trouble: Error {
        var reason: String
    }

    private static func bytes(_ source: Source, _ world: World) throws(Trouble) -> [UInt8] {
        switch source {
        case .bytes(let bytes): return bytes
        case .file(let path):
            let found: [UInt8]?
            do {
                found = try world.disk.contents(of: path)
            } catch {
                throw Trouble(reason: error.description)
            }
            guard let found else { throw Trouble(reason: "there is no file \(path)") }
            return found
        }
    }

    private static func read(
        _ source: Source, _ options: Options, _ world: World
    ) throws(Trouble) -> FeedDocument {
        let bytes = try bytes(source, world)
        var limits = FeedLimits.standard
        if let bytesMax = options.bytesMax { limits = limits.lifted(toBytes: bytesMax) }
        do {
            return try FeedReader.read(
                bytes, contentType: options.contentType, address: options.address, limits: limits)
        } catch {
            throw Trouble(reason: error.description)
        }
    }
}
