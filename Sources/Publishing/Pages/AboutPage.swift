import Catalogue
import Formats

/// `index.html`: a page of its own around the items of the feed, with filters, totals, and the years as
/// pictures. It works from a disk, too: it asks for nothing but its two stylesheets and the covers.
struct AboutPage {
    let site: Site
    let widget: Widget
    let totals: Totals

    private var words: Words { site.words }

    init(site: Site, widget: Widget, glances: [Glance]) {
        self.site = site
        self.widget = widget
        totals = Totals(glances)
    }

    func document(_ items: [Item]) -> String {
        var html = head
        html += "<body class=\"colophon-page\">\n"
        html += header
        html += "<main>\n"
        html += filter
        html += widget.open(heading: "h2", "Newest")
        html += widget.list(items.map { widget.markup.html($0, words, showsReview: true) { $0.source } })
        html += "</section>\n"
        if totals.total > 0 { html += numbers + years }
        html += "</main>\n"
        html += footer
        if !items.isEmpty { html += LinkedData.script(items, site) }
        return html + "</body>\n</html>\n"
    }

    private var head: String {
        let title = Markup.escaped(Markup.withoutTurns(site.title))
        return """
            <!DOCTYPE html>
            <html lang="\(words.language)">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="generator" content="Colophon">
            <title>\(title)</title>
            <link rel="stylesheet" href="widget.css">
            <link rel="stylesheet" href="index.css">
            <link rel="alternate" type="application/feed+json" title="\(title)" href="feed.json">
            <link rel="alternate" type="application/atom+xml" title="\(title)" href="feed.atom">
            </head>

            """
    }

    private var header: String {
        var html = "<header>\n<h1><bdi>\(Markup.escaped(site.title))</bdi></h1>\n<p>"
        if !site.authorName.isEmpty {
            let name = "<bdi>\(Markup.escaped(site.authorName))</bdi>"
            let address = site.authorURL ?? site.homePage
            html += address.map { "<a href=\"\(Markup.escaped($0))\">\(name)</a>" } ?? name
            html += totals.total > 0 ? ": " : ""
        }
        if totals.total > 0 {
            html += "\(totals.total) finished"
            if let first = totals.years.last(where: { $0.year != nil })?.year { html += " since \(first)" }
        }
        return html + "</p>\n</header>\n"
    }

    /// Radio buttons that the stylesheet listens to: no script, and the keyboard works. It stays in view,
    /// for it is the key to the colours of the pictures, too.
    private var filter: String {
        let kinds = totals.places.compactMap { Totals.kinds[$0] }
        guard kinds.count > 1 else { return "" }
        var html = "<fieldset class=\"colophon-filter\">\n<legend>Show</legend>\n"
        html += AboutPage.choice("all", "everything", isChosen: true)
        for kind in kinds {
            html += AboutPage.choice(kind.rawValue, words.plural(kind), isChosen: false)
        }
        return html + "</fieldset>\n"
    }

    private static func choice(_ value: String, _ label: String, isChosen: Bool) -> String {
        let id = "colophon-show-\(value)"
        return "<label class=\"colophon-\(value)\" for=\"\(id)\"><input type=\"radio\" name=\"colophon-show\""
            + " id=\"\(id)\"\(isChosen ? " checked" : "")> <span>\(label)</span></label>\n"
    }

    /// A lifetime: a bar a year, and the same as a table.
    private var numbers: String {
        var html = "<section class=\"colophon-numbers\" aria-labelledby=\"colophon-numbers\">\n"
        html += "<h2 id=\"colophon-numbers\">In numbers</h2>\n<ul class=\"colophon-legend\" role=\"list\">\n"
        for place in totals.places {
            html += "<li class=\"\(Totals.className(place))\">"
            html += "<span>\(words.count(totals.counts[place], Totals.kinds[place]))</span></li>\n"
        }
        html += "</ul>\n<div class=\"colophon-scroll\" role=\"region\" tabindex=\"0\" "
        html += "aria-label=\"Totals by year\">\n<table>\n<thead><tr><th scope=\"col\">Year</th>"
        html += "<td></td>"
        for place in totals.places {
            html += "<th scope=\"col\">\(words.plural(Totals.kinds[place]))</th>"
        }
        html += "<th scope=\"col\">all</th></tr></thead>\n<tbody>\n"
        var most = 1
        for year in totals.years { most = max(most, year.total) }
        for year in totals.years {
            html += "<tr><th scope=\"row\">\(year.year.map { String($0) } ?? "undated")</th>"
            html += "<td>\(bar(year, most))</td>"
            for place in totals.places { html += Totals.cell(year.counts[place]) }
            html += "<td>\(year.total)</td></tr>\n"
        }
        return html + "</tbody>\n</table>\n</div>\n</section>\n"
    }

    /// The numbers stand beside it, so it is decoration for those who cannot see it.
    private func bar(_ year: Totals.Year, _ most: Int) -> String {
        var svg = "<svg class=\"colophon-bar\" viewBox=\"0 0 1000 100\" preserveAspectRatio=\"none\" "
        svg += "aria-hidden=\"true\" focusable=\"false\"><g stroke=\"currentColor\" stroke-width=\"100\">"
        var before = 0
        for place in year.places {
            let start = before * 1000 / most
            before += year.counts[place]
            let length = before * 1000 / most - start
            svg += "<path class=\"\(Totals.className(place))\" d=\"M\(start) 50h\(length)\"/>"
        }
        return svg + "</g></svg>"
    }

    private var years: String {
        var html = "<section aria-labelledby=\"colophon-years\">\n"
        html += "<h2 id=\"colophon-years\">Day by day</h2>\n<div class=\"colophon-years\">\n"
        for year in totals.years where year.year != nil {
            html += Calendar(year: year, words: words).html
        }
        return html + "</div>\n</section>\n"
    }

    private var footer: String {
        var html = "<footer>\n<p>"
        if let home = site.homePage { html += "<a href=\"\(Markup.escaped(home))\">Home page</a> · " }
        html += "<a href=\"feed.json\">JSON Feed</a> · <a href=\"feed.atom\">Atom feed</a></p>\n"
        return html + "</footer>\n"
    }
}
