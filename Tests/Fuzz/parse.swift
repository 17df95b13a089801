// What libFuzzer calls (`script/fuzz parse SECONDS`): any bytes may come from the network, so the reader
// must give entries or an error for all of them, and all that it gives must be readable.
import Feeds
import XML

@_cdecl("LLVMFuzzerTestOneInput")
public func readAnything(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var bytes = Array(UnsafeBufferPointer(start: start, count: count))
    // The last byte chooses what came with the document.
    let contentTypes: [String?] = [
        nil, "text/xml", "application/rss+xml; charset=utf-8", "text/xml; charset=\"windows-1251\"",
        "application/xml;charset=shift_jis", "text/xml; charset=utf-16", "application/feed+json",
    ]
    let choice = bytes.popLast().map { Int($0) % contentTypes.count } ?? 0
    guard
        let document = try? FeedReader.read(
            bytes, contentType: contentTypes[choice], address: "https://example.org/a/feed.xml")
    else { return 0 }
    _ = document.json
    for entry in document.entries {
        for key in entry.keys { precondition(!(key.value + key.loose).isEmpty || key.rule == .id) }
        for body in [entry.summary, entry.content] {
            guard let body else { continue }
            _ = HTMLText.plain(body.value)
            let reduced = HTMLReduction.reduce(body.value)
            let again = HTMLReduction.reduce(reduced)
            if again != reduced { fatalError("\(reduced.debugDescription) reduced again is \(again.debugDescription)") }
        }
        for element in entry.elements { precondition(element == element, "an element is itself") }
    }
    return 0
}
