public import Catalogue

/// What we publish, told again when a feed shows it to us.
public enum OwnOutput {
    /// How the ids of our feeds begin.
    public static let idFront = "urn:uuid:"

    /// The id under which our feeds carry a finish (PRODUCT section 7).
    public static func id(of finish: FinishID) -> String { UUID8.urn(of: "colophon:" + finish.text) }

    /// Whether a file may be called so that is one of our pages by year.
    public static func isPageByYear(named name: String) -> Bool {
        guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")), name.hasSuffix(".json") || name.hasSuffix(".atom")
        else { return false }
        let year = name.utf8[..<dot]
        return year.elementsEqual("undated".utf8)
            || year.count >= 4 && year.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// Whether a file of such a name has in it what our pages by year have: it may be deleted, whoever knows of it.
    public static func isPageByYear(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("\n      \"_colophon\": {")
            || text.contains("\n  <fh:archive/>\n") && text.contains("<id>" + idFront)
    }
}
