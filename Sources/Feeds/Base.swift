import Formats
import XML

/// What relative addresses are relative to: xml:base (W3C XML Base), else the document's address.
struct Base {
    /// Held apart, for many bodies of a feed share it.
    private let origin: Origin?
    private var address: WebAddress? { origin?.address }

    private final class Origin: Sendable {
        let address: WebAddress
        let stem: Stem?
        init(_ address: WebAddress) {
            self.address = address
            stem = Stem(address)
        }
    }

    /// What a plain reference is put behind. Nearly all are plain, and a document may have a million of them, each of
    /// which `URL` would compare with the whole path.
    private struct Stem {
        /// `https://a.example`, before a reference that begins with a slash.
        let root: String
        /// With the slash at its end.
        let folder: String

        init?(_ address: WebAddress) {
            let path = address.path.utf8
            guard address.isWeb, !zip(path, path.dropFirst()).contains(where: { $0 == 0x2F && $1 == 0x2E }) else { return nil }
            let rest = address.text.utf8.dropFirst(address.scheme.utf8.count + "://".utf8.count)
            let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
            root = String(address.text[..<(end ?? address.text.endIndex)])
            folder = root + (path.lastIndex(of: UInt8(ascii: "/")).map { String(address.path[...$0]) } ?? "/")
        }

        /// `nil`: not plain.
        func resolving(_ reference: String) -> String? {
            var rest = reference.utf8[...]
            var folder = folder.utf8[...]
            while rest.first == UInt8(ascii: ".") {
                if rest.starts(with: "../".utf8) {
                    rest = rest.dropFirst(3)
                    folder = parent(folder)
                } else if rest.starts(with: "./".utf8) {
                    rest = rest.dropFirst(2)
                } else {
                    return nil
                }
            }
            guard Stem.isPlain(rest, begins: rest.count == reference.utf8.count) else { return nil }
            if rest.first == UInt8(ascii: "/") { return root + reference }
            return String(Substring(folder)) + String(Substring(rest))
        }

        /// The root has none above it (RFC 3986 section 5.2.4).
        private func parent(_ folder: Substring.UTF8View) -> Substring.UTF8View {
            let inner = folder.dropLast()
            guard inner.count > root.utf8.count, let slash = inner.lastIndex(of: UInt8(ascii: "/")) else { return folder }
            return folder[...slash]
        }

        /// Without dots that mean a folder, and without a host.
        ///
        /// - Parameter begins: whether nothing stands before it: then it may begin with a slash.
        private static func isPlain(_ reference: Substring.UTF8View, begins: Bool) -> Bool {
            var last: UInt8 = begins ? 0 : UInt8(ascii: "/")
            for byte in reference {
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"): break
                case UInt8(ascii: "."): if last == 0 || last == UInt8(ascii: "/") { return false }
                case UInt8(ascii: "/"): if last == byte { return false }
                default: return false
                }
                last = byte
            }
            return true
        }
    }

    init(_ address: WebAddress?) { origin = address.map { Origin($0) } }

    /// The base inside an element. An address that cannot be one changes nothing.
    func entering(_ element: Element) -> Base {
        element.xmlAttribute("base").map { entering($0) } ?? self
    }

    /// The base inside an element with this xml:base. Every address inside it is as long as it is, so one
    /// that is longer than addresses are changes nothing either.
    func entering(_ text: String) -> Base {
        guard text.utf8.count <= Base.bytesMax, let inner = WebAddress(text, relativeTo: address),
            inner.isWeb, inner.text.utf8.count <= Base.bytesMax
        else { return self }
        return Base(inner)
    }
    /// Nobody wrote a folder with a longer one.
    private static let bytesMax = 512

    /// Whether addresses in a body are still made absolute, where those so far have become so many bytes in
    /// the first `read` of it: links in a row to `x` under the longest base would be two hundred times
    /// their size.
    static func hasRoom(resolved: Int, read: Int) -> Bool { resolved <= 8 * read + 2_000 }

    /// An address of the web, or `nil`: nothing else leaves the parser as a link. Only where there is
    /// nothing to resolve by does a relative one stay as it is stated.
    func link(_ text: String) -> String? {
        resolve(text).flatMap(Base.link)
    }

    /// The same of one that is resolved already.
    static func link(_ resolved: String) -> String? { isWeb(resolved) || isRelative(resolved) ? resolved : nil }

    /// Resolved, of any scheme.
    func resolve(_ text: String) -> String? {
        guard let text = Text.name(text) else { return nil }
        if Base.isWeb(text) { return Base.cleaned(text) }
        if address == nil, Base.isRelative(text) { return Base.cleaned(text) }
        guard let origin else { return WebAddress(text)?.text }
        return origin.stem?.resolving(text) ?? origin.address.resolving(text)
    }

    /// Without a scheme (RFC 3986 §4.2).
    private static func isRelative(_ text: String) -> Bool {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: ":"): return false
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return true
            default: break
            }
        }
        return true
    }

    /// http or https, and a host. Most addresses are that, and are taken as they stand.
    static func isWeb(_ text: String) -> Bool {
        let bytes = text.utf8Span.span
        guard bytes.count >= 8, bytes[0] | 0x20 == UInt8(ascii: "h"), bytes[1] | 0x20 == UInt8(ascii: "t"),
            bytes[2] | 0x20 == UInt8(ascii: "t"), bytes[3] | 0x20 == UInt8(ascii: "p")
        else { return false }
        let colon = bytes[4] | 0x20 == UInt8(ascii: "s") ? 5 : 4
        guard bytes.count > colon + 3, bytes[colon] == UInt8(ascii: ":"),
            bytes[colon + 1] == UInt8(ascii: "/"), bytes[colon + 2] == UInt8(ascii: "/")
        else { return false }
        switch bytes[colon + 3] {
        case ...0x20, UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return false
        default: return true
        }
    }

    /// Whether a link of this media type leads to a page: HTML of any kind, or none stated.
    static func isPage(type: String?) -> Bool {
        guard let type, !type.isEmpty, type != "text/html" else { return true }
        return type.lowercased().contains("html")
    }

    /// Line ends and tabs inside an address are an accident of its layout; blanks are escaped.
    private static func cleaned(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 <= 0x20 }) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte == 0x20 {
                bytes.append(contentsOf: "%20".utf8)
            } else if byte > 0x20 {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
