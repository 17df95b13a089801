import Formats

/// A post's text as Bluesky wants it: nothing in it is a link or a tag by itself, so the places of both
/// are told beside it, in bytes of UTF-8 (`specs/bluesky-posting.md`, Facets).
struct RichText: Equatable {
    /// In extended grapheme clusters.
    static let textMax = 300
    static let bytesMax = 3000
    /// What a link that would not fit is shortened to: no more than X counts it for.
    private static let linkShown = 23

    private(set) var text = ""
    private(set) var facets: [Facet] = []

    struct Facet: Equatable {
        enum Feature: Equatable {
            case link(String)
            case tag(String)
        }

        /// In bytes of the text.
        var range: Range<Int>
        var feature: Feature

        var json: JSONValue {
            let value: JSONValue =
                switch feature {
                case .link(let uri):
                    .object([
                        JSONMember("$type", .string("app.bsky.richtext.facet#link")),
                        JSONMember("uri", .string(uri)),
                    ])
                case .tag(let tag):
                    .object([
                        JSONMember("$type", .string("app.bsky.richtext.facet#tag")),
                        JSONMember("tag", .string(tag)),
                    ])
                }
            return .object([
                JSONMember("$type", .string("app.bsky.richtext.facet")),
                JSONMember(
                    "index",
                    .object([
                        JSONMember("byteStart", .integer(Int64(range.lowerBound))),
                        JSONMember("byteEnd", .integer(Int64(range.upperBound))),
                    ])),
                JSONMember("features", .array([value])),
            ])
        }
    }

    init(_ source: String) {
        let isLong = source.count > RichText.textMax
        let scalars = Array(source.unicodeScalars)
        var index = 0
        for range in LinkFinder.links(in: scalars) {
            // A bare domain is somebody's title more often than a link.
            guard LinkFinder.hasScheme(scalars[range]) else { continue }
            let link = RichText.string(scalars[range])
            append(scalars[index..<range.lowerBound])
            let start = text.utf8.count
            text += isLong ? RichText.shortened(link) : link
            facets.append(Facet(range: start..<text.utf8.count, feature: .link(link)))
            index = range.upperBound
        }
        append(scalars[index...])
    }

    /// Text between links, and the tags in it.
    private mutating func append(_ scalars: ArraySlice<Unicode.Scalar>) {
        var before: Unicode.Scalar = text.unicodeScalars.last ?? " "
        var tag: (start: Int, name: String)?
        for scalar in scalars + [" "] {
            if tag != nil, !RichText.isTagged(scalar) {
                if let found = tag, RichText.isTag(found.name) {
                    facets.append(
                        Facet(range: found.start..<text.utf8.count, feature: .tag(found.name)))
                }
                tag = nil
            }
            if tag == nil, scalar == "#", before.properties.isWhitespace {
                tag = (text.utf8.count, "")
            } else {
                tag?.name.unicodeScalars.append(scalar)
            }
            before = scalar
            text.unicodeScalars.append(scalar)
        }
        text.unicodeScalars.removeLast()
    }

    /// A number is none, and Bluesky refuses a post with a longer one (`app.bsky.richtext.facet`).
    private static func isTag(_ name: String) -> Bool {
        name.unicodeScalars.contains { !("0"..."9").contains($0) } && name.count <= 64
            && name.utf8.count <= 640
    }

    private static func isTagged(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || scalar.properties.generalCategory == .nonspacingMark
    }

    /// `example.org/a-long-pa…`
    private static func shortened(_ link: String) -> String {
        let shown = link.firstRange(of: "://").map { link[$0.upperBound...] } ?? link[...]
        return shown.count <= linkShown ? String(shown) : shown.prefix(linkShown - 1) + "…"
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
