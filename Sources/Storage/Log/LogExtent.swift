/// Whose a log is, and how far it goes: as its witness says, or, where that is lost, to the end of its last
/// file, as far as anybody can tell.
struct LogExtent {
    let store: [UInt8]
    /// The last segment, and where it ends, in bytes.
    let segmentFirst: Int
    let end: Int
    /// `nil`: it is lost.
    let witness: Head?

    init(_ witness: Head) {
        store = witness.store
        segmentFirst = witness.position.segmentFirst
        end = witness.position.end
        self.witness = witness
    }

    init(store: [UInt8], segmentFirst: Int, end: Int) {
        self.store = store
        self.segmentFirst = segmentFirst
        self.end = end
        witness = nil
    }
}
