import Catalogue
import Formats

/// The exports of all services, each where its service is or beside the others here.
enum Exports {
    static let all: [any Export] = [
        LetterboxdExport(), GoodreadsExport(), StoryGraphExport(), LibraryThingExport(),
        MyAnimeListExport(), IMDbExport(), TraktExport(), InstapaperExport(), PocketExport(),
        RateYourMusicExport(), BookWyrmExport(), GrouveeExport(), PlainExport(),
    ]

    /// Services that have an export and no feed.
    static var namesWithoutFeed: [String] {
        all.map(\.service).filter { AllServices.room(named: $0) == nil }
    }

    static func export(of service: String) -> (any Export)? {
        for export in all where export.service == service { return export }
        return nil
    }

    static func displayName(_ service: String) -> String? { export(of: service)?.displayName }

    static func hint(_ service: String) -> String? { export(of: service)?.hint }

    static func recognised(_ row: ExportedRow, feed: String) -> Recognised {
        let finding = row.finding
        let isFinish = finding.finished != false
        // A row has no name of its own: what stands for it is what a later file will state again.
        let entry = finding.entry ?? finding.keys.last?.text ?? ""
        let sighting = Sighting(
            keys: finding.keys, feed: feed, entry: entry, repeatPolicy: finding.repeatPolicy,
            finish: finding.finish.bounded(), logged: finding.logged,
            stated: Evidence.fit(
                row.stated, bytesMax: isFinish ? Bounds.statedMax : Bounds.passedOverStatedMax,
                Secrets(address: "")))
        return Recognised(
            sighting: sighting, finished: finding.finished,
            reason: finding.finished == true ? "" : finding.reason, line: row.line,
            bytes: row.bytes)
    }
}

extension Key {
    /// The key of a row that has no number: by what names the work.
    static func work(_ service: String, _ title: String, _ more: String?) -> Key {
        let name = [title, more].compactMap { $0 }.joined(separator: " / ").lowercased()
        return Key(service + ":work:" + name, rule: .titleDate)
    }
}
