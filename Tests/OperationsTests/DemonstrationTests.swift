import Catalogue
import Files
import Foundation
import Testing

@testable import Operations

private let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
}

@Suite struct DemonstrationTests {
    @Test func `the feeds.toml at the top is the manual that init writes`() throws {
        #expect(try text("feeds.toml") == FeedsTemplate.demonstration)
    }

    @Test func `what init writes can be read`() throws {
        let store = try TemporaryStore()
        #expect(try store.mistakes(FeedsTemplate.text(feeds: [], timeZone: "UTC")) == [])
        let settings = try store.settings(FeedsTemplate.text(feeds: [], timeZone: "UTC"))
        #expect(settings.feeds.isEmpty)
        // All but what posts say, which depends on the language.
        var configuration = settings.configuration
        configuration.announce.templates = []
        configuration.announce.template = Configuration.Announce.defaultTemplate
        #expect(configuration == Settings().configuration)
    }

    @Test func `the commented feeds can be read once they are uncommented`() throws {
        let lines = FeedsTemplate.text(feeds: [], timeZone: "UTC").split(
            separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("# Real ones") }) else {
            Issue.record("there are no real ones")
            return
        }
        let uncommented = lines[(start + 1)...].prefix { $0.hasPrefix("#") }
            .map { $0.dropFirst($0.hasPrefix("# ") ? 2 : 1) }.joined(separator: "\n")
        let settings = try TemporaryStore().settings(uncommented)
        #expect(settings.feeds.map(\.name) == ["films", "books", "games", "blog"])
    }

    @Test func `the units in cron are those that the program prints`() throws {
        #expect(
            try text("cron/colophon.service")
                == Cron.service(
                    program: "/usr/local/bin/colophon", store: "/var/lib/colophon", user: "colophon",
                    writable: ["/var/lib/colophon"], announces: false))
        #expect(try text("cron/colophon.timer") == Cron.timer())
    }

    @Test(arguments: [
        ("/home/ada/finished", "/home/ada/finished"),
        ("/home/ada/my store", "'/home/ada/my store'"),
        ("/home/ada/100%", "'/home/ada/100\\%'"),
        ("/home/o'hara", "'/home/o'\\''hara'"),
    ])
    func `a crontab line takes any path as it is`(_ path: String, _ written: String) {
        let lines = Cron.crontab(program: "/bin/colophon", store: path, announces: false)
        #expect(lines.contains(" * * * * /bin/colophon import --store \(written)\n"))
    }

    @Test func `stores are woken in minutes of their own, every quarter of an hour, and never on it`() throws {
        var minutes: Set<String> = []
        for number in 0..<200 {
            let lines = Cron.crontab(program: "/bin/colophon", store: "/home/u\(number)/finished", announces: false)
            let line = try #require(lines.split(separator: "\n").first { $0.contains(" import ") })
            minutes.insert(String(line.prefix { $0 != " " }))
        }
        #expect(minutes == Set((1...14).map { "\($0)-59/15" }))
    }

    @Test func `who has credentials is given lines that post`() {
        let lines = Cron.crontab(program: "/bin/colophon", store: "/home/ada", announces: true)
        #expect(lines.contains(" * * * * /bin/colophon import --announce --store /home/ada\n"))
        let unit = Cron.service(
            program: "/bin/colophon", store: "/home/ada", user: "ada", writable: ["/home/ada"], announces: true)
        #expect(unit.contains("ExecStart=/bin/colophon import --announce --store /home/ada\n"))
    }
}
