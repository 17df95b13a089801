/// Byte strings, each with a number: an open-addressing table over one arena. Flat arrays, so that a
/// snapshot is a dump of them; they depend on the order of insertions alone.
struct KeyIndex: Equatable, Sendable {
    private(set) var arena: [UInt8] = []
    /// Where each key ends in the arena; it begins where the one before it ends.
    private(set) var ends: [Int64] = []
    private(set) var numbers: [UInt32] = []
    private(set) var hashes: [UInt32] = []
    /// Position in `ends` plus one; 0 is empty. A power of two of them, at most three quarters full.
    private(set) var slots = [UInt32](repeating: 0, count: 16)

    init() {}

    /// From a snapshot; `nil` when the arrays cannot belong together.
    init?(
        arena: [UInt8], ends: [Int64], numbers: [UInt32], hashes: [UInt32], slots: [UInt32]
    ) {
        guard ends.count == numbers.count, ends.count == hashes.count, slots.count >= 16,
            slots.count & (slots.count - 1) == 0, ends.count * 4 <= slots.count * 3,
            ends.last ?? 0 == Int64(arena.count)
        else { return nil }
        self.arena = arena
        self.ends = ends
        self.numbers = numbers
        self.hashes = hashes
        self.slots = slots
    }

    func number(of key: [UInt8]) -> UInt32? {
        number(of: key, 0..<key.count)
    }

    /// The number of the key that stands in `range` of a buffer.
    func number(of buffer: [UInt8], _ range: Range<Int>) -> UInt32? {
        place(of: buffer, range, hash: KeyIndex.hash(buffer, range)).map { numbers[$0] }
    }

    /// Gives a key its number, also one that had another.
    mutating func set(_ buffer: [UInt8], _ range: Range<Int>, to number: UInt32) {
        let hash = KeyIndex.hash(buffer, range)
        if let place = place(of: buffer, range, hash: hash) {
            numbers[place] = number
            return
        }
        if (ends.count + 1) * 4 > slots.count * 3 { grow() }
        arena.append(contentsOf: buffer[range])
        ends.append(Int64(arena.count))
        numbers.append(number)
        hashes.append(hash)
        link(ends.count - 1, hash)
    }

    mutating func set(_ key: String, to number: UInt32) {
        let bytes = Array(key.utf8)
        set(bytes, 0..<bytes.count, to: number)
    }

    private func place(of buffer: [UInt8], _ range: Range<Int>, hash: UInt32) -> Int? {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 {
            let place = Int(slots[slot]) - 1
            if hashes[place] == hash, equals(place, buffer, range) { return place }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func equals(_ place: Int, _ buffer: [UInt8], _ range: Range<Int>) -> Bool {
        let start = place == 0 ? 0 : Int(ends[place - 1])
        guard Int(ends[place]) - start == range.count else { return false }
        let own = arena.span
        let other = buffer.span
        for offset in 0..<range.count where own[start + offset] != other[range.lowerBound + offset] {
            return false
        }
        return true
    }

    private mutating func link(_ place: Int, _ hash: UInt32) {
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = UInt32(place + 1)
    }

    private mutating func grow() {
        slots = [UInt32](repeating: 0, count: slots.count * 2)
        for place in hashes.indices { link(place, hashes[place]) }
    }

    /// FNV-1a, folded, with a final mix because linear probing looks at the low bits only.
    private static func hash(_ buffer: [UInt8], _ range: Range<Int>) -> UInt32 {
        let bytes = buffer.span
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in range { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01b3 }
        hash ^= hash >> 29
        hash = hash &* 0xbf58_476d_1ce4_e5b9
        return UInt32(truncatingIfNeeded: hash ^ hash >> 32)
    }
}
