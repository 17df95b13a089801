import Files

/// What a run does at the moment, noted in the file of its lock: should it die of it, the next one finds it there.
///
/// It need not outlive a power cut, of which no program dies by what it does, so nothing is synced; and where it cannot
/// be written, the run goes on without.
extension Log {
    /// Longer ones are cut.
    static let lastWordsMax = 256

    /// - Parameter doing: `nil`: nothing that it could die of.
    public func note(_ doing: String?) {
        guard let lock else { return }
        try? lock.truncate(to: 0)
        if let doing { try? lock.write(Array(doing.utf8.prefix(Log.lastWordsMax)), at: 0) }
    }

    /// `nil`: there are none, or nobody wrote them.
    static func lastWords(in lock: any OpenFile) -> String? {
        guard let bytes = try? lock.read(at: 0, count: lastWordsMax), !bytes.isEmpty else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
