import Testing

@testable import Feeds

@Suite struct PersonsTests {
    @Test(arguments: [
        ("ada@example.org (Ada Lovelace)", Person(name: "Ada Lovelace", email: "ada@example.org")),
        ("Ada Lovelace <ada@example.org>", Person(name: "Ada Lovelace", email: "ada@example.org")),
        ("Ada Lovelace (ada@example.org)", Person(name: "Ada Lovelace", email: "ada@example.org")),
        ("Ada (mailto:ada@example.org)", Person(name: "Ada", email: "ada@example.org")),
        ("ada@example.org", Person(email: "ada@example.org")),
        ("  Ada\n Lovelace ", Person(name: "Ada Lovelace")),
        // An apostrophe is a letter of an address (RFC 5322 §3.2.3), not its end.
        ("P.O'Neill@example.ie", Person(email: "P.O'Neill@example.ie")),
        // The last label is as long as it is.
        ("Jo (jo@insanity.industries)", Person(name: "Jo", email: "jo@insanity.industries")),
        ("Ada [ ada@example.org ]; ", Person(name: "Ada", email: "ada@example.org")),
        ("<ada@example.org>", Person(email: "ada@example.org")), ("()", Person(name: "()")),
        ("a@b@c.example ada@example.org", Person(name: "a@b@c.example", email: "ada@example.org")),
        ("@ada", Person(name: "@ada")),
        ("https://social.example/@ada", Person(name: "https://social.example/@ada")),
    ])
    func `a person in one text`(text: String, person: Person) {
        #expect(Persons.person(text) == person)
    }

    @Test func `nobody is no person`() {
        #expect(Persons.person(" \n ") == nil)
    }

    @Test func `Atom's person construct, its address resolved`() throws {
        let text = """
            <feed xmlns="http://www.w3.org/2005/Atom"><entry><title>T</title>
            <author xml:base="people/"><name> Ada </name><email>ada@example.org</email><uri>ada</uri>
            </author><author/></entry></feed>
            """
        let feed = try FeedReader.read(Array(text.utf8), address: "https://example.org/feed")
        #expect(
            feed.entries[0].authors == [
                Person(name: "Ada", email: "ada@example.org", uri: "https://example.org/people/ada")
            ])
    }
}
