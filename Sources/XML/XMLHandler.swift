/// Decides what of a document is kept. It is told of elements until it has one recorded; what is
/// inside that one is recorded with it, at libxml2's speed, and given at its end in one piece.
public protocol XMLHandler: AnyObject {
    /// What an element of this name matters inside one that is recorded; asked once for each name.
    func concern(_ name: XMLName) -> XMLConcern

    /// Whether this one, of a name that may, encloses what is in it.
    func encloses(_ name: XMLName, _ attributes: [XMLAttribute]) -> Bool

    /// An element starts.
    /// - Parameter tape: its attributes, and what is being recorded.
    func start(_ name: XMLName, on tape: XMLTape) -> XMLDecision

    /// An element that was told of ends, also in a document that is cut off; one that became a
    /// `part` is not told of again.
    /// - Parameter fragment: the element with all that is in it, where it was recorded.
    func end(_ fragment: XMLFragment?)

    /// The document is cut off here: what is open is ended, though it has no end.
    func endEarly()

    /// In the entry that is open a tag was torn.
    func tear()
}

extension XMLHandler {
    public func endEarly() {}
    public func tear() {}
}

public enum XMLConcern: Sendable {
    case none
    /// It is told of, recording or not.
    case interrupts
    /// What is in it may be somebody else's: `XMLTape.isEnclosed` will say whether one is open.
    case mayEnclose
}

/// What becomes of an element that starts.
public enum XMLDecision: Sendable {
    /// It is not kept; what is in it will be told.
    case pass
    /// It is recorded, up to its end or until it is cut.
    case record
    /// It belongs to what it stands in, and is recorded where that is.
    case part
}
