import Glibc

/// An encoding that glibc's iconv can read, under the name that we report.
struct EncodingName {
    /// Lower case, of the superset that is really used.
    let text: String
    /// Whether it names ASCII, which is read as windows-1252 but says nothing of bytes beyond it.
    let isASCII: Bool

    var isUTF8: Bool { text == "utf-8" }
    /// Whether bytes below 128 always mean ASCII. The escape sequences of these begin with ASCII.
    var keepsASCII: Bool { !text.contains("2022") && !isHZ && text != "utf-7" }
    private var isHZ: Bool { text == "hz-gb-2312" }
    /// iconv has no HZ, but what is in it is GB 2312 without its high bits.
    private var iconvName: String { isHZ ? "gb18030" : text == "cp949" ? "uhc" : text }

    /// `nil` when no converter for it is known, or when it does not write markup with the bytes of
    /// ASCII: UTF-16 under any of its names, or EBCDIC, cannot be the encoding of text in which a
    /// declaration could be read. Quotes and white space around it do not count.
    init?(_ stated: String) {
        let bytes = stated.utf8.filter(EncodingName.isNameByte)
        guard !bytes.isEmpty, bytes.count <= 40 else { return nil }
        let meant = EncodingName.meant(String(decoding: bytes, as: UTF8.self).lowercased())
        isASCII = meant == "us-ascii"
        text = isASCII ? "windows-1252" : meant
        if text == "windows-1252" || isUTF8 { return }
        let markup = Array("<?xml version=\"1.0\"?>".utf8)
        guard decode(markup) == markup else { return nil }
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"): true
        default: false
        }
    }

    // MARK: Names

    /// The encoding that people mean by a name: hyphens, an `x-` before it and a year behind it make no
    /// other one. What is not found here iconv may know itself, by hundreds of names.
    private static func meant(_ name: String) -> String {
        var plain = name.utf8.prefix { $0 != UInt8(ascii: ":") }
        while plain.starts(with: "x-".utf8) { plain = plain.dropFirst(2) }
        let bytes = plain.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") }
        let key = String(decoding: bytes, as: UTF8.self)
        return table[key] ?? codePage(key) ?? latin(key) ?? name
    }

    /// `windows1251`, `win-1251`, `cp1251`, `dos-866`.
    private static func codePage(_ key: String) -> String? {
        for prefix in ["windows", "win", "mscp", "ms", "cp", "dos", "ibm"] where key.hasPrefix(prefix) {
            let number = key.dropFirst(prefix.count)
            if number.count == 4, number.hasPrefix("125"), number.last?.isASCII == true {
                return "windows-" + number
            }
            return pages[String(number)]
        }
        return nil
    }

    /// `iso-8859-8-i`: who stores Hebrew and Arabic as they are read, or marks their direction, uses the
    /// same letters.
    private static func latin(_ key: String) -> String? {
        var key = key[...]
        if key.hasPrefix("cs") { key = key.dropFirst(2) }
        guard key.hasPrefix("iso8859") else { return nil }
        key = key.dropFirst(7)
        if key.hasSuffix("i") || key.hasSuffix("e") { key = key.dropLast() }
        return Int(key).map { "iso-8859-\($0)" }
    }

    private static let pages = [
        "819": "windows-1252", "866": "ibm866", "874": "cp874", "932": "cp932", "936": "gb18030",
        "949": "cp949", "950": "big5-hkscs", "65001": "utf-8",
    ]

    /// Names without hyphens, by the encoding that people mean who give the smaller one (WHATWG
    /// Encoding, "labels").
    private static let table: [String: String] = {
        var table: [String: String] = [:]
        for (encoding, keys) in labels {
            for key in keys.split(separator: " ") { table[String(key)] = encoding }
        }
        return table
    }()
    private static let labels = [
        ("utf-8", "utf8 unicode11utf8 unicode20utf8"),
        ("utf-7", "utf7 csutf7 unicode11utf7"),
        ("windows-1252", "latin1 l1 iso88591 88591 csisolatin1 isoir100"),
        ("us-ascii", "ascii usascii csascii ansix3.41968 iso646us"),
        ("windows-1254", "latin5 l5 iso88599 88599 csisolatin5 isoir148"),
        ("iso-8859-7", "suneugreek"),
        ("iso-8859-8", "logical visual"),
        ("iso-8859-15", "latin9 l9 csisolatin9"),
        ("cp874", "iso885911 tis620"),
        ("ibm866", "866 csibm866"),
        ("koi8-r", "koi koi8 koi8r cskoi8r"),
        ("koi8-u", "koi8u koi8ru"),
        ("macintosh", "mac macroman csmacintosh"),
        ("mac-cyrillic", "maccyrillic macukrainian"),
        (
            "gb18030",
            "gb2312 gb231280 csgb2312 csiso58gb231280 isoir58 chinese gbk csgbk euccn csgb18030"
        ),
        ("hz-gb-2312", "hz hzgb2312"),
        ("big5-hkscs", "big5 cnbig5 csbig5 big5hkscs"),
        ("cp932", "sjis shiftjis csshiftjis mskanji windows31j cswindows31j"),
        ("euc-jp", "eucjp euc cseucpkdfmtjapanese"),
        ("iso-2022-jp", "iso2022jp csiso2022jp"),
        ("iso-2022-kr", "iso2022kr csiso2022kr"),
        ("cp949", "euckr cseuckr ksc5601 ksc56011987 ksc56011989 csksc56011987 isoir149 korean uhc"),
    ]

    /// What `iconv_open` answers for a name that it does not know: (iconv_t) -1.
    private static var none: iconv_t? { iconv_t(bitPattern: -1) }
}

extension EncodingName {
    /// UTF-8, or `nil` when more than `errorsMax` bytes mean nothing in this encoding; each of
    /// those becomes U+FFFD.
    func decode(_ bytes: [UInt8], replacingAtMost errorsMax: Int = 0) -> [UInt8]? {
        if text == "windows-1252" { return Windows1252.decode(bytes) }
        if isUTF8 { return nil }
        let converter = iconv_open("UTF-8", iconvName)
        guard converter != EncodingName.none else { return nil }
        defer { iconv_close(converter) }
        let source = isHZ ? HZ.unpacked(bytes) : bytes
        var result: [UInt8] = []
        // Hardly any has more; where it grows the old and the new stand side by side, and what stays empty costs nothing.
        result.reserveCapacity(bytes.count * 3)
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var errors = 0
        let isWhole = source.withUnsafeBytes { input in
            piece.withUnsafeMutableBytes { output in
                // It only reads there, whatever its type says.
                var from = UnsafeMutableRawPointer(mutating: input.baseAddress)?.assumingMemoryBound(to: CChar.self)
                var left = input.count
                while left > 0 {
                    var to = output.baseAddress?.assumingMemoryBound(to: CChar.self)
                    var room = output.count
                    let outcome = iconv(converter, &from, &left, &to, &room)
                    let reason = errno
                    result.append(contentsOf: UnsafeRawBufferPointer(output)[..<(output.count - room)])
                    if outcome != -1 || reason == E2BIG { continue }
                    errors += 1
                    guard errors <= errorsMax, let next = from else { return false }
                    result.append(contentsOf: [0xEF, 0xBF, 0xBD])
                    from = next + 1
                    left -= 1
                }
                // Some converters hold a character back until they know what follows it.
                var to = output.baseAddress?.assumingMemoryBound(to: CChar.self)
                var room = output.count
                _ = iconv(converter, nil, nil, &to, &room)
                result.append(contentsOf: UnsafeRawBufferPointer(output)[..<(output.count - room)])
                return true
            }
        }
        return isWhole && UTF8Check.isValid(result) ? result : nil
    }
}

/// Seven-bit Chinese (RFC 1843): `~{` begins what is GB 2312 without its high bits, `~}` and the end of
/// the line end it.
enum HZ {
    /// As GB 2312 with its high bits.
    static func unpacked(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var isChinese = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            switch (isChinese, byte, next) {
            case (false, UInt8(ascii: "~"), UInt8(ascii: "{")), (true, UInt8(ascii: "~"), UInt8(ascii: "}")):
                isChinese.toggle()
                index += 2
            case (false, UInt8(ascii: "~"), UInt8(ascii: "~")):
                result.append(byte)
                index += 2
            case (false, UInt8(ascii: "~"), 0x0A):
                index += 2
            case (true, 0x21...0x7D, 0x21...0x7E):
                result.append(byte | 0x80)
                result.append(next | 0x80)
                index += 2
            default:
                if byte == 0x0A { isChinese = false }
                result.append(byte)
                index += 1
            }
        }
        return result
    }
}

/// windows-1252 with the five holes read as the C1 controls of the same number, so that every byte
/// means something (WHATWG Encoding, index windows-1252).
enum Windows1252 {
    /// Unicode of 0x80 to 0x9F.
    static let high: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
        0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ]

    static func decode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 2 * bytes.count { $0 >= 0x80 })
        for byte in bytes {
            if byte < 0x80 {
                result.append(byte)
            } else {
                UTF8Check.append(byte < 0xA0 ? high[Int(byte) - 0x80] : UInt32(byte), to: &result)
            }
        }
        return result
    }
}
