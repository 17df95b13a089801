/// The program itself, as commits, requests and people name it.
public enum Program {
    public static let version = "0.1.0"
}
