/// A text as our JSON has it, to be looked for in lines that we wrote: most of those that cannot hold it need
/// no decoding. Where it stands, only decoding tells what it means.
public struct JSONMark: Sendable {
    private let bytes: [UInt8]

    /// A string with its quotes.
    public init(_ text: String) {
        var bytes: [UInt8] = []
        JSONWriter.write(text, to: &bytes)
        self.bytes = bytes
    }

    /// A member with a string.
    public init(_ name: String, _ text: String) {
        var bytes: [UInt8] = []
        JSONWriter.write(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        JSONWriter.write(text, to: &bytes)
        self.bytes = bytes
    }

    /// Whether it stands in the range of a buffer.
    public func stands(in buffer: [UInt8], _ range: Range<Int>) -> Bool {
        let text = buffer.span
        let mark = bytes.span
        var start = range.lowerBound
        while start + mark.count <= range.upperBound {
            var index = 0
            while index < mark.count, text[start + index] == mark[index] { index += 1 }
            if index == mark.count { return true }
            start += 1
        }
        return false
    }
}
