// A person's diary, as it stands at each tick.

struct Diary {
    struct Viewing {
        var number: Int
        var day: Int
        var stars: Int
        var review: String
    }

    /// The documents that the feed gives, one a tick, and the viewings in each, by number.
    private(set) var documents: [[UInt8]] = []
    private(set) var shown: [Set<Int>] = []

    init(seed: UInt64, ticks: Int) {
        var random = SeededGenerator(seed: seed)
        var window: [Viewing] = []
        var next = 100
        for tick in 0..<ticks {
            for _ in 0..<(tick == 0 ? 4 : random.below(3)) {
                next += 1 + random.below(5)
                window.insert(Viewing(number: next, day: 1 + tick, stars: 1 + random.below(10), review: ""), at: 0)
            }
            if random.chance(50), !window.isEmpty {
                window[random.below(window.count)].stars = 1 + random.below(10)
            }
            if random.chance(40), !window.isEmpty {
                window[random.below(window.count)].review = "<p>Thought \(random.below(1000)) & more</p>"
            }
            if random.chance(30), window.count > 3 { window.remove(at: 1 + random.below(window.count - 2)) }
            window = Array(window.prefix(7))
            documents.append(Diary.document(window))
            shown.append(Set(window.map(\.number)))
        }
    }

    /// Some films share a cover, some covers are at a place that fails.
    static func cover(_ number: Int) -> String {
        number % 4 == 0 ? "https://broken.example.org/\(number).jpg" : "https://covers.example.org/\(number / 3).gif"
    }

    private static func document(_ window: [Viewing]) -> [UInt8] {
        var text = """
            <?xml version="1.0"?><rss version="2.0" xmlns:letterboxd="https://letterboxd.com"><channel>
            <title>Letterboxd - Somebody</title>

            """
        for viewing in window {
            let kind = viewing.review.isEmpty ? "watch" : "review"
            text += """
                <item><title>Film \(viewing.number)</title>
                <link>https://letterboxd.com/somebody/film/film-\(viewing.number)/</link>
                <guid isPermaLink="false">letterboxd-\(kind)-\(viewing.number)</guid>
                <letterboxd:watchedDate>2026-10-\(viewing.day < 10 ? "0" : "")\(viewing.day)</letterboxd:watchedDate>
                <letterboxd:filmTitle>Film \(viewing.number)</letterboxd:filmTitle>
                <letterboxd:memberRating>\(viewing.stars / 2).\(viewing.stars % 2 * 5)</letterboxd:memberRating>
                <description><![CDATA[ <p><img src="\(cover(viewing.number))"/></p> \(viewing.review) ]]>\
                </description></item>

                """
        }
        return Array((text + "</channel></rss>\n").utf8)
    }
}
