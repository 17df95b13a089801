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
        if line.count >= 5, line.prefix(5).elementsEqual("HTTP/".utf8) {
            headers.removeAll(keepingCapacity: true)
            isClosed = false
            return true
        }
        let text = Self.trimmed(line, line.indices)
        if text.isEmpty {
            isClosed = true
        } else if !isClosed {
            if Self.isBlank(line[0]) { unfold(line, text) } else { read(line, text) }
        }
        return true
    }

    /// RFC 9112 §5.2: a line that begins with a blank goes on with the one before.
    private mutating func unfold(_ line: UnsafeBufferPointer<UInt8>, _ text: Range<Int>) {
        guard let last = headers.last, let more = Self.text(line, text, isValidator: Self.isValidator(last)) else {
            return
        }
        headers[headers.count - 1].value += " " + more
    }

    private mutating func read(_ line: UnsafeBufferPointer<UInt8>, _ text: Range<Int>) {
        guard let colon = text.first(where: { line[$0] == UInt8(ascii: ":") }),
            let name = Self.text(line, Self.trimmed(line, text.lowerBound..<colon), isValidator: false), !name.isEmpty
        else { return }
        var header = Header(name, "")
        let rest = Self.trimmed(line, (colon + 1)..<text.upperBound)
        guard let value = Self.text(line, rest, isValidator: Self.isValidator(header)) else { return }
        header.value = value
        headers.append(header)
    }

    /// What is sent back by the byte.
    private static func isValidator(_ header: Header) -> Bool {
        header.isNamed("ETag") || header.isNamed("Last-Modified")
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Without blanks and line ends around it.
    private static func trimmed(_ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Range<Int> {
        func isTrimmed(_ byte: UInt8) -> Bool { isBlank(byte) || byte == 0x0D || byte == 0x0A }
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isTrimmed(line[start]) { start += 1 }
        while start < end, isTrimmed(line[end - 1]) { end -= 1 }
        return start..<end
    }

    /// `nil` with a control character in it: such a value could not be sent back.
    private static func text(
        _ line: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, isValidator: Bool
    ) -> String? {
        var isASCII = true
        for index in range {
            let byte = line[index]
            if (byte < 0x20 && byte != 0x09) || byte == 0x7F { return nil }
            if byte >= 0x80 { isASCII = false }
        }
        let bytes = UnsafeBufferPointer(rebasing: line[range])
        if isASCII { return String(decoding: bytes, as: UTF8.self) }
        if !isValidator, let text = String(validating: bytes, as: UTF8.self) { return text }
        var text = ""
        for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        return text
    }
}
