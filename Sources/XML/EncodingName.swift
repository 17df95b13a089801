import Glibc

/// An encoding that glibc's iconv can read, under the name that we report.
struct EncodingName {
    /// Lower case, of the superset that is really used.
    let text: String
    /// What iconv calls it.
    private let iconvName: String
    /// Whether one byte is always one character.
    let isSingleByte: Bool

    var isUTF8: Bool { text == "utf-8" }
    /// Needs more than a byte for `<`, so it cannot be the encoding of text that starts with one.
    var isWide: Bool { text.hasPrefix("utf-16") || text.hasPrefix("utf-32") || text.hasPrefix("ucs") }
    /// Whether bytes below 128 always mean ASCII. The escape sequences of these begin with ASCII.
    var keepsASCII: Bool { !text.hasPrefix("iso-2022") && text != "hz" && text != "utf-7" }

    /// `nil` when no converter for it is known. Quotes and white space around it do not count.
    init?(_ stated: String) {
        let bytes = stated.utf8.filter(EncodingName.isNameByte)
        guard !bytes.isEmpty, bytes.count <= 40 else { return nil }
        var name = String(decoding: bytes, as: UTF8.self).lowercased()
        name = EncodingName.aliases[name] ?? name
        name = EncodingName.supersets[name] ?? name
        text = name
        iconvName = EncodingName.iconvNames[name] ?? name
        isSingleByte = EncodingName.singleByteStarts.contains { name.hasPrefix($0) }
        if name == "windows-1252" || name == "utf-8" { return }
        let converter = iconv_open("UTF-8", iconvName)
        guard converter != EncodingName.none else { return nil }
        iconv_close(converter)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"): true
        default: false
        }
    }

    /// What else people call them; iconv knows hundreds of other names itself.
    private static let aliases = [
        "utf8": "utf-8", "unicode-1-1-utf-8": "utf-8", "x-unicode20utf8": "utf-8",
        "latin1": "iso-8859-1", "latin-1": "iso-8859-1", "l1": "iso-8859-1",
        "iso8859-1": "iso-8859-1", "iso_8859-1": "iso-8859-1", "iso88591": "iso-8859-1",
        "8859_1": "iso-8859-1", "iso-8859-1:1987": "iso-8859-1", "iso_8859-1:1987": "iso-8859-1",
        "ascii": "us-ascii", "ansi_x3.4-1968": "us-ascii", "usascii": "us-ascii",
        "cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252",
        "cp1253": "windows-1253", "cp1254": "windows-1254", "cp1255": "windows-1255",
        "cp1256": "windows-1256", "cp1257": "windows-1257", "cp1258": "windows-1258",
        "win-1251": "windows-1251", "win1251": "windows-1251", "x-cp1251": "windows-1251",
        "x-cp1250": "windows-1250", "x-cp1252": "windows-1252", "win-1252": "windows-1252",
        "x-sjis": "shift_jis", "sjis": "shift_jis", "shift-jis": "shift_jis",
        "ms_kanji": "shift_jis", "windows-31j": "cp932", "x-ms-cp932": "cp932",
        "x-euc-jp": "euc-jp", "eucjp": "euc-jp", "x-euc": "euc-jp",
        "x-gbk": "gbk", "cp936": "gbk", "euc-cn": "gb2312", "x-euc-cn": "gb2312",
        "gb_2312-80": "gb2312", "chinese": "gb2312", "x-x-big5": "big5", "big-5": "big5",
        "ks_c_5601-1987": "euc-kr", "ks_c_5601": "euc-kr", "ksc5601": "euc-kr", "korean": "euc-kr",
        "x-windows-949": "euc-kr", "windows-949": "euc-kr", "euckr": "euc-kr",
        "x-mac-roman": "macintosh", "mac": "macintosh",
        "x-mac-cyrillic": "mac-cyrillic", "x-mac-ukrainian": "mac-cyrillic",
        "koi8r": "koi8-r", "koi": "koi8-r", "koi8": "koi8-r", "koi8u": "koi8-u",
        "cp866": "ibm866", "866": "ibm866", "windows-874": "cp874", "dos-874": "cp874",
    ]

    /// The encoding that people mean who name the smaller one (WHATWG Encoding, "labels").
    private static let supersets = [
        "iso-8859-1": "windows-1252", "us-ascii": "windows-1252", "iso-8859-9": "windows-1254",
        "iso-8859-11": "cp874", "tis-620": "cp874", "tis620": "cp874",
        "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc-kr": "cp949",
        "big5": "big5-hkscs",
    ]

    private static let iconvNames = ["mac-cyrillic": "MAC-CYRILLIC", "cp949": "UHC"]
    private static let singleByteStarts = [
        "windows-", "iso-8859-", "koi8", "ibm", "mac", "cp874", "cp12", "cp8",
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
        var source = bytes
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + bytes.count / 2)
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var errors = 0
        let isWhole = source.withUnsafeMutableBytes { input in
            piece.withUnsafeMutableBytes { output in
                var from = input.baseAddress?.assumingMemoryBound(to: CChar.self)
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
        result.reserveCapacity(bytes.count + bytes.count / 8)
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
