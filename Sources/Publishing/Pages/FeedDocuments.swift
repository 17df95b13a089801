import Catalogue

/// The two feeds of each page of the archive. They are asked for one after the other and say the same, so both are
/// made in one go through the finishes, and the second is kept until it is asked for.
final class FeedDocuments {
    private let state: State
    private let site: Site
    private var waiting: (name: String, atom: [UInt8])?

    init(_ state: State, _ site: Site) {
        self.state = state
        self.site = site
    }

    func json(_ page: Archive.Page, isArchive: Bool) -> [UInt8] {
        let made = make(page, isArchive)
        waiting = (page.name, made.atom)
        return made.json
    }

    func atom(_ page: Archive.Page, isArchive: Bool) -> [UInt8] {
        defer { waiting = nil }
        if let waiting, waiting.name == page.name { return waiting.atom }
        return make(page, isArchive).atom
    }

    private func make(_ page: Archive.Page, _ isArchive: Bool) -> (json: [UInt8], atom: [UInt8]) {
        let count = page.glances.count
        var json = JSONFeed(site, older: page.older, count: count)
        var atom = AtomFeed(site, page: isArchive ? page.name : nil, older: page.older, count: count)
        var item = Item()
        for glance in page.glances {
            item.read(state.written(glance), site)
            json.add(item)
            atom.add(item)
        }
        return (json.finish(), atom.finish())
    }
}
