public import Catalogue
import Formats

/// A file of the published directory.
public struct PublishedFile: Equatable, Sendable {
    /// Relative to the directory: `feed.json`, `2025.json`.
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// A page that is made when its bytes are asked for: all pages of a long history at once are more than
/// the history.
public struct PageToRender {
    /// As `PublishedFile.name`.
    public let name: String
    private let lazyStamp: LazyStamp?
    private let make: () -> [UInt8]

    public init(name: String, _ make: @escaping () -> [UInt8]) {
        self.init(name: name, stamp: nil, make)
    }

    fileprivate init(name: String, stamp: LazyStamp?, _ make: @escaping () -> [UInt8]) {
        self.name = name
        lazyStamp = stamp
        self.make = make
    }

    /// What it is made of, where that is known without making it: the pages by year.
    public var stamp: PageStamp? { lazyStamp?.value }

    /// The same at every call; made anew each time.
    public func render() -> PublishedFile { PublishedFile(name: name, bytes: make()) }
}

/// Computed when it is first asked for: it reads all that the page says, and the two feeds of a year share it.
private final class LazyStamp {
    private let make: () -> PageStamp
    lazy var value = make()

    init(_ make: @escaping () -> PageStamp) {
        self.make = make
    }
}

/// What a person wrote and no page can be made of: nothing else can be wrong with a state.
public struct PageError: Error, Equatable, Sendable {
    /// The key of `feeds.toml`: `item_template` or `template`.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1, in characters.
    public var column: Int
    public var found: String
    /// What to write instead.
    public var mend: String
}

/// Everything that the site serves, but the covers. It is a function of the state alone: the same bytes
/// in every process, zone and locale (PRODUCT section 7).
public enum Pages {
    /// Raised whenever this program makes other bytes of the same state, so that no page of an older one stands.
    public static let version: UInt32 = 2

    /// In a fixed order: the feeds, their pages by year, newest first, the widget, the page. What can be
    /// wrong is found before any of them is made.
    public static func plan(_ state: State) throws(PageError) -> [PageToRender] {
        let configuration = state.configuration
        let widget = Widget(site: Site(configuration), markup: try ItemMarkup(configuration))
        let site = widget.site
        let glances = state.glances()
        let newest = Array(glances.prefix(max(0, configuration.publish.items)))
        let archive = Archive(glances, shown: newest.count)
        let feeds = FeedDocuments(state, site)
        let current = Archive.Page(name: "feed", glances: newest, older: archive.afterNewest)
        var pages = [
            PageToRender(name: "feed.json") { feeds.json(current, isArchive: false) },
            PageToRender(name: "feed.atom") { feeds.atom(current, isArchive: false) },
        ]
        for page in archive.pages {
            let stamp = LazyStamp { Pages.stamp(page, state) }
            pages.append(
                PageToRender(name: page.name + ".json", stamp: stamp) { feeds.json(page, isArchive: true) })
            pages.append(
                PageToRender(name: page.name + ".atom", stamp: stamp) { feeds.atom(page, isArchive: true) })
        }
        pages += [
            PageToRender(name: "widget.html") {
                let chosen = state.newest(
                    max(0, configuration.publish.widgetItems), atMost: configuration.publish.atMost)
                return Array(widget.fragment(chosen.map { Item($0.written, site) }).utf8)
            },
            PageToRender(name: "widget.css") { Array(Stylesheet.widget.utf8) },
            PageToRender(name: "index.html") {
                let items = newest.map { Item(state.written($0), site) }
                return Array(AboutPage(site: site, widget: widget, glances: glances).document(items).utf8)
            },
            PageToRender(name: "index.css") { Array(Stylesheet.page.utf8) },
        ]
        return pages
    }

    /// The same, all of them made.
    public static func render(_ state: State) throws(PageError) -> [PublishedFile] {
        try plan(state).map { $0.render() }
    }
}

/// What a page by year was made of: the same stamp, the same bytes. It spares decoding all that was ever
/// finished in a run that touched one year.
public struct PageStamp: Equatable, Sendable {
    /// Of the page, without its ending: `2025`.
    public var name: String
    public var value: UInt32

    public init(name: String, value: UInt32) {
        self.name = name
        self.value = value
    }
}

extension Pages {
    private static func stamp(_ page: Archive.Page, _ state: State) -> PageStamp {
        let seed = CRC32C.checksum(Array("\(version) \(page.older ?? "")".utf8))
        return PageStamp(name: page.name, value: state.checksum(of: page.glances, seed: seed))
    }

    /// The finishes that the feed, the widget and the page show, newest first: those whose covers are
    /// worth a copy.
    public static func shown(_ state: State) -> [Standing] {
        let publish = state.configuration.publish
        var standings = state.newest(max(0, publish.items))
        for standing in state.newest(max(0, publish.widgetItems), atMost: publish.atMost)
        where !standings.contains(where: { $0.id == standing.id }) {
            standings.append(standing)
        }
        return standings
    }

    /// Where a copy of a cover lies in the published directory; `nil` for what is no image that pages
    /// show.
    public static func coverName(_ cover: SavedCover) -> String? { Item.name(of: cover) }
}

/// The pages of the feed by year, as a chain from newer to older. A page links to the next older one
/// only, so that it changes when a finish of its year changes, and hardly ever otherwise.
struct Archive {
    struct Page {
        /// `2025`, or `undated` for what was taken at adoption without a day.
        var name: String
        var glances: [Glance]
        var older: String?
    }

    private(set) var pages: [Page] = []
    /// The page with the newest finish that the feed itself does not hold; `nil`: it holds them all.
    private(set) var afterNewest: String?

    /// - Parameter glances: newest first, and therefore year by year.
    init(_ glances: [Glance], shown: Int) {
        for (index, glance) in glances.enumerated() {
            let name = Archive.name(of: glance)
            if pages.last?.name != name { pages.append(Page(name: name, glances: [])) }
            pages[pages.count - 1].glances.append(glance)
            if index == shown { afterNewest = name }
        }
        for index in pages.indices.dropLast() { pages[index].older = pages[index + 1].name }
    }

    private static func name(of glance: Glance) -> String {
        guard let year = glance.year else { return "undated" }
        let digits = String(year)
        return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
    }
}
