import CXML

/// libxml2, which is not loaded before there is something to read (CLibrary/library.h).
enum LibXML {
    /// To be called before anything else of it.
    static func open() { opened }

    private static let opened: Void = cxml_init_parser()
}
