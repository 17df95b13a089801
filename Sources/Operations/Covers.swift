import Catalogue
import Files
import Formats
import HTTP
import Publishing
import Storage

/// Copies the covers that pages show to the site's own place: they neither leak visitors to a service nor
/// expire with its addresses (PRODUCT section 7).
///
/// Pages show a copy only when a `cover-saved` event says so, and in this order nothing can be shown that
/// is not there: the file, then the event, then the pages. What dies in between leaves a file that no page
/// names, and the next run comes by the same name again.
struct Covers {
    let publish: Publish
    let settings: Settings
    let now: Instant

    /// Many covers wait when a store is new, and some of their servers may be gone or hang. A run takes as
    /// many as fit, so that nothing else waits long for them; the next one goes on.
    static let perRunMax = 24
    static let runMilliseconds = 10_000
    /// Less than a run, so that a server that hangs is known for one, and not asked again by the next.
    static let requestMilliseconds = 6_000
    static let bytesMax = 2_000_000
    /// Pixels on a side. A tracking pixel is no cover, and nothing that is shown 96 pixels wide needs to
    /// unpack to hundreds of megabytes in a visitor's browser.
    static let side = 16...8192
    private static let accept =
        "image/jpeg, image/png, image/webp, image/gif, image/avif;q=0.9, */*;q=0.1"

    /// A cover that is to be fetched, and the finishes that show it.
    private struct Wanted {
        var address: WebAddress
        var finishes: [FinishID]
        /// The feed that stated it is asked at this very server: the person has named it for that feed's sake.
        var isNamed: Bool
    }

    /// Whether nothing happened since nothing was left to do, nothing that failed is due again, and nobody
    /// deleted anything: then the state is not needed.
    func isSettled(_ polls: inout Polls, _ log: Log) throws(OperationError) -> Bool {
        guard settings.configuration.publish.covers == .copy else {
            polls.covers = CoverPolls()
            return true
        }
        guard polls.covers.settled == Covers.position(log), !polls.covers.hasDue(at: now) else {
            return false
        }
        for name in polls.covers.files where try !publish.holds(name) { return false }
        return true
    }

    private static func position(_ log: Log) -> String { hex(log.head?.position.sha ?? []) }

    /// Fetches what is wanted, keeps the files, and appends what the state does not know yet. That they cannot be kept
    /// stands in the report: the pages do without them.
    func perform(
        _ store: Store, _ polls: inout Polls, _ network: any Transport,
        progress: (([String], Progress) -> Void)? = nil
    ) throws(OperationError) -> CoverReport {
        var report = CoverReport()
        let wanted = try wanted(Pages.shown(store.state), &polls)
        let open = wanted.filter { polls.covers.mayAsk($0.address, at: now) }
        let chosen = open.filter { polls.pause(of: $0.address, at: now) == nil }.prefix(polls.covers.perRunMax(at: now))
        if chosen.isEmpty, polls.covers.unkept != nil {
            // What a failure left unfinished does not stay.
            try? publish.prepare(folder: Covers.folder)
        }
        if !chosen.isEmpty, isPrepared(&report) {
            let names = chosen.map { "covers of " + ($0.address.host ?? "") }
            let results = network.perform(
                chosen.map { request($0) }, pace: pace(polls),
                progress: progress.map { progress in { progress(names, $0) } })
            for (one, result) in zip(chosen, results) where report.unkept == nil {
                try take(result, one, store, &polls, &report)
            }
        }
        if store.hasPending {
            try inStore { () throws(StoreError) in
                try store.commit(cause: "covers", version: Program.version, at: now)
            }
        }
        polls.covers.files = Covers.names(of: Pages.shown(store.state))
        let isAll = open.count == report.saved + report.failures.count
        polls.covers.settled = isAll ? Covers.position(store.log) : ""
        return report
    }

    static let folder = "covers"

    /// Nobody is asked for a picture that has nowhere to go.
    private func isPrepared(_ report: inout CoverReport) -> Bool {
        do { try publish.prepare(folder: Covers.folder) } catch { report.unkept = error }
        return report.unkept == nil
    }

    // MARK: what is wanted

    private static func names(of standings: [Standing]) -> [String] {
        var names: [String] = []
        for standing in standings {
            if let name = standing.cover.flatMap(Pages.coverName), !names.contains(name) {
                names.append(name)
            }
        }
        return names
    }

    /// Newest first, each address once. Failures of what nobody shows any more are forgotten.
    private func wanted(
        _ shown: [Standing], _ polls: inout Polls
    ) throws(OperationError) -> [Wanted] {
        var wanted: [Wanted] = []
        for standing in shown {
            if let name = standing.cover.flatMap(Pages.coverName), try publish.holds(name) { continue }
            guard let text = standing.finish.cover, let address = WebAddress(text), address.isWeb,
                !address.hasCredentials
            else { continue }
            let asked = asked(address)
            if let place = wanted.firstIndex(where: { $0.address == asked }) {
                wanted[place].finishes.append(standing.id)
                if isNamed(asked, by: standing) { wanted[place].isNamed = true }
            } else {
                wanted.append(
                    Wanted(address: asked, finishes: [standing.id], isNamed: isNamed(asked, by: standing)))
            }
        }
        polls.covers.keepFailures(of: wanted.map(\.address))
        return wanted
    }

    /// Services write https for every cover, for hardly any server lacks it. A server at home does: it is
    /// followed by http at a port of its own, and one port speaks one of the two.
    private func asked(_ cover: WebAddress) -> WebAddress {
        guard cover.scheme == "https", cover.port != nil else { return cover }
        for feed in settings.feeds
        where feed.address.scheme == "http" && feed.address.host == cover.host && feed.address.port == cover.port {
            return WebAddress("http" + cover.text.dropFirst("https".utf8.count)) ?? cover
        }
        return cover
    }

    /// A cover may lie in the own network where the feed that states it does. Nobody else's feed gets there by it,
    /// whatever server the person has named for another.
    private func isNamed(_ cover: WebAddress, by standing: Standing) -> Bool {
        let owner = standing.owner(of: .cover)
        let feed = owner == standing.origin ? standing.feed : owner
        return settings.feeds.contains {
            $0.settings.names.contains(feed) && $0.address.origin == cover.origin
        }
    }

    // MARK: asking

    private func pace(_ polls: Polls) -> Pace {
        Pace(
            perHost: settings.fetch.perHost,
            hostPauseMilliseconds: settings.fetch.hostPauseMilliseconds,
            openingMilliseconds: settings.fetch.hostPauseMilliseconds, closed: polls.closed(at: now),
            runMilliseconds: Covers.runMilliseconds)
    }

    private func request(_ wanted: Wanted) -> Request {
        Request(
            address: wanted.address.text, headers: [Header("Accept", Covers.accept)],
            userAgent: settings.fetch.userAgent(Program.version),
            limits: Limits(
                connectMilliseconds: 4_000, totalMilliseconds: Covers.requestMilliseconds,
                bodyBytesMax: Covers.bytesMax, redirectsMax: 5),
            trustsPrivateAddresses: wanted.isNamed && wanted.address.isOfOwnNetwork)
    }

    // MARK: answers

    private func take(
        _ result: Result<Response, TransferError>, _ wanted: Wanted, _ store: Store,
        _ polls: inout Polls, _ report: inout CoverReport
    ) throws(OperationError) {
        let refusal: String
        switch result {
        case .failure(let error):
            // Nobody was asked, or not to the end: that is no failure of this cover's.
            if error.kind == .hostStopped || error.kind == .deadline { return }
            if Covers.isOfServer(error) { polls.covers.noteFailure(ofServer: wanted.address, at: now) }
            refusal = error.message
        case .success(let response):
            switch Covers.picture(response) {
            case .success(let cover):
                polls.covers.forgetFailure(of: wanted.address)
                try onDisk { () throws(DiskError) in try publish.owe(&polls) }
                do {
                    try keep(cover, response.body, wanted, store, &report)
                    (polls.covers.unkept, polls.covers.unkeptSaid) = (nil, nil)
                } catch {
                    report.unkept = error
                    polls.covers.unkept = now
                }
                return
            case .failure(let reason):
                refusal = reason.words
                respect(response, &polls)
            }
        }
        polls.covers.noteFailure(of: wanted.address, at: now)
        report.failures.append("\(wanted.address.host ?? ""): \(refusal)")
    }

    /// Whether it is no cover's failure alone: the others of that server would only cost the same time.
    private static func isOfServer(_ error: TransferError) -> Bool {
        switch error.kind {
        case .resolve, .connect, .refused, .connectTimeout, .tls, .timeout, .stalled: true
        default: false
        }
    }

    private func keep(
        _ cover: SavedCover, _ bytes: [UInt8], _ wanted: Wanted, _ store: Store,
        _ report: inout CoverReport
    ) throws(OperationError) {
        guard let name = Pages.coverName(cover) else { return }
        try publish.put(PublishedFile(name: name, bytes: bytes))
        report.saved += 1
        for id in wanted.finishes where store.state.finish(withKey: id.text)?.cover != cover {
            store.record(.coverSaved(id: id, cover: cover), at: now)
        }
    }

    struct Refused: Error, Equatable {
        var words: String
    }

    /// The picture that an answer is, by its own bytes.
    static func picture(_ response: Response) -> Result<SavedCover, Refused> {
        if let words = Refusal.words(response, wasConditional: false) {
            return .failure(Refused(words: words))
        }
        guard response.body.count <= bytesMax else {
            return .failure(Refused(words: "a cover of more than \(bytesMax / 1_000_000) MB"))
        }
        guard let header = ImageHeader(response.body) else {
            return .failure(Refused(words: "answers with something that is no JPEG, PNG, WebP, GIF or AVIF"))
        }
        guard side.contains(header.width), side.contains(header.height) else {
            return .failure(
                Refused(
                    words: "a cover of \(header.width) × \(header.height) pixels, "
                        + "where \(side.lowerBound) to \(side.upperBound) are taken"))
        }
        return .success(
            SavedCover(
                sha256: hex(SHA256.digest(response.body)), mediaType: header.format.mediaType,
                width: header.width, height: header.height))
    }

    /// A host that wants to be left alone is left alone, by feeds and covers alike.
    private func respect(_ response: Response, _ polls: inout Polls) {
        guard response.status == 429 || response.status == 503 else { return }
        let asked = response.retryAfterSeconds(now: now)
        guard response.status == 429 || asked != nil, let house = WebAddress(response.address)?.house else {
            return
        }
        let seconds = min(asked ?? Int64(Schedule.everyUnconditional), Int64(Schedule.dayMax))
        polls.stop(house: house, until: now.adding(seconds: seconds))
    }
}
