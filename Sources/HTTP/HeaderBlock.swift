/// The head of the last answer on a connection, gathered line by line as libcurl hands it over.
///
/// Interim answers (100, 103) and the head of a proxy come first and are forgotten; trailers come
/// after the empty line and are not read.
struct HeaderBlock {
    private(set) var headers: [Header] = []
    private var bytesSeen = 0
    private var isClosed = false

    /// libcurl has limits of its own, which say "out of memory" or "failure when receiving".
    static let bytesMax = 256 << 10

    mutating func forget() {
        headers.removeAll(keepingCapacity: true)
        bytesSeen = 0
        isClosed = false
    }

    /// False when the head is longer than anyone's should be.
    mutating func take(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
        bytesSeen += line.count
        guard bytesSeen <= Self.bytesMax else { return false }
        let start = UnsafeBufferPointer(rebasing: line.prefix(5))
        if start.elementsEqual("HTTP/".utf8) {
            headers.removeAll(keepingCapacity: true)
            isClosed = false
            return true
        }
        let text = Self.trimmed(line[...])
        if text.isEmpty {
            isClosed = true
        } else if !isClosed, let first = line.first {
            if first == 0x20 || first == 0x09 { unfold(text) } else { read(text) }
        }
        return true
    }

    /// RFC 9112 §5.2: a line that begins with a blank goes on with the one before.
    private mutating func unfold(_ text: Slice<UnsafeBufferPointer<UInt8>>) {
        guard let last = headers.last, let more = Self.text(text, isValidator: Self.isValidator(last.name)) else {
            return
        }
        headers[headers.count - 1].value += " " + more
    }

    private mutating func read(_ line: Slice<UnsafeBufferPointer<UInt8>>) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let name = Self.text(Self.trimmed(line[..<colon]), isValidator: false), !name.isEmpty,
            let value = Self.text(Self.trimmed(line[(colon + 1)...]), isValidator: Self.isValidator(name))
        else { return }
        headers.append(Header(name, value))
    }

    /// What is sent back by the byte.
    private static func isValidator(_ name: String) -> Bool {
        let header = Header(name, "")
        return header.isNamed("ETag") || header.isNamed("Last-Modified")
    }

    private static func trimmed(
        _ bytes: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Slice<UnsafeBufferPointer<UInt8>> {
        func isBlank(_ byte: UInt8) -> Bool {
            byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A
        }
        var rest = bytes
        while let first = rest.first, isBlank(first) { rest = rest.dropFirst() }
        while let last = rest.last, isBlank(last) { rest = rest.dropLast() }
        return rest
    }

    /// `nil` with a control character in it: such a value could not be sent back.
    private static func text(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, isValidator: Bool) -> String? {
        var isASCII = true
        for byte in bytes {
            if (byte < 0x20 && byte != 0x09) || byte == 0x7F { return nil }
            if byte >= 0x80 { isASCII = false }
        }
        if isASCII {
            return String(decoding: UnsafeBufferPointer(rebasing: bytes), as: UTF8.self)
        }
        if !isValidator, let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        return text
    }
}
