import CXML

/// libxml2, which is not loaded before there is something to read (CLibrary/library.h).
public enum LibXML {
    /// To be called before anything else of it. Where it is missing the program ends, with a word on how to get it.
    public static func open() { opened }

    private static let opened: Void = cxml_init_parser()
}
