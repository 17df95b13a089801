/// What libxml2's HTML parser is given is bounded before it sees it. It compares each attribute of a tag
/// with all before it, and looks for each end tag through all elements that are open: 700 kB of either
/// took it twenty seconds. HTML beyond these bounds nobody wrote; its words are read, its markup is not.
///
/// Tags are told apart as libxml2 2.9.14 does (HTMLparser.c): what it took for one long tag while this
/// took it for many short ones would pass.
struct HTMLBounds {
    private static let attributesMax = 128
    /// Mails and reblogs quote one another some eighty deep.
    static let depthMax = 256
    /// Mistakes in nesting, each as often as elements were open then.
    static let straysMax = 1_000_000
    /// In fewer bytes there is no room for harm.
    private static let bytesMin = 512

    /// Tags of elements that may stay open, and end tags.
    private var starts = 0
    private var ends = 0
    /// Of the tag that has most.
    private var attributes = 0
    private var isUnclear = false

    /// Whether a single tag is beyond bounds, or may be.
    var isBeyond: Bool { isUnclear || attributes > HTMLBounds.attributesMax }
    /// Whether so few tags can do no harm in whatever order they stand: all but long bodies. The nesting of
    /// others is watched while they are read.
    var isSmall: Bool { starts <= HTMLBounds.depthMax && ends <= starts + 64 }

    /// Counted in one pass.
    init(_ html: UnsafeBufferPointer<UInt8>) {
        guard html.count >= HTMLBounds.bytesMin else { return }
        var walk = HTMLTags(html)
        while let piece = walk.next() {
            switch piece {
            case .start(let name, let count):
                if !HTMLBounds.isEmpty(html[name]) { starts += 1 }
                attributes = max(attributes, count)
            case .end: ends += 1
            case .text: break
            }
        }
        isUnclear = walk.isUnclear
    }

    /// The words of HTML: markup left out, a break where a line ended.
    static func words(of html: [UInt8]) -> [UInt8] {
        html.withUnsafeBufferPointer { html in
            var result: [UInt8] = []
            result.reserveCapacity(html.count / 2)
            var isLine = false
            var walk = HTMLTags(html)
            while let piece = walk.next() {
                switch piece {
                case .start(let name, _), .end(let name):
                    guard isLine, HTMLText.parts.contains(HTMLTags.name(html[name])) else { continue }
                    result.append(contentsOf: "<br>".utf8)
                    isLine = false
                case .text(let range):
                    isLine = isLine || html[range].contains { $0 > 0x20 }
                    for byte in html[range] {
                        if byte == UInt8(ascii: "<") {
                            result.append(contentsOf: "&#60;".utf8)
                        } else {
                            result.append(byte)
                        }
                    }
                }
            }
            return result
        }
    }

    /// The commonest of those that are closed as they are opened.
    private static func isEmpty(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        HTMLTags.isNamed(name, "br") || HTMLTags.isNamed(name, "img") || HTMLTags.isNamed(name, "hr")
    }
}
