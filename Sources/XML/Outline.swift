/// What is known of the documents that are read, so that one with faults can be put together again:
/// the names of their elements, lower case, with the prefixes that they usually have.
public struct Outline: Sendable {
    /// What an element is by its name.
    enum Part: Sendable {
        case unknown
        /// A document element; what stands before it is skipped.
        case root
        /// What holds the entries inside it (RSS's channel).
        case list
        case entry
        /// What an entry or a list says of itself.
        case field
        /// A field in which markup may stand.
        case body

        /// Holds elements, and no text.
        var isFrame: Bool { self == .root || self == .list || self == .entry }
    }

    private var parts: [(name: [UInt8], part: Part)] = []
    /// For each `slot` the first place in `parts` with it, and for each place the next; -1 for none.
    private var heads = [Int](repeating: -1, count: Outline.slots)
    private var nexts: [Int] = []
    /// Whether nothing is known of them.
    let isEmpty: Bool
    private let usualPrefix: @Sendable (String) -> String?
    /// Those that the document declares for a namespace of ours, lower case.
    private var prefixes: [[UInt8]] = []

    /// - Parameter usualPrefix: the prefix that names of a namespace have here, by its address: "" for none, `nil` for
    ///   a namespace of which there are no names here.
    public init(
        roots: [String] = [], lists: [String] = [], entries: [String] = [], fields: [String] = [],
        bodies: [String] = [], usualPrefix: @escaping @Sendable (String) -> String? = { _ in nil }
    ) {
        isEmpty = roots.isEmpty && lists.isEmpty && entries.isEmpty
        self.usualPrefix = usualPrefix
        add(roots, .root)
        add(lists, .list)
        add(entries, .entry)
        add(fields, .field)
        add(bodies, .body)
    }

    private mutating func add(_ names: [String], _ part: Part) {
        for name in names { add(Array(name.utf8), part) }
    }

    private mutating func add(_ name: [UInt8], _ part: Part) {
        let slot = name.withUnsafeBufferPointer { Outline.slot(Outline.key($0[...])) }
        nexts.append(heads[slot])
        heads[slot] = parts.count
        parts.append((name, part))
    }

    /// A document has a prefix of its own for a namespace: Python's ElementTree writes `<ns0:feed xmlns:ns0="…/Atom">`.
    /// Names of that namespace are known with it from here on.
    /// - Parameter prefix: lower case.
    mutating func learn(_ prefix: [UInt8], of address: String) {
        guard prefixes.count < Outline.prefixesMax, !prefix.isEmpty, !prefixes.contains(prefix),
            let usual = usualPrefix(address).map({ Array($0.utf8) }), usual != prefix
        else { return }
        prefixes.append(prefix)
        let colon = UInt8(ascii: ":")
        for (name, part) in parts {
            if usual.isEmpty, !name.contains(colon) {
                add(prefix + [colon] + name, part)
            } else if !usual.isEmpty, name.starts(with: usual + [colon]) {
                add(prefix + name.dropFirst(usual.count), part)
            }
        }
    }
    private static let prefixesMax = 16

    /// - Parameter key: that of the name.
    func part(_ name: Slice<UnsafeBufferPointer<UInt8>>, key: Int) -> Part {
        var place = heads[Outline.slot(key)]
        while place >= 0 {
            let known = parts[place].name
            if known.count == name.count, zip(known, name).allSatisfy({ $0 == Outline.folded($1) }) {
                return parts[place].part
            }
            place = nexts[place]
        }
        return .unknown
    }

    /// A number that names alike but for case have in common, and hardly any others (FNV-1a).
    static func key(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var key: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name { key = (key ^ UInt64(folded(byte))) &* 0x100_0000_01B3 }
        return Int(truncatingIfNeeded: key)
    }

    /// A number below `slots` that is the same for each `key`.
    static func slot(_ key: Int) -> Int { (key ^ key >> 32) & (slots - 1) }
    static let slots = 1_024

    static func folded(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
}
