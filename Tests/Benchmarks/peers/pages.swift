// Our side of `script/benchmark pages`: the pages of a state that is already in memory, timed from within, so
// that neither the start of a process nor the disk is on anybody's account. Built by the benchmark alone, from
// the modules of the program.
//
//     render COUNT ROUNDS     all pages of so many finishes; prints seconds, a line a round
//     changed COUNT ROUNDS    what a run renders that learned of one finish; the same
//     write COUNT FOLDER      the pages, as files
import Catalogue
import Files
import Formats
import Glibc
import Publishing

/// The monotonic clock, in seconds.
func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

let kinds: [Kind] = [.movie, .book, .movie, .article, .tv, .movie, .book, .game, .music, .podcast]

/// As the services give them: half have a rating, a fifth a review, some a maker and numbers.
func finish(_ number: Int) -> Finish {
    let kind = kinds[number % kinds.count]
    let instant = Instant(seconds: 1_450_000_000 + Int64(number) * 34_000)
    return Finish(
        kind: kind, title: "The shelf & its number \(number)",
        creator: number % 3 == 0 ? nil : "Inés Barrow the \(number % 97)th", year: 1950 + number % 75,
        day: Day(of: instant), rating: number % 2 == 0 ? Rating(value: 100 + number % 9 * 50, best: 500) : nil,
        review: number % 5 == 0
            ? "<p>Slow, <em>warm</em> &amp; exact: the number \(number).</p><p>I have begun it again, and "
                + "<a href=\"https://reviews.example.org/\(number)?a=1&amp;b=2\">said so</a>.</p>" : nil,
        cover: "https://covers.example.org/\(number).jpg",
        url: "https://films.example.org/ada/film/the-shelf-number-\(number)/",
        identifiers: kind == .book ? [Identifier("isbn13", "978000\(1_000_000 + number)")] : [])
}

func add(_ fact: Fact, to state: inout State) {
    let event = Event(sequence: state.sequence + 1, at: Instant(seconds: 1_800_000_000), fact: fact)
    let line = EventCoding.encode(event)
    do {
        try state.apply(line, 0..<line.count)
    } catch {
        fatalError("event \(event.sequence): \(error)")
    }
}

func state(_ count: Int) -> State {
    var state = State()
    var settings = Configuration()
    settings.site.homePageURL = "https://ada.example.org/about/"
    settings.site.feedURL = "https://ada.example.org/media/feed.json"
    settings.site.authorName = "Ada Example"
    add(.configured(settings), to: &state)
    for number in 0..<count {
        let id = FinishID("letterboxd:viewing:\(900_000_000 + number)")
        add(
            .finished(
                Finished(
                    id: id, keys: [id.text], feed: "films", entry: "letterboxd-watch-\(number)", rule: .service,
                    announce: [], finish: finish(number))), to: &state)
        let saved = hex(SHA256.digest(Array(id.text.utf8)))
        guard number % 4 > 0 else { continue }
        let cover = SavedCover(sha256: saved, mediaType: "image/jpeg", width: 400, height: 600)
        add(.coverSaved(id: id, cover: cover), to: &state)
    }
    return state
}

/// Keeps the optimiser from leaving work out.
func time(_ rounds: Int, _ work: () throws -> [PublishedFile]) rethrows {
    for _ in 0..<rounds {
        let begun = seconds()
        let files = try work()
        let taken = seconds() - begun
        var size = 0
        for file in files { size += file.bytes.count }
        print(taken, files.count, size)
    }
}

let words = CommandLine.arguments
guard words.count == 4, let count = Int(words[2]) else { fatalError("render|changed|write COUNT ROUNDS|FOLDER") }
var made = state(count)
switch words[1] {
case "render":
    try time(Int(words[3]) ?? 1) { try Pages.render(made) }
case "changed":
    let before = try Pages.plan(made).compactMap(\.stamp)
    add(
        .finished(
            Finished(
                id: FinishID("x:y:z"), keys: ["x:y:z"], feed: "films", entry: "z", rule: .service, announce: [],
                finish: finish(count))), to: &made)
    try time(Int(words[3]) ?? 1) {
        try Pages.plan(made).filter { page in page.stamp.map { !before.contains($0) } ?? true }.map { $0.render() }
    }
default:
    for file in try Pages.render(made) {
        try RealDisk().publish(file.bytes, at: words[3] + "/" + file.name)
    }
}
