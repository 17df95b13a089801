import Catalogue
import Operations
import Testing

@testable import colophon

@Suite struct ArgumentsTests {
    @Test func `flags and command stand in any order`() throws {
        let one = try Arguments(["--store", "/s", "import", "films", "-v"])
        let two = try Arguments(["import", "-v", "--store=/s", "films"])
        #expect(one.command == "import" && two.command == "import")
        #expect(one.operands == ["films"] && two.operands == ["films"])
        #expect(one.value("store") == "/s" && two.value("store") == "/s")
        #expect(one.has("verbose") && two.has("verbose"))
    }

    @Test func `short flags may stand together, and the last may have its value behind it`() throws {
        let arguments = try Arguments(["import", "-an", "-s/tmp/x"])
        #expect(arguments.has("all") && arguments.has("dry-run"))
        #expect(arguments.value("store") == "/tmp/x")
    }

    @Test(arguments: [
        ("https://letterboxd.com/me", true), ("letterboxd.com/me", true), ("example.org", true),
        ("file:///tmp/feed.xml", true), (".", false), ("..", false), ("./films.d", false),
        ("../finished", false), ("finished", false), ("/srv/finished", false), ("me/finished.d", false),
    ])
    func `init tells a folder from an address`(operand: String, isProfile: Bool) {
        #expect(Command.isProfile(operand) == isProfile)
    }

    @Test func `two hyphens end the flags, and one is an operand`() throws {
        #expect(try Arguments(["parse", "-"]).operands == ["-"])
        #expect(try Arguments(["why", "--", "-x"]).operands == ["-x"])
    }

    @Test(arguments: [
        (["imprt"], "unknown command \"imprt\" (did you mean \"import\"?)"),
        (["frobnicate"], "unknown command \"frobnicate\""),
        (["import", "--dryrun"], "unknown option \"--dryrun\" (did you mean \"--dry-run\"?)"),
        (["import", "-x"], "unknown option \"-x\""),
        (["import", "--all=yes"], "\"--all\" takes no value"),
        (["list", "--kind"], "\"--kind\" needs a value"),
        (["why"], "ID is missing"),
        (["hide", "a", "b"], "\"b\" is one word too many"),
    ])
    func `what cannot be understood is said`(_ words: [String], _ message: String) {
        #expect(throws: UsageError.self) { try Arguments(words) }
        do {
            _ = try Arguments(words)
        } catch {
            #expect(error.message == message)
        }
    }

    @Test(arguments: [
        (["--post", "https://x.com/i/status/1"], "\"--post\" says where a post is: it needs \"--sent ID\""),
        (["--skip", "x/1", "--post", "https://x.com/i/status/1"],
            "\"--post\" says where a post is: it needs \"--sent ID\""),
        (["--skip", "x/1", "--sent", "x/1"], "\"--sent\" and \"--skip\" are two words: say one at a time"),
        (["--release", "--retry", "x/1"], "\"--retry\" and \"--release\" are two words: say one at a time"),
        (["--sent", "x/1", "--sent", "x/2"], "\"--sent\" and \"--sent\" are two words: say one at a time"),
        (["--sent", "x/1", "--post", "there"],
            "\"there\" is no address of a post, expected one that begins with https://"),
    ])
    func `of words on an announcement none is left out in silence`(_ words: [String], _ message: String) throws {
        let arguments = try Arguments(["tweets"] + words)
        let error = #expect(throws: UsageError.self) { try Command.wordOnTweets(arguments) }
        #expect(error?.message == message)
    }

    @Test func `a word on an announcement`() throws {
        #expect(try Command.wordOnTweets(Arguments(["tweets", "--all"])) == nil)
        #expect(try Command.wordOnTweets(Arguments(["tweets", "--release"])) == .releaseAll)
        #expect(try Command.wordOnTweets(Arguments(["tweets", "--sent", "x/1", "--post", "https://x.com/i/status/1"]))
            == .announcement(id: "x/1", .sent, post: "https://x.com/i/status/1"))
    }

    @Test(arguments: [
        ("4.5/5", 450, 500), ("9/10", 900, 1000), ("4.25/5", 425, 500), ("0.5/5", 50, 500),
    ])
    func `ratings are read in hundredths`(_ text: String, _ value: Int, _ best: Int) throws {
        let rating = try Command.rating(text, "add")
        #expect(rating?.value == value && rating?.best == best)
    }

    @Test(arguments: ["6/5", "0/5", "-1/5", "4,5/5", "4.555/5", "five", "5", "4./5"])
    func `what is no rating is refused`(_ text: String) {
        #expect(throws: UsageError.self) { try Command.rating(text, "add") }
    }
}
