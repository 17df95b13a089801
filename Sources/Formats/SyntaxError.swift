/// What every reader of a notation throws: where it stood, what it found there, what it wanted.
public struct SyntaxError: Error, Equatable, Sendable {
    /// From 1.
    public var line: Int
    /// From 1, in characters (Unicode scalars) of the line.
    public var column: Int
    /// What stands there, in words for a person; never a whole document.
    public var found: String
    /// What would have been right there.
    public var expected: String

    public init(line: Int, column: Int, found: String, expected: String) {
        self.line = line
        self.column = column
        self.found = found
        self.expected = expected
    }

    /// The place of `offset` in `bytes`, for readers that only count bytes while they read.
    public init(in bytes: [UInt8], at offset: Int, found: String, expected: String) {
        var line = 1
        var column = 1
        for index in 0..<min(offset, bytes.count) {
            if bytes[index] == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if bytes[index] & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column, found: found, expected: expected)
    }
}
