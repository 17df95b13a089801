/// The first thing that libxml2 stumbled over in a document.
public struct XMLError: Error, Equatable, Sendable {
    /// In the mended text, from 1; mending keeps every line end, so it is the line of the document.
    public var line: Int
    /// libxml2's own words, without the line end.
    public var message: String
    /// Whether it gave up there: what stands further on was not read.
    public var isFatal: Bool

    public init(line: Int, message: String, isFatal: Bool) {
        self.line = line
        self.message = message
        self.isFatal = isFatal
    }
}
