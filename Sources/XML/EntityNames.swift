import CXML

/// The names of HTML 4 (section 24), of which XML's five are a part, by the characters that they mean: libxml2's, which
/// goes through all of them for each that it is asked for.
enum EntityNames {
    /// - Parameter name: at most eight bytes, for none is longer.
    static func scalar(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> UInt32? {
        guard name.count <= 8 else { return nil }
        let wanted = packed(name)
        var slot = slot(wanted)
        while table[slot].name != 0 {
            if table[slot].name == wanted { return table[slot].scalar }
            slot = (slot + 1) & (slots - 1)
        }
        return nil
    }

    private static let slots = 1_024
    /// `diams` is the last.
    private static let scalarMax: UInt32 = 0x2666

    private static func packed(_ name: some Sequence<UInt8>) -> UInt64 {
        name.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func slot(_ name: UInt64) -> Int {
        Int(truncatingIfNeeded: (name &* 0x9E37_79B9_7F4A_7C15) >> 54)
    }

    private static let table: [(name: UInt64, scalar: UInt32)] = {
        LibXML.open()
        var table = [(name: UInt64, scalar: UInt32)](repeating: (0, 0), count: slots)
        for scalar in 0...scalarMax {
            guard let entity = cxml_html_entity(scalar), let text = entity.pointee.name else { continue }
            let name = packed(String(cString: text).utf8)
            var slot = slot(name)
            while table[slot].name != 0 { slot = (slot + 1) & (slots - 1) }
            table[slot] = (name, scalar)
        }
        return table
    }()
}
