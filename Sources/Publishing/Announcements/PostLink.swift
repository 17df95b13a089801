import Formats

/// The address of a finish as a post can carry it.
enum PostLink {
    /// Networks end a link at a sign that rarely belongs to one (a full stop, an exclamation mark, a bracket
    /// alone), and would lead elsewhere: such signs are written percent-encoded.
    static func text(_ address: String?) -> String? {
        guard let address = Link.web(address) else { return nil }
        var text = Array(address.unicodeScalars)
        guard let host = text.firstRange(of: Array("://".unicodeScalars))?.upperBound,
            let path = text[host...].firstIndex(where: { $0 == "/" || $0 == "?" })
        else { return address }
        for _ in 0..<encodedMax {
            guard let link = LinkFinder.links(in: text).first, link.lowerBound == 0,
                link.upperBound > path, link.upperBound < text.count,
                signs.contains(text[link.upperBound])
            else { break }
            let sign = "%" + hex([UInt8(text[link.upperBound].value)]).uppercased()
            text.replaceSubrange(link.upperBound...link.upperBound, with: Array(sign.unicodeScalars))
        }
        return String(String.UnicodeScalarView(text))
    }

    private static let signs = Array("!'(),.;:*~[]?".unicodeScalars)
    private static let encodedMax = 64
}
