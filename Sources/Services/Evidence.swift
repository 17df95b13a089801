import Catalogue
import Feeds

/// The elements of an entry as they were read, small enough for the log: what lets a later rule
/// look again (PRODUCT section 5, `stated`).
///
/// An element is named as the document writes it (`letterboxd:filmTitle`), one inside another by
/// its path (`book/num_pages`), an attribute that carries the meaning behind an `@` (`link@href`).
enum Evidence {
    /// - Parameter bytesMax: of all names and texts together.
    static func gather(_ elements: Elements, bytesMax: Int, _ secrets: Secrets) -> [Stated] {
        var all: [Stated] = []
        for element in elements { add(element, under: "", to: &all) }
        return fit(all, bytesMax: bytesMax, secrets)
    }

    /// The short texts first, for they say most: shelves, dates, ratings. The first that no longer
    /// fits is cut, longer ones are left out; what is kept stands in the order it was read in.
    static func fit(_ all: [Stated], bytesMax: Int, _ secrets: Secrets) -> [Stated] {
        // Cleaned before it is cut: half a parameter would not be known for what it is.
        var cleaned = all.map { Stated($0.name, secrets.cleaned($0.text)) }
        let order = cleaned.indices.sorted {
            (cleaned[$0].text.utf8.count, $0) < (cleaned[$1].text.utf8.count, $1)
        }
        var left = bytesMax
        var keeps = [Bool](repeating: false, count: cleaned.count)
        for index in order {
            let room = left - cleaned[index].name.utf8.count
            guard room > 0 else { continue }
            let isWhole = cleaned[index].text.utf8.count <= room
            cleaned[index].text = Bounds.cut(cleaned[index].text, to: room)
            left = room - cleaned[index].text.utf8.count
            keeps[index] = true
            if !isWhole { break }
        }
        return cleaned.indices.filter { keeps[$0] }.map { cleaned[$0] }
    }

    private static func add(_ element: Element, under path: String, to all: inout [Stated]) {
        guard all.count < 256 else { return }
        let name = path + (element.prefix.map { $0 + ":" } ?? "") + element.name
        for attribute in ["rel", "href", "url", "term", "resource"] {
            if let value = element.attribute(attribute), !value.isEmpty {
                all.append(Stated(name + "@" + attribute, value))
            }
        }
        let isLeaf = element.children.first { _ in true } == nil
        if isLeaf {
            if !element.text.isEmpty { all.append(Stated(name, element.text)) }
        } else {
            for child in element.children { add(child, under: name + "/", to: &all) }
        }
    }
}
