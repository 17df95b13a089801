/// The exports of all services.
enum Exports {
    /// Services that have an export and no feed.
    static let namesWithoutFeed: [String] = []

    static func displayName(_ service: String) -> String? { nil }

    static func hint(_ service: String) -> String? { nil }
}
