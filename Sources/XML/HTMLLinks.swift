import CXML

/// The `link` and `base` elements of a page for people, as libxml2's HTML parser finds them.
public enum HTMLLinks {
    /// Names in lower case; of two attributes of one name the first counts.
    public struct Link: Equatable, Sendable {
        public var element: String
        public var attributes: [String: String]
    }

    /// They stand in a page's head. What is deeper than this is not looked for, so no page can make the parser slow.
    static let bytesMax = 65_536

    /// - Parameter bytes: clean UTF-8 (see `Decoding`).
    public static func read(_ bytes: [UInt8]) -> [Link] {
        let found = Found()
        var sax = xmlSAXHandler()
        sax.startElement = { context, name, attributes in
            guard let context, let name else { return }
            Unmanaged<Found>.fromOpaque(context).takeUnretainedValue().add(String(cString: name), attributes)
        }
        sax.serror = { _, _ in }
        sax.initialized = UInt32(XML_SAX2_MAGIC)
        HTMLEvents.parse(HTMLReferences.numeric(bytes.prefix(bytesMax)), sax, found)
        return found.links
    }

    private final class Found {
        var links: [Link] = []

        /// Attributes come as name, value, name, value, NULL.
        func add(_ element: String, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?) {
            guard element == "link" || element == "base", var field = attributes else { return }
            var link = Link(element: element, attributes: [:])
            while let name = field.pointee {
                let text = (field + 1).pointee.map { String(cString: $0) } ?? ""
                let lower = String(cString: name).lowercased()
                if link.attributes[lower] == nil { link.attributes[lower] = text }
                field += 2
            }
            links.append(link)
        }
    }
}
