public import Formats

/// Announcements still owed: a view of the state.
extension State {
    /// Oldest first. What is held waits for a person and is not among them; nor is what belongs to a
    /// finish that is no longer shown, or was merged into another: that one speaks for both. Only an
    /// attempt of it without an outcome is left to be looked up.
    public var outbox: [Announcement] {
        announcements.filter { announcement in
            switch announcement.status {
            case .pending, .failed:
                isShown(announcement.finish) && isItself(announcement.finish)
            case .attempted: isShown(announcement.finish)
            case .sent, .skipped, .held: false
            }
        }
    }

    private func isItself(_ id: FinishID) -> Bool {
        finishes.place(of: id.text).map { finishes.standing(at: $0).id == id } ?? false
    }

    public func isShown(_ id: FinishID) -> Bool {
        finishes.place(of: id.text).map { finishes.isShown(at: $0) } ?? false
    }

    /// The earliest moment at which an announcement may leave: ratings and typo fixes arrive minutes
    /// after logging.
    public func notBefore(_ announcement: Announcement) -> Instant {
        announcement.since.adding(seconds: Int64(configuration.announce.waitSeconds))
    }
}
