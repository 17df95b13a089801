/// Byte strings, each with a number: an open-addressing table over one arena. Flat arrays, so that a
/// snapshot is a dump of them; they depend on the order of insertions alone.
struct KeyIndex: Equatable, Sendable {
    private(set) var arena: [UInt8] = []
    /// Where each key ends in the arena; it begins where the one before it ends.
    private(set) var ends: [Int64] = []
    private(set) var numbers: [UInt32] = []
    /// The hash in the upper half, position in `ends` plus one in the lower; 0 is empty. A power of two of
    /// them, at most three quarters full. The hash's highest bits say where to look first, so that a table
    /// twice as large has its keys in the same order and growing goes through memory in one direction.
    private(set) var slots = [Int64](repeating: 0, count: 16)

    init() {}

    /// From a snapshot; `nil` when the arrays cannot belong together.
    init?(arena: [UInt8], ends: [Int64], numbers: [UInt32], slots: [Int64]) {
        guard ends.count == numbers.count, slots.count >= 16, slots.count & (slots.count - 1) == 0,
            ends.count * 4 <= slots.count * 3, ends.last ?? 0 == Int64(arena.count)
        else { return nil }
        self.arena = arena
        self.ends = ends
        self.numbers = numbers
        self.slots = slots
    }

    /// Makes room for many, which changes nothing that can be seen.
    mutating func reserve(keys: Int, bytes: Int) {
        arena.reserveCapacity(arena.count + bytes)
        ends.reserveCapacity(ends.count + keys)
        numbers.reserveCapacity(numbers.count + keys)
    }

    func number(of key: [UInt8]) -> UInt32? {
        number(of: key, 0..<key.count)
    }

    /// The number of the key that stands in `range` of a buffer.
    func number(of buffer: [UInt8], _ range: Range<Int>) -> UInt32? {
        number(of: buffer, range, hash: KeyIndex.hash(buffer, range))
    }

    /// The same for who knows the hash already.
    func number(of buffer: [UInt8], _ range: Range<Int>, hash: UInt32) -> UInt32? {
        place(of: buffer, range, hash: hash).map { numbers[$0] }
    }

    /// Gives a key its number, also one that had another.
    mutating func set(_ buffer: [UInt8], _ range: Range<Int>, to number: UInt32) {
        let hash = KeyIndex.hash(buffer, range)
        if let place = place(of: buffer, range, hash: hash) {
            numbers[place] = number
        } else {
            add(buffer, range, hash: hash, number)
        }
    }

    /// Takes in a key that is not there.
    mutating func add(_ buffer: [UInt8], _ range: Range<Int>, hash: UInt32, _ number: UInt32) {
        if (ends.count + 1) * 4 > slots.count * 3 { grow() }
        arena.append(contentsOf: buffer[range])
        ends.append(Int64(arena.count))
        numbers.append(number)
        link(Int64(hash) << 32 | Int64(ends.count))
    }

    mutating func set(_ key: String, to number: UInt32) {
        let bytes = Array(key.utf8)
        set(bytes, 0..<bytes.count, to: number)
    }

    private func place(of buffer: [UInt8], _ range: Range<Int>, hash: UInt32) -> Int? {
        let slots = self.slots.span
        let mask = slots.count - 1
        var slot = first(hash)
        while slots[slot] != 0 {
            if UInt32(truncatingIfNeeded: slots[slot] >> 32) == hash {
                let place = Int(slots[slot] & 0xFFFF_FFFF) - 1
                if equals(place, buffer, range) { return place }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The slot at which a key of this hash is looked for first.
    private func first(_ hash: UInt32) -> Int {
        Int(hash) >> (32 - slots.count.trailingZeroBitCount)
    }

    private func equals(_ place: Int, _ buffer: [UInt8], _ range: Range<Int>) -> Bool {
        let start = place == 0 ? 0 : Int(ends[place - 1])
        guard Int(ends[place]) - start == range.count else { return false }
        let own = arena.span.extracting(start..<start + range.count)
        let other = buffer.span.extracting(range)
        for offset in 0..<range.count where own[offset] != other[offset] { return false }
        return true
    }

    private mutating func link(_ entry: Int64) {
        let mask = slots.count - 1
        var slot = first(UInt32(truncatingIfNeeded: entry >> 32))
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = entry
    }

    private mutating func grow() {
        let old = slots
        slots = [Int64](repeating: 0, count: old.count * 2)
        for entry in old where entry != 0 { link(entry) }
    }

    /// Eight bytes a step, multiplied and folded; the last few bytes are read with those before them.
    static func hash(_ buffer: [UInt8], _ range: Range<Int>) -> UInt32 {
        let bytes = buffer.span.extracting(range)
        let count = bytes.count
        var hash = UInt64(count) &* 0x9E37_79B9_7F4A_7C15
        if count < 8 {
            var word: UInt64 = 0
            for index in 0..<count { word = word << 8 | UInt64(bytes[index]) }
            hash = mixed(hash, word)
        } else {
            var index = 0
            while index + 8 <= count {
                hash = mixed(hash, longWord(bytes, index))
                index += 8
            }
            if index < count { hash = mixed(hash, longWord(bytes, count - 8)) }
        }
        hash = (hash ^ hash >> 32) &* 0xD6E8_FEB8_6659_FD93
        return UInt32(truncatingIfNeeded: hash >> 32)
    }

    private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0x9FB2_1C65_1E98_DF25)
        return product.low ^ product.high
    }
}

/// Eight bytes from `index` on, the first in the lowest place. Written out so that one check of the bounds
/// is enough, and the compiler makes one load of it.
@inline(__always)
func longWord(_ bytes: Span<UInt8>, _ index: Int) -> UInt64 {
    let word = bytes.extracting(index..<index &+ 8)
    let low =
        UInt64(word[0]) | UInt64(word[1]) << 8 | UInt64(word[2]) << 16 | UInt64(word[3]) << 24
    let high =
        UInt64(word[4]) << 32 | UInt64(word[5]) << 40 | UInt64(word[6]) << 48
        | UInt64(word[7]) << 56
    return low | high
}
