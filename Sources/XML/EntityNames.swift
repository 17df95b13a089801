/// The names of HTML 4 (section 24), of which XML's five are a part, by the characters that they mean.
///
/// libxml2 knows them, too, but goes through all for each that it is asked for.
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

    private static func packed(_ name: some Sequence<UInt8>) -> UInt64 {
        name.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func slot(_ name: UInt64) -> Int {
        Int(truncatingIfNeeded: (name &* 0x9E37_79B9_7F4A_7C15) >> 54)
    }

    private static let table: [(name: UInt64, scalar: UInt32)] = {
        var table = [(name: UInt64, scalar: UInt32)](repeating: (0, 0), count: slots)
        for (first, names) in rows {
            for (index, name) in names.utf8.split(separator: 0x20).enumerated() {
                let name = packed(name)
                var slot = slot(name)
                while table[slot].name != 0 { slot = (slot + 1) & (slots - 1) }
                table[slot] = (name, first + UInt32(index))
            }
        }
        return table
    }()

    /// Names of characters that follow one another, and the first of these.
    private static let rows: [(first: UInt32, names: String)] = [
        (0x22, "quot"), (0x26, "amp apos"), (0x3C, "lt"), (0x3E, "gt"),
        (0xA0, "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg"),
        (0xB1, "plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34"),
        (0xBF, "iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml"),
        (0xCC, "Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave"),
        (0xDA, "Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil"),
        (0xE8, "egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde"),
        (0xF6, "ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml"), (0x152, "OElig oelig"),
        (0x160, "Scaron scaron"), (0x178, "Yuml"), (0x192, "fnof"), (0x2C6, "circ"), (0x2DC, "tilde"),
        (0x391, "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho"),
        (0x3A3, "Sigma Tau Upsilon Phi Chi Psi Omega"),
        (0x3B1, "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho"),
        (0x3C2, "sigmaf sigma tau upsilon phi chi psi omega"), (0x3D1, "thetasym upsih"), (0x3D6, "piv"),
        (0x2002, "ensp emsp"), (0x2009, "thinsp"), (0x200C, "zwnj zwj lrm rlm"), (0x2013, "ndash mdash"),
        (0x2018, "lsquo rsquo sbquo"), (0x201C, "ldquo rdquo bdquo"), (0x2020, "dagger Dagger bull"),
        (0x2026, "hellip"), (0x2030, "permil"), (0x2032, "prime Prime"), (0x2039, "lsaquo rsaquo"),
        (0x203E, "oline"), (0x2044, "frasl"), (0x20AC, "euro"), (0x2111, "image"), (0x2118, "weierp"),
        (0x211C, "real"), (0x2122, "trade"), (0x2135, "alefsym"), (0x2190, "larr uarr rarr darr harr"),
        (0x21B5, "crarr"), (0x21D0, "lArr uArr rArr dArr hArr"), (0x2200, "forall"), (0x2202, "part exist"),
        (0x2205, "empty"), (0x2207, "nabla isin notin"), (0x220B, "ni"), (0x220F, "prod"),
        (0x2211, "sum minus"), (0x2217, "lowast"), (0x221A, "radic"), (0x221D, "prop infin"),
        (0x2220, "ang"), (0x2227, "and or cap cup int"), (0x2234, "there4"), (0x223C, "sim"),
        (0x2245, "cong"), (0x2248, "asymp"), (0x2260, "ne equiv"), (0x2264, "le ge"),
        (0x2282, "sub sup nsub"), (0x2286, "sube supe"), (0x2295, "oplus"), (0x2297, "otimes"),
        (0x22A5, "perp"), (0x22C5, "sdot"), (0x2308, "lceil rceil lfloor rfloor"), (0x2329, "lang rang"),
        (0x25CA, "loz"), (0x2660, "spades"), (0x2663, "clubs"), (0x2665, "hearts diams"),
    ]
}
