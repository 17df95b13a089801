import Catalogue
import Files
import Formats
import HTTP
import Simulation
import Storage

@testable import Operations

/// A store in memory whose finishes are announced on three networks, and a clock.
final class Announcer {
    static let start = Instant(rfc3339: "2026-11-23T14:00:00Z")!
    static let root = "/home/store"

    let disk: FaultyDisk
    let network: FakeNetworks
    var settings = Settings()
    var now = Announcer.start {
        didSet { network.now = now }
    }
    /// How far our clock is ahead of everybody's, in seconds.
    var skew: Int64 = 0
    private var seed: UInt64

    let folder = StoreFolder(Announcer.root)

    init(seed: UInt64 = 1, networks: [String] = ["x", "mastodon", "bluesky"]) {
        self.seed = seed
        disk = FaultyDisk(seed: seed)
        network = FakeNetworks(now: Announcer.start)
        for path in ["/home", Announcer.root, Announcer.root + "/secrets"] { try! disk.makeFolder(path) }
        for path in ["/", "/home", Announcer.root] { try! disk.sync(folder: path) }
        write("feeds.toml", "")
        settings.configuration.announce.networks = networks.map { Configuration.Network($0) }
        settings.networks = networks.map {
            AnnouncedNetwork(
                name: $0, credentials: "secrets/\($0).toml", position: TOMLPosition(line: 1, column: 1))
        }
        write(
            "secrets/x.toml",
            """
            consumer_key = "x-consumer-key"
            consumer_secret = "x-consumer-secret"
            access_token = "4711-x-token"
            access_token_secret = "x-token-secret"
            """)
        write(
            "secrets/mastodon.toml", "server = \"https://social.example\"\ntoken = \"mastodon-token\"")
        write("secrets/bluesky.toml", "identifier = \"ada.example\"\npassword = \"abcd-efgh-ijkl-mnop\"")
    }

    func write(_ path: String, _ text: String, mode: UInt32 = 0o600) {
        try! disk.publish(Array(text.utf8), at: folder.path(path), mode: mode)
    }

    var world: World {
        seed &+= 1
        return World(
            disk: disk, network: network, now: now.adding(seconds: skew), clock: { [self] in now.adding(seconds: skew) },
            random: Randomness(seed: seed),
            run: { _ in .success(()) })
    }

    func wait(_ seconds: Int64) { now = now.adding(seconds: seconds) }

    /// Notes a finish by hand: owed to every network.
    func finish(_ title: String) throws {
        let finish = Finish(kind: .book, title: title, day: Day(of: now))
        _ = try Amend.run(.add(finish, isRepeat: false), world, folder, settings)
    }

    /// Follows one feed, a file of the store.
    func follow(_ feed: Configuration.Feed, in file: String) {
        settings.configuration.feeds = [feed]
        settings.feeds = [
            FollowedFeed(
                settings: feed, address: WebAddress("file://\(Announcer.root)/\(file)")!, isPrivate: false,
                every: nil, userAgent: nil, position: TOMLPosition(line: 1, column: 1))
        ]
    }

    /// A quarter of an hour later, all feeds, due or not.
    @discardableResult
    func poll() throws -> ImportReport {
        wait(900)
        var options = Import.Options()
        options.ignoresSchedule = true
        return try Import.run(settings, folder, options, world)
    }

    /// Reads a feed of articles with these items.
    @discardableResult
    func poll(_ items: [String], in file: String = "essays.xml") throws -> ImportReport {
        var feed = Configuration.Feed(name: "essays")
        (feed.service, feed.kind) = ("generic", .article)
        follow(feed, in: file)
        write(file, "<rss version=\"2.0\"><channel><title>Essays</title>" + items.joined() + "</channel></rss>")
        return try poll()
    }

    func say(_ step: AnnouncementStep.Step, _ id: String) throws {
        _ = try Amend.run(.announcement(id: id, step, post: ""), world, folder, settings)
    }

    @discardableResult
    func announce() throws -> AnnounceReport { try Announce.run(settings, folder, world) }

    func state() throws -> State { try Archive(world, folder).state() }

    func status(_ network: String, _ title: String) throws -> Announcement.Status? {
        try announcement(network, title)?.status
    }

    func announcement(_ network: String, _ title: String) throws -> Announcement? {
        let state = try state()
        return state.announcements.first {
            $0.network == network && state.finish(withKey: $0.finish.text)?.finish.title == title
        }
    }

    /// The log as text.
    var log: String {
        disk.names(folder.log).filter { $0.hasSuffix(".ndjson") }
            .map { String(decoding: disk.peek(folder.log + "/" + $0) ?? [], as: UTF8.self) }.joined()
    }

    var pendingTweets: String { String(decoding: disk.peek(folder.pendingTweets) ?? [], as: UTF8.self) }
}
