import Files
import Formats

/// The command of `[publish] after`, until it succeeds. A path to it begins where all others of `feeds.toml` do, at the
/// store, and not where cron or a shell happens to stand. Cron runs it every quarter of an hour: that it failed is news
/// once, when it fails in another way, and after a week.
struct SiteCommand {
    private let words: [String]
    private let folder: StoreFolder

    init(_ words: [String], _ folder: StoreFolder) {
        self.words = words
        self.folder = folder
    }

    /// - Returns: `nil`: nothing changed that it has to hear of, or it did as always.
    func run(_ publication: inout Publication, _ world: World) -> SiteReport? {
        guard publication.owesCommand else { return nil }
        guard let program = words.first else {
            publication.owesCommand = false
            publication.commandFailure = nil
            return nil
        }
        let known = publication.commandFailure
        let command = program.utf8.contains(UInt8(ascii: "/")) ? folder.path(program) : program
        switch world.run([command] + words.dropFirst()) {
        case .success:
            publication.owesCommand = false
            publication.commandFailure = nil
            return known.map { _ in SiteReport(program: program, failure: nil, isNews: true) }
        case .failure(let error):
            let week: Int64 = 7 * 86_400
            let isOld = known.map {
                $0.reason == error.description && $0.said <= world.now && world.now < $0.said.adding(seconds: week)
            }
            let isNews = isOld != true
            if isNews {
                publication.commandFailure = .init(reason: error.description, said: world.now)
            }
            return SiteReport(program: program, failure: error.description, isNews: isNews)
        }
    }
}
