// Our side of `script/benchmark store`: parts of the program, timed from within, so that the start of a
// process is on nobody's account. Built by the benchmark alone, from the modules of the program.
//
//     make ROOT COUNT EACH [stated]   a store of so many finishes, EACH in a batch, with the feed's words or without
//     snapshot ROOT          saves a snapshot of its newest state
//     replay ROOT            all events to a state; prints seconds
//     check ROOT             every checksum, and every line to its event's place; prints seconds
//     start ROOT             opens the store as every command does; prints seconds
//     commit ROOT COUNT      opens the log, appends a batch of COUNT finishes, closes; prints seconds
//     record ROOT COUNT      the same with the state: opens the store, records them, commits and closes
import Catalogue
import Files
import Formats
import Glibc
import Storage

/// The monotonic clock, in seconds.
func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func timed<Answer>(_ work: () throws -> Answer) rethrows -> Answer {
    let begun = seconds()
    let answer = try work()
    print(seconds() - begun)
    return answer
}

let begun = Instant(seconds: 1_600_000_000)

/// One as Letterboxd's feed gives it: two keys, a title, a year, a day, a rating.
func finish(_ number: Int) -> Fact {
    let viewing = 900_000_000 + number
    let film = "film-\(number / 2)-of-the-shelf"
    let day = Day(of: begun.adding(seconds: Int64(number) * 60))
    return .finished(
        Finished(
            id: FinishID("letterboxd:viewing:\(viewing)"),
            keys: ["letterboxd:viewing:\(viewing)", "letterboxd:film:\(film):\(number)"],
            feed: "films", entry: "letterboxd-watch-\(viewing)", rule: .service,
            finish: Finish(
                kind: .movie, title: "The shelf number \(number)", year: 1950 + number % 75, day: day,
                rating: Rating(value: 100 + number % 9 * 50, best: 500)),
            stated: isStated ? stated(number) : []))
}

/// About as many words as an entry of Letterboxd's has.
func stated(_ number: Int) -> [Stated] {
    let page = "https://letterboxd.com/ada-example/film/film-\(number / 2)-of-the-shelf/"
    return [
        Stated("title", "The shelf number \(number), \(1950 + number % 75) - ★★★★"), Stated("link", page),
        Stated("guid", "letterboxd-watch-\(900_000_000 + number)"),
        Stated("pubDate", "Sun, 15 Nov 2026 12:03:44 +1300"), Stated("letterboxd:watchedDate", "2026-11-14"),
        Stated("letterboxd:rewatch", "No"), Stated("letterboxd:filmTitle", "The shelf number \(number)"),
        Stated("letterboxd:filmYear", "\(1950 + number % 75)"), Stated("letterboxd:memberRating", "4.0"),
        Stated("tmdb:movieId", "\(number)"), Stated("dc:creator", "Ada Example"),
        Stated("description", "<p><img src=\"\(page)poster-0-600-0-900-crop.jpg?v=1\"/></p> <p>Watched.</p>"),
    ]
}

let words = CommandLine.arguments
let root = words[2]
let isStated = words.last == "stated"
let identity = [UInt8](repeating: 7, count: 32)

func openForWriting(_ now: Instant) throws -> Store {
    try Store.openForWriting(RealDisk(), root: root, newStore: identity, now: now)
}

switch words[1] {
case "make":
    let each = Int(words[4])!
    let store = try openForWriting(begun)
    for number in 0..<Int(words[3])! {
        let at = begun.adding(seconds: Int64(number) * 60)
        store.record(finish(number), at: at)
        if number % each == each - 1 { try store.commit(cause: "import", version: "1", at: at) }
    }
    if store.hasPending { try store.commit(cause: "import", version: "1", at: begun.adding(seconds: Int64(words[3])! * 60)) }
case "snapshot":
    try openForWriting(.init(seconds: 4_000_000_000)).saveSnapshotIfDue(every: 0, now: begun)
case "replay":
    let log = try Log.openForReading(RealDisk(), root: root)
    let state = try timed { try Store.fold(log) }
    precondition(state.sequence == Int64(log.nextSequence - 1))
case "check":
    let log = try Log.openForReading(RealDisk(), root: root)
    var count = 0
    try timed { try log.replay { count += $0.events.count } }
    precondition(count == log.nextSequence - 1)
case "start":
    _ = try timed { try Store.openForReading(RealDisk(), root: root) }
case "commit":
    let known = try Log.openForReading(RealDisk(), root: root).nextSequence
    let now = begun.adding(seconds: Int64(known) * 60)
    let lines = (0..<Int(words[3])!).map {
        EventCoding.encode(Event(sequence: Int64(known + $0), at: now, fact: finish(known + $0)))
    }
    try timed {
        let log = try Log.openForWriting(RealDisk(), root: root, newStore: identity)
        try log.append(lines, cause: "import", version: "1", at: now)
    }
case "record":
    let known = try Log.openForReading(RealDisk(), root: root).nextSequence
    try timed {
        let now = begun.adding(seconds: Int64(known) * 60)
        let store = try openForWriting(now)
        for number in 0..<Int(words[3])! { store.record(finish(known + number), at: now) }
        try store.commit(cause: "import", version: "1", at: now)
    }
default: exit(64)
}
