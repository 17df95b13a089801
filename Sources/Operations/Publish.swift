import Catalogue
import Files
import Formats
import Publishing
import Storage

/// Renders what a state says and puts it where the site finds it: written only when bytes change, whole
/// or not at all (PRODUCT section 7). What is published always belongs to a state that is on the disk.
struct Publish {
    let disk: any Disk
    let folder: StoreFolder
    /// Relative to the store, or absolute.
    let directory: String

    /// What makes the pages: another release, or one of the same number whose pages have other bytes.
    private static let program = "\(Program.version)/\(Pages.version)"

    /// The names of the files that changed; those that are gone have a minus in front.
    ///
    /// - Parameter polls: with what was published last. It is brought up to date, and written before the
    ///   first byte changes: a run that dies then still owes the site's command.
    func perform(_ store: Store, _ polls: inout Polls) throws(OperationError) -> [String] {
        var changed: [String] = []
        if !isCurrent(&polls.published, store.log) {
            let files: [Publication.File]
            (changed, files) = try write(plan(store.state), known(polls.published), &polls)
            polls.published = Publication(
                sha: store.log.chain, settings: place, program: Publish.program, files: files,
                owesCommand: polls.published.owesCommand, commandFailure: polls.published.commandFailure)
        }
        polls.unpublishedSaid = nil
        return changed
    }

    /// Whether what was published last is what the log says, and still there as it was.
    ///
    /// - Parameter publication: gets the new times of files that are the same and were only touched.
    func isCurrent(_ publication: inout Publication, _ log: Log) -> Bool {
        publication.sha == log.chain && publication.settings == place
            && publication.program == Publish.program && stand(&publication.files)
    }

    /// Whether any of a state's files stands in the directory.
    func stands(_ state: State) throws(OperationError) -> Bool {
        for page in try plan(state) {
            let status = try onDisk { () throws(DiskError) in try disk.status(of: path(of: page.name)) }
            if status != nil { return true }
        }
        return false
    }

    /// Deletes the files that were published.
    func delete(_ published: Publication) throws(OperationError) {
        try onDisk { () throws(DiskError) in
            for file in published.files {
                let path = self.path(of: file.name)
                if try disk.status(of: path) != nil { try disk.unlink(path) }
            }
        }
    }

    /// What a run would change; nothing is written.
    func changes(_ state: State) throws(OperationError) -> [String] {
        var changed: [String] = []
        for page in try plan(state) {
            let file = page.render()
            let standing = try onDisk { () throws(DiskError) in try disk.contents(of: path(of: file.name)) }
            if standing != file.bytes { changed.append(file.name) }
        }
        return changed
    }

    /// The files that are not what a state says, and those that it has no page for.
    func outdated(_ state: State) throws(OperationError) -> [String] { try changes(state) + strays(state) }

    /// The pages by year that stand there and belong to no year of this state.
    func strays(_ state: State) throws(OperationError) -> [String] { try strays(beside: plan(state)) }

    private func strays(beside pages: [PageToRender]) throws(OperationError) -> [String] {
        try onDisk { () throws(DiskError) in
            guard try disk.status(of: path)?.isFolder == true else { return [] }
            var strays: [String] = []
            for name in try disk.list(path) where OwnOutput.isPageByYear(named: name) {
                if pages.contains(where: { $0.name == name }) { continue }
                guard let bytes = try disk.contents(of: path(of: name)) else { continue }
                if OwnOutput.isPageByYear(bytes) { strays.append(name) }
            }
            return strays
        }
    }

    /// Puts the pages of any state into the directory, all of them, the tweets beside the pages.
    func write(_ state: State) throws(OperationError) -> [String] {
        var changed: [String] = []
        for page in try plan(state) {
            let file = page.render()
            if try put(file) { changed.append(file.name) }
        }
        return changed
    }

    /// Puts one file into the directory, whole or not at all. Answers whether other bytes stood there.
    @discardableResult
    func put(_ file: PublishedFile) throws(OperationError) -> Bool {
        let path = self.path + "/" + file.name
        return try onDisk { () throws(DiskError) in
            try makeFolders(splitPath(path).folder)
            return try disk.replaceIfChanged(path, with: file.bytes)
        }
    }

    /// Whether a file that is named by its own bytes stands in the directory.
    func holds(_ name: String) throws(OperationError) -> Bool {
        try onDisk { () throws(DiskError) in
            guard let status = try disk.status(of: path + "/" + name) else { return false }
            return !status.isFolder && status.size > 0
        }
    }

    /// Makes a folder of the directory, and deletes what a run that died left unfinished in it.
    func prepare(folder: String) throws(OperationError) {
        try onDisk { () throws(DiskError) in
            let folder = path + "/" + folder
            try makeFolders(folder)
            try disk.removeUnfinished(in: folder)
        }
    }

    static let pendingTweets = "pending-tweets.json"

    private var path: String { folder.path(directory) }

    private var place: String { SHA256.hexDigest(of: path) }

    private func path(of name: String) -> String {
        name == Publish.pendingTweets ? folder.pendingTweets : path + "/" + name
    }

    /// All files, the pending tweets last, in the order in which they are written.
    private func plan(_ state: State) throws(OperationError) -> [PageToRender] {
        do {
            let tweets = try PendingTweets.render(state)
            return try Pages.plan(state) + [PageToRender(name: Publish.pendingTweets) { tweets }]
        } catch {
            throw .template(Publish.words(error))
        }
    }

    static func words(_ error: PageError) -> String {
        "\(error.file):\(error.line):\(error.column): found \(error.found): \(error.mend)"
    }

    /// Whether the files are there with the sizes and checksums that were noted (STORE section 2, row 25). One
    /// that has its size and that nobody touched since is not read again: the pages of all years would be,
    /// every quarter of an hour.
    private func stand(_ files: inout [Publication.File]) -> Bool {
        for index in files.indices {
            let path = path(of: files[index].name)
            guard let status = try? disk.status(of: path), status.size == files[index].size else {
                return false
            }
            if status.changedNanoseconds == files[index].changed, files[index].changed != 0 { continue }
            guard let bytes = try? disk.contents(of: path), bytes.count == files[index].size,
                CRC32C.checksum(bytes) == files[index].crc
            else { return false }
            files[index].changed = status.changedNanoseconds
        }
        return !files.isEmpty
    }

    /// The pages by year that stand there as this program put them: those whose stamp still holds need not
    /// be made again, so that a run costs what its news cost, however long the history is.
    private func known(_ publication: Publication) -> [Publication.File] {
        guard publication.settings == place, publication.program == Publish.program else { return [] }
        var known: [Publication.File] = []
        for file in publication.files where file.stamp != nil {
            var one = [file]
            if stand(&one) { known += one }
        }
        return known
    }

    /// - Returns: the names of what changed, and what stands there now.
    private func write(
        _ pages: [PageToRender], _ known: [Publication.File], _ polls: inout Polls
    ) throws(OperationError) -> (changed: [String], files: [Publication.File]) {
        // `polls.json` may have been deleted, and a page of what was hidden or forgotten since must not stay.
        let before = try polls.published.files.map(\.name) + strays(beside: pages)
        var changed: [String] = []
        var files: [Publication.File] = []
        var folders: [String] = []
        for page in pages {
            if let stamp = page.stamp?.value,
                let same = known.first(where: { $0.name == page.name && $0.stamp == stamp })
            {
                files.append(same)
                continue
            }
            let file = page.render()
            let path = path(of: file.name)
            let parent = splitPath(path).folder
            if !folders.contains(parent) {
                try onDisk { () throws(DiskError) in
                    try makeFolders(parent)
                    // Visible is not durable: a run before may have died between a rename and its sync,
                    // and a page that is as it should be is not written again.
                    try disk.sync(folder: parent)
                    try disk.removeUnfinished(in: parent)
                }
                folders.append(parent)
            }
            let isNew = try onDisk { () throws(DiskError) in
                try disk.replaceIfChanged(path, with: file.bytes) { () throws(DiskError) in
                    try owe(&polls)
                }
            }
            if isNew { changed.append(file.name) }
            let status = try onDisk { () throws(DiskError) in try disk.status(of: path) }
            files.append(
                Publication.File(
                    name: file.name, size: file.bytes.count, crc: CRC32C.checksum(file.bytes),
                    changed: status?.changedNanoseconds ?? 0, stamp: page.stamp?.value))
        }
        // A page that nothing is in any more: a year whose last finish was hidden.
        for name in before where !pages.contains(where: { $0.name == name }) {
            let path = path(of: name)
            let isThere = try onDisk { () throws(DiskError) in try disk.status(of: path) != nil }
            guard isThere else { continue }
            try onDisk { () throws(DiskError) in
                try owe(&polls)
                try disk.unlink(path)
                try disk.sync(folder: splitPath(path).folder)
            }
            changed.append("-" + name)
        }
        return (changed, files)
    }

    /// The command of `[publish] after` has to hear of a change that is about to be made.
    func owe(_ polls: inout Polls) throws(DiskError) {
        if polls.published.owesCommand { return }
        polls.published.owesCommand = true
        // A power cut must not keep the page and lose this.
        try polls.write(disk, folder.polls)
    }

    private func makeFolders(_ path: String) throws(DiskError) {
        if try disk.status(of: path)?.isFolder == true { return }
        let parent = splitPath(path).folder
        if parent != path { try makeFolders(parent) }
        try disk.makeFolder(path)
        try disk.sync(folder: parent)
    }
}

extension Log {
    /// The chain's newest hash, in words; empty before the first event.
    var chain: String { hex(head?.position.sha ?? []) }
}
