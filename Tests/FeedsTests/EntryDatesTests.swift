import Formats
import Testing

@testable import Feeds

@Suite struct EntryDatesTests {
    @Test func `an RFC 822 date`() {
        #expect(EntryDates.read("Thu, 01 Jan 2004 19:48:21 GMT")?.instant.description == "2004-01-01T19:48:21Z")
    }
}
