import Formats

/// Which finishes bear, or once bore, a title and a year: a whole export asks once a row, and looking
/// through all of them each time would take the square of its length. Without the year a history of
/// remakes would, too. Made when it is needed and never saved, so
/// that it is no part of what a state is.
struct TitleIndex: Sendable {
    private var written = PlacesByHash()
    /// By what likeness goes by (`Likeness.normalised`); only where duplicates are merged.
    private var normalised: PlacesByHash?

    init(alsoNormalised: Bool) {
        if alsoNormalised { normalised = PlacesByHash() }
    }

    /// Takes a finish in by its body.
    mutating func add(_ place: Int, in arena: [UInt8], _ body: Range<Int>) {
        guard let fields = BodyFields(arena.span, body) else { return }
        let title = fields.title
        if !fields.year.isEmpty {
            written.add(place, TitleIndex.hash(arena[title], arena[fields.year]))
        }
        guard normalised != nil else { return }
        let quoted = Array(arena[(title.lowerBound - 1)...title.upperBound])
        guard let text = try? JSONReader.read(quoted).stringValue else { return }
        normalised?.add(place, Likeness.normalised(text).hashValue)
    }

    /// In order, each once; perhaps also some of other titles.
    func places(of title: String, _ year: Int) -> [Int] {
        var text: [UInt8] = []
        JSONWriter.write(title, to: &text)
        return written.places(
            TitleIndex.hash(text.dropFirst().dropLast(), Array("\(year)".utf8)[...]))
    }

    /// The same for a title as likeness goes by it; `nil` where no such index is kept.
    func places(normalised title: String) -> [Int]? { normalised?.places(title.hashValue) }

    /// Seeded anew in every process, which nobody can see: what is found is put in order.
    private static func hash(_ title: ArraySlice<UInt8>, _ year: ArraySlice<UInt8>) -> Int {
        var hasher = Hasher()
        hasher.combine(title)
        hasher.combine(year)
        return hasher.finalize()
    }
}

/// Places by a hash: lists that share one array, newest first.
private struct PlacesByHash: Sendable {
    /// The newest entry of each hash; -1 behind the oldest.
    private var newest: [Int: Int32] = [:]
    private var places: [UInt32] = []
    private var older: [Int32] = []

    mutating func add(_ place: Int, _ hash: Int) {
        places.append(UInt32(place))
        older.append(newest[hash] ?? -1)
        newest[hash] = Int32(places.count - 1)
    }

    /// In order, each once.
    func places(_ hash: Int) -> [Int] {
        var found: [Int] = []
        var entry = newest[hash] ?? -1
        while entry >= 0 {
            found.append(Int(places[Int(entry)]))
            entry = older[Int(entry)]
        }
        found.sort()
        var last = -1
        found.removeAll { place in
            defer { last = place }
            return place == last
        }
        return found
    }
}

extension TitleIndex: Equatable {
    /// It says nothing that the finishes do not say.
    static func == (left: TitleIndex, right: TitleIndex) -> Bool { true }
}

extension State {
    /// To be called before very many sightings are decided, as an export has them.
    public mutating func prepareForMany() {
        finishes.indexTitles(alsoNormalised: configuration.mergesDuplicates)
    }
}
