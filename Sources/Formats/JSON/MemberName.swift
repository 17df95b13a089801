/// A member's name as `JSONWriter` writes it, for those who write or read it a thousand times in a run.
public struct MemberName: ExpressibleByStringLiteral, Sendable {
    public let text: String
    /// `"name":`
    public let bytes: [UInt8]

    public init(stringLiteral text: String) {
        self.text = text
        var bytes: [UInt8] = []
        JSONWriter.write(text, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        self.bytes = bytes
    }
}
