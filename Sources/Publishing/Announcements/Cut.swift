/// The longest form of a text that still fits.
enum Cut {
    /// Cut at a word, with an ellipsis. Where that would cost more than half of what fits, because the words
    /// are endless or the script knows no spaces, it is cut at a character, and where the first character
    /// alone is too long (a letter under a thousand accents), at a scalar.
    ///
    /// - Parameter least: in characters; 1 or more.
    /// - Returns: `nil` when nothing of at least that length fits. The whole text is not tried.
    static func longest(of text: String, least: Int = 1, where fits: (String) -> Bool) -> String? {
        let characters = Array(text)
        let longest = last(in: least..<max(least, characters.count)) { fits(form(characters[..<$0])) }
        guard let longest else {
            guard least == 1, let first = characters.first else { return nil }
            let scalars = Array(first.unicodeScalars)
            return last(in: 1..<max(1, scalars.count)) { fits(form(scalars, $0)) }
                .map { form(scalars, $0) }
        }
        for end in stride(from: longest, through: max(least, longest / 2), by: -1)
        where characters[end].isWhitespace {
            let word = form(characters[..<end])
            if fits(word) { return word }
        }
        return form(characters[..<longest])
    }

    /// The last of a range that passes, if those that pass come first; one that passes in any case.
    private static func last(in range: Range<Int>, where passes: (Int) -> Bool) -> Int? {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = low + (high - low) / 2
            if passes(middle) { low = middle + 1 } else { high = middle }
        }
        return low > range.lowerBound ? low - 1 : nil
    }

    private static func form(_ characters: ArraySlice<Character>) -> String {
        var kept = characters
        while let last = kept.last, last.isWhitespace || ",;:–—-(".contains(last) { kept.removeLast() }
        return String(kept) + "…"
    }

    private static func form(_ scalars: [Unicode.Scalar], _ end: Int) -> String {
        String(String.UnicodeScalarView(scalars[..<end])) + "…"
    }
}
