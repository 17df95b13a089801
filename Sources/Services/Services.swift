public import Catalogue
public import Feeds

/// The front of the wing: which service a document belongs to, and what its entries mean.
public enum Services {
    /// Every service that `service =` may name: those with feeds, then those with exports alone.
    public static let names = AllServices.rooms.map(\.name) + Exports.namesWithoutFeed

    /// What each entry of a document means. The service is the one that the settings name, else the
    /// one that the address tells, else the one that the document shows, else a generic feed.
    public static func read(_ document: FeedDocument, context: FeedContext) -> Reading {
        let (room, why) = told(document, context)
        let page = FeedPage(document, context)
        return Reading(
            service: room.name,
            recognised: document.entries.map { page.recognised(room.read($0, in: page), from: $0) },
            isWindowOrdered: room.isWindowOrdered, why: why)
    }

    /// What entries mean today of which the log kept evidence: one document's, in its order.
    public static func reread(_ evidence: [[Stated]], context: FeedContext) -> Reading {
        let document = FeedReader.restore(
            evidence.map { $0.map { ($0.name, $0.text) } }, address: context.address)
        return read(document, context: context)
    }

    private static func told(
        _ document: FeedDocument, _ context: FeedContext
    ) -> (any Service, String) {
        if let room = AllServices.room(named: context.feed.service) { return (room, "setting") }
        if let address = FeedAddress(context.address) {
            for room in AllServices.rooms where room.owns(address) { return (room, "address") }
        }
        for room in AllServices.rooms {
            if let sign = room.sign(in: document) { return (room, sign) }
        }
        return (AllServices.generic, "no sign of a service")
    }

    /// The service whose feed an address is; `nil`: the address alone does not tell.
    public static func service(ofAddress text: String) -> String? {
        guard let address = FeedAddress(text) else { return nil }
        for room in AllServices.rooms where room.owns(address) { return room.name }
        return nil
    }

    /// The feed that belongs to a person's page at a service, or that an address already is.
    public static func profile(_ text: String) -> ProfileFeed? {
        guard let address = FeedAddress(text) else { return nil }
        for room in AllServices.rooms where room.owns(address) {
            return ProfileFeed(
                name: room.profile(address)?.name ?? room.name,
                address: text.contains("://") ? text : "https://" + text,
                service: room.name, exportHint: room.exportHint)
        }
        for room in AllServices.rooms {
            if let profile = room.profile(address) { return profile }
        }
        return nil
    }

    /// What each row of a service's export means, one after the other as they are asked for.
    /// - Parameters:
    ///   - fileName: with the folders it lay in, where they are known: a Letterboxd export tells what was
    ///     deleted by them.
    ///   - feed: the name of the import, which its sightings bear as their feed.
    public static func rows(
        ofExport bytes: [UInt8], service: String, fileName: String, feed: String
    ) throws(ExportError) -> RecognisedRows {
        guard let export = Exports.export(of: service) else {
            throw .noExport(service: service, known: Exports.all.map(\.service))
        }
        return RecognisedRows(
            rows: try export.read(ExportFile(bytes: bytes, name: fileName)), feed: feed)
    }

    /// The same, all of them.
    public static func readExport(
        _ bytes: [UInt8], service: String, fileName: String
    ) throws(ExportError) -> Reading {
        let rows = try rows(ofExport: bytes, service: service, fileName: fileName, feed: service)
        return Reading(service: service, recognised: Array(rows), why: "setting")
    }

    /// The files of a service's unpacked export that hold finishes, in the order in which to read them;
    /// empty where the export is a single file.
    public static func exportFiles(_ service: String) -> [String] {
        Exports.export(of: service)?.files ?? []
    }

    /// The services whose exports are known.
    public static var exportNames: [String] { Exports.all.map(\.service) }

    /// A service's name as people write it; `nil` for none of `names`.
    public static func displayName(_ service: String) -> String? {
        AllServices.room(named: service)?.displayName ?? Exports.displayName(service)
    }

    /// Where to get the export that holds what the feed has forgotten: for `feed-gap` and `init`.
    public static func exportHint(_ service: String) -> String? {
        AllServices.room(named: service)?.exportHint ?? Exports.hint(service)
    }

    /// Whether an address seems to hold a token: then it belongs into a file of its own.
    public static func holdsSecret(_ address: String) -> Bool {
        !Secrets(address: address).tokens.isEmpty
    }

    /// What in these addresses seems to be a token, as an address and as a text spells it.
    ///
    /// - Parameter isPrivate: whether the person keeps the address apart from what is shown to others.
    public static func secrets(in addresses: [String], isPrivate: Bool) -> [String] {
        Secrets(addresses: addresses, isPrivate: isPrivate).tokens
    }

    /// Whether how its feed looks is known from general knowledge alone and never was seen.
    public static func isFromMemory(_ service: String) -> Bool {
        AllServices.room(named: service)?.isFromMemory ?? false
    }

    /// What is wrong with a pattern of `title_regex`; `nil`: nothing. `feeds.toml` is refused with
    /// it.
    public static func problem(inTitleRegex pattern: String) -> String? {
        EntryRules.problem(in: pattern)
    }
}
