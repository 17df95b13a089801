import CXML

/// libxml2, which is not loaded before there is something to read.
enum LibXML {
    /// To be called before anything else of it.
    ///
    /// A program that is installed without the library ends here, as it would have at its start had it
    /// been linked: nothing of what was fetched is recorded yet, and the next run asks again.
    static func open() { opened }

    private static let opened: Void = {
        guard cxml_library() != nil else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason was given"
            fatalError(
                "libxml2 cannot be loaded (\(reason)); on Debian \"apt-get install libxml2\" brings it")
        }
        cxml_init_parser()
    }()
}
