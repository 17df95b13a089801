import Formats

/// A year as a picture: a row a month, a square a day, a colour a kind. Months as rows keep it readable
/// on a telephone, where a year of 53 columns would be dust. Every square is a short stroke of a path, one
/// path a kind, so that a year costs a few hundred bytes. The names of months and days stand beside the
/// picture, not in it: it stretches with the page, and letters would shrink with it.
struct Calendar {
    let year: Totals.Year
    let words: Words

    private static let pitch = 14
    private static let cell = 12

    /// The picture, its text alternative and its table.
    var html: String {
        guard let number = year.year else { return "" }
        let heading = "colophon-\(number)"
        let total = year.total
        return """
            <section class="colophon-year" aria-labelledby="\(heading)">
            <h3 id="\(heading)">\(number) <small>\(total) finished</small></h3>
            \(picture(number))\(table(number))</section>

            """
    }

    private func picture(_ number: Int) -> String {
        let text = "\(number): " + Totals.sentence(year.counts, words)
        var html = "<div class=\"colophon-calendar\">\n<div class=\"colophon-ticks\" aria-hidden=\"true\">"
        for day in [1, 10, 20, 30] { html += "<span>\(day)</span>" }
        html += "</div>\n<div class=\"colophon-months\" aria-hidden=\"true\">"
        for month in 1...12 { html += "<span>\(words.shortMonth(month))</span>" }
        html += "</div>\n<svg viewBox=\"0 0 \(31 * Calendar.pitch) \(12 * Calendar.pitch)\""
        html += " preserveAspectRatio=\"none\" role=\"img\" aria-label=\"\(text)\">\n"
        return html + strokes + "</svg>\n</div>\n"
    }

    private var strokes: String {
        let number = year.year ?? 0
        var svg = "<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"\(Calendar.cell)\">\n"
        svg += "<path class=\"colophon-days\" stroke-dasharray=\"\(Calendar.cell) "
        svg += "\(Calendar.pitch - Calendar.cell)\" d=\""
        for month in 1...12 {
            let days = CivilTime.days(ofMonth: month, year: number)
            svg += "M0 \(centre(month))h\(days * Calendar.pitch - 2)"
        }
        svg += "\"/>\n"
        for place in year.places {
            let path = strokes(of: place)
            if !path.isEmpty { svg += "<path class=\"\(Totals.className(place))\" d=\"\(path)\"/>\n" }
        }
        return svg + "</g>\n"
    }

    private func centre(_ month: Int) -> Int {
        (month - 1) * Calendar.pitch + Calendar.pitch / 2
    }

    /// A day with several kinds is divided among the first four of them.
    private func strokes(of place: Int) -> String {
        var path = ""
        for month in 1...12 {
            let row = year.days[month - 1]
            let middle = " \(centre(month))h"
            for day in 1...31 {
                let kinds = row[day - 1]
                guard kinds & (1 << UInt16(place)) != 0 else { continue }
                let before = (kinds & ((1 << UInt16(place)) - 1)).nonzeroBitCount
                let shares = min(4, kinds.nonzeroBitCount)
                guard before < shares else { continue }
                let width = Calendar.cell / shares
                let x = (day - 1) * Calendar.pitch + before * width
                path += "M"
                path += String(x)
                path += middle
                path += String(width)
            }
        }
        return path
    }

    private func table(_ number: Int) -> String {
        var html = "<details><summary>\(number) as a table</summary>\n"
        html += "<div class=\"colophon-scroll\" role=\"region\" tabindex=\"0\" "
        html += "aria-label=\"\(number), month by month\">\n<table>\n<thead><tr><th scope=\"col\">Month</th>"
        for place in year.places {
            html += "<th scope=\"col\">\(words.plural(Totals.kinds[place]))</th>"
        }
        html += "<th scope=\"col\">days</th></tr></thead>\n<tbody>\n"
        for month in 1...13 where year.months[month - 1].contains(where: { $0 > 0 }) {
            let name = month == 13 ? "not known" : words.month(month)
            html += "<tr><th scope=\"row\">\(name)</th>"
            for place in year.places { html += Totals.cell(year.months[month - 1][place]) }
            html += "<td>\(month == 13 ? "" : days(month))</td></tr>\n"
        }
        return html + "</tbody>\n</table>\n</div></details>\n"
    }

    /// `3, 14 (2), 20`
    private func days(_ month: Int) -> String {
        var parts: [String] = []
        for (index, count) in year.dayCounts[month - 1].enumerated() where count > 0 {
            parts.append(count == 1 ? "\(index + 1)" : "\(index + 1) (\(count))")
        }
        return parts.joined(separator: ", ")
    }
}
