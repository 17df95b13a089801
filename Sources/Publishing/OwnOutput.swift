public import Catalogue

/// What we publish, told again when a feed shows it to us.
public enum OwnOutput {
    /// How the ids of our feeds begin.
    public static let idFront = "urn:uuid:"

    /// The id under which our feeds carry a finish (PRODUCT section 7).
    public static func id(of finish: FinishID) -> String { UUID8.urn(of: "colophon:" + finish.text) }
}
