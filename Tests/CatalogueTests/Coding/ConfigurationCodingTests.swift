import Formats
import Testing

@testable import Catalogue

@Suite struct ConfigurationCodingTests {
    @Test func `every setting comes back as it was`() {
        for settings in [Configuration(), EventSamples.configuration] {
            #expect(Configuration(json: settings.json) == settings)
        }
        var bare = Configuration()
        bare.site.title = ""
        bare.site.timeZone = ""
        bare.announce.networks = []
        #expect(Configuration(json: bare.json) == bare)
    }

    @Test func `a default is written out, so that a later one changes no old log`() {
        let json = Configuration().json
        #expect(json["announce"]?["max_age_days"] == .integer(14))
        #expect(json["publish"]?["covers"] == .string("copy"))
        #expect(json["announce"]?["networks"] == .array([.object([JSONMember("name", .string("x"))])]))
    }

    @Test func `generic keys carry the first name a feed had`() {
        #expect(EventSamples.configuration.feeds[0].keyName == "movies")
        #expect(EventSamples.configuration.feeds[1].keyName == "books")
    }
}
