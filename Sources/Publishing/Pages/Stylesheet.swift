import Catalogue

/// The two stylesheets. `widget.css` takes font and colour from the page that it stands in and sets
/// nothing outside `.colophon`; `index.css` is for our own page only.
enum Stylesheet {
    static let widget = """
        /* Colophon. Font and colours are the page's. To change the rest, set on .colophon or around it:
           --colophon-cover (width of a cover), --colophon-gap, --colophon-line (of frames),
           --colophon-soft (colour of the facts), --colophon-star (of the stars),
           --colophon-columns (least width of an item; 100% makes one column). */
        .colophon {
          line-height: 1.4;
          overflow-wrap: anywhere;
        }
        .colophon-list {
          display: grid;
          grid-template-columns: repeat(auto-fill, minmax(min(100%, var(--colophon-columns, 19rem)), 1fr));
          gap: var(--colophon-gap, 1.75rem 1.5rem);
          margin: 0;
          padding: 0;
          list-style: none;
        }
        .colophon-item {
          display: grid;
          grid-template-columns: var(--colophon-cover, 4.5rem) minmax(0, 1fr);
          grid-template-rows: repeat(3, auto) 1fr;
          gap: .1rem 1rem;
          margin: 0;
        }
        .colophon-work {
          display: contents;
        }
        .colophon-item > *,
        .colophon-work > * {
          grid-column: 2;
          margin: 0;
        }
        .colophon-item .colophon-cover {
          grid-area: 1 / 1 / span 4;
          display: block;
          inline-size: 100%;
          block-size: auto;
          align-self: start;
          border-radius: 3px;
          background: #8882;
          background: color-mix(in srgb, currentColor 8%, transparent);
          outline: 1px solid var(--colophon-line, #8884);
          outline-offset: -1px;
        }
        span.colophon-cover {
          display: grid !important;
          aspect-ratio: 2 / 3;
          font-size: 1.75rem;
        }
        span.colophon-cover::before {
          content: attr(data-letter);
          content: attr(data-letter) / "";
          display: grid;
          place-items: center;
          margin: 9%;
          border: 1px solid var(--colophon-line, #8884);
          opacity: .7;
        }
        [data-kind="book"] span.colophon-cover::before {
          margin: 0;
          margin-inline-start: 9%;
          border-width: 0;
          border-inline-start-width: 1px;
        }
        [data-kind="music"] span.colophon-cover,
        [data-kind="podcast"] span.colophon-cover {
          aspect-ratio: 1;
        }
        [data-kind="music"] span.colophon-cover::before {
          border-radius: 50%;
        }
        .colophon-title {
          color: inherit;
          font-weight: 600;
          line-height: 1.3;
          text-wrap: balance;
          display: -webkit-box;
          -webkit-box-orient: vertical;
          -webkit-line-clamp: 4;
          overflow: hidden;
        }
        a.colophon-title {
          text-decoration: underline 1px;
          text-decoration-color: color-mix(in srgb, currentColor 45%, transparent);
          text-underline-offset: .2em;
        }
        a.colophon-title:hover {
          text-decoration-color: currentColor;
        }
        .colophon :focus-visible {
          outline: 2px solid currentColor;
          outline-offset: 1px;
        }
        .colophon-by,
        .colophon-review {
          font-size: .9em;
        }
        .colophon-by,
        .colophon .e-content {
          overflow: hidden;
        }
        .colophon-facts {
          font-size: .85em;
          color: var(--colophon-soft, inherit);
        }
        .colophon-facts time {
          white-space: nowrap;
        }
        .colophon-facts .p-rating {
          display: block;
          color: var(--colophon-star, inherit);
          letter-spacing: .06em;
        }
        .colophon-review summary {
          cursor: pointer;
          inline-size: fit-content;
          min-block-size: 24px;
        }
        .colophon-review .e-content {
          margin-block: .25rem .5rem;
          padding-inline-start: .75rem;
          border-inline-start: 2px solid var(--colophon-line, #8884);
        }
        .colophon-review .e-content > :first-child {
          margin-block-start: 0;
        }
        .colophon-review .e-content > :last-child {
          margin-block-end: 0;
        }
        @media (prefers-contrast: more), (forced-colors: active) {
          .colophon-item .colophon-cover {
            outline-color: currentColor;
          }
        }
        @media print {
          .colophon .colophon-cover,
          .colophon-review:not([open]) {
            display: none !important;
          }
          .colophon-item {
            display: block;
            break-inside: avoid;
          }
          .colophon-work > * {
            display: block;
          }
        }

        """

    /// The colours of the kinds were chosen by search: at least 3:1 against the paper and against an empty
    /// day, and far apart for eyes with any of the three common colour vision deficiencies as well.
    static let page = """
        :root {
          color-scheme: light dark;
          --book: #c26b11;
          --movie: #051d98;
          --tv: #a853e6;
          --game: #0b9973;
          --article: #5b6883;
          --podcast: #6f2257;
          --music: #b30819;
          --other: #242221;
          --paper: #fdfcfa;
          --ink: #1c1a17;
          --soft: #5d574e;
          --star: #8a5300;
          --line: #0002;
          --empty: #eceae7;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --book: #e48f39;
            --movie: #6ba1ff;
            --tv: #7e5ce9;
            --game: #83ea78;
            --article: #b0b5bf;
            --podcast: #b05697;
            --music: #dc413e;
            --other: #e7e8e4;
            --paper: #171614;
            --ink: #ece8e1;
            --soft: #b0a99d;
            --star: #e9b35f;
            --line: #fff3;
            --empty: #2e2d2b;
          }
        }
        html { background: var(--paper); scroll-padding-block-start: 7rem; }
        .colophon-page {
          --colophon-line: var(--line);
          --colophon-soft: var(--soft);
          --colophon-star: var(--star);
          max-width: 72rem;
          margin: 0 auto;
          padding: clamp(1rem, 4vw, 3rem);
          background: var(--paper);
          color: var(--ink);
          font: 1.0625rem/1.5 "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, serif;
          overflow-wrap: anywhere;
        }
        .colophon-page h1 { margin: 0; font-size: clamp(2rem, 6vw, 3.25rem); line-height: 1.1; letter-spacing: -.015em; }
        .colophon-page h2 { margin: 3.5rem 0 1.25rem; font-size: 1.5rem; line-height: 1.2; }
        .colophon-page .colophon h2 { margin-block-start: 2rem; }
        .colophon-page h3 { display: flex; align-items: baseline; justify-content: space-between; margin: 0 0 .5rem; font-size: 1.15rem; }
        .colophon-page small { color: var(--soft); font-size: .8em; font-weight: normal; }
        .colophon-page header p, .colophon-page footer { color: var(--soft); }
        .colophon-page header p { margin: .75rem 0 0; max-width: 45rem; text-wrap: balance; }
        .colophon-page footer { margin-block-start: 4rem; border-block-start: 1px solid var(--line); }
        .colophon-page a { color: inherit; text-underline-offset: .2em; }
        .colophon-page :focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
        .colophon-filter { display: none; min-inline-size: 0; margin: 1.5rem 0 0; border: 0; }
        .colophon-filter legend { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
        .colophon-filter label { position: relative; flex: none; padding: .25rem .8rem; border: 1px solid var(--line); border-radius: 2rem; background: var(--paper); font-size: .9rem; cursor: pointer; }
        .colophon-filter span { color: var(--ink); }
        .colophon-filter label:has(:checked) { border-color: var(--ink); background: var(--ink); }
        .colophon-filter :checked + span { color: var(--paper); }
        .colophon-filter label:has(:focus-visible) { outline: 2px solid var(--ink); outline-offset: 2px; }
        .colophon-filter input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
        .colophon-filter label:not(.colophon-all)::before, .colophon-legend li::before, .colophon-page .colophon-item .p-category::before { content: ""; display: inline-block; inline-size: .7em; block-size: .7em; margin-inline-end: .4em; border-radius: 2px; background: currentColor; forced-color-adjust: none; }
        .colophon-filter label:has(:checked)::before { outline: 1px solid var(--paper); }
        @supports selector(:has(a)) {
          .colophon-filter { position: sticky; z-index: 1; inset-block-start: 0; display: flex; gap: .5rem; margin-inline: calc(-1 * clamp(1rem, 4vw, 3rem)); padding: .75rem clamp(1rem, 4vw, 3rem); overflow-x: auto; scrollbar-width: none; background: var(--paper); }
        \(filters)
        }
        @media (min-width: 40rem) {
          .colophon-filter { flex-wrap: wrap; }
        }
        \(colours)
        .colophon-page .colophon-item .p-category::before { inline-size: .6em; block-size: .6em; }
        .colophon-calendar path, .colophon-bar path { stroke: currentColor; }
        .colophon-calendar .colophon-days { color: var(--empty); }
        .colophon-legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1.25rem; padding: 0; list-style: none; }
        .colophon-legend span { color: var(--ink); }
        .colophon-years { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 2.5rem 3rem; }
        .colophon-calendar { display: grid; grid-template: auto 13.5rem / 2.2rem minmax(0, 1fr); gap: .2rem .4rem; color: var(--soft); font: .75rem/1.125rem system-ui, sans-serif; overflow-wrap: normal; }
        .colophon-calendar svg { grid-area: 2 / 2; display: block; inline-size: 100%; block-size: 100%; }
        .colophon-months { grid-area: 2 / 1; display: grid; grid-template-rows: repeat(12, 1fr); }
        .colophon-ticks { grid-area: 1 / 2; display: grid; grid-template-columns: repeat(31, minmax(0, 1fr)); }
        .colophon-ticks span:nth-child(2) { grid-column: 10; }
        .colophon-ticks span:nth-child(3) { grid-column: 20; }
        .colophon-ticks span:nth-child(4) { grid-column: 30; }
        .colophon-scroll { overflow-x: auto; }
        .colophon-page table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
        .colophon-page th, .colophon-page td { padding: .35rem 0 .35rem 1rem; border-block-end: 1px solid var(--line); text-align: end; vertical-align: baseline; }
        .colophon-page th:first-child { padding-inline-start: 0; text-align: start; }
        .colophon-page thead th { color: var(--soft); font-weight: normal; }
        .colophon-page .colophon-year td:last-child { min-inline-size: 14rem; text-align: start; }
        .colophon-page .colophon-year th:last-child { text-align: start; }
        .colophon-numbers table { inline-size: 100%; }
        .colophon-numbers td:nth-child(2) { inline-size: 40%; min-inline-size: 7rem; }
        .colophon-bar { display: block; inline-size: 100%; block-size: .8rem; }
        .colophon-page summary { cursor: pointer; inline-size: fit-content; min-block-size: 24px; color: var(--soft); font-size: .9rem; }
        .colophon-page .colophon summary { font-size: inherit; }
        .colophon-year details { margin-block-start: .6rem; }
        @media (forced-colors: active) {
          .colophon-filter label:has(:checked) { outline: 3px solid Highlight; outline-offset: 1px; }
          .colophon-filter label:has(:focus-visible) { outline-style: double; }
        }
        @media print {
          html, .colophon-page { background: none; }
          .colophon-filter, .colophon-page footer, .colophon-year details { display: none; }
          .colophon-page { max-width: none; padding: 0; color: #000; font-size: 9.5pt; }
          .colophon-page h2 { margin-block: 1.5rem .75rem; break-after: avoid; }
          .colophon-list { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .75rem 1.5rem; }
          .colophon-years { grid-template-columns: 1fr 1fr; gap: 1.25rem 2rem; }
          .colophon-calendar { grid-template: auto 9rem / 2rem minmax(0, 1fr); font-size: 7pt; line-height: .75rem; }
          .colophon-year, .colophon-numbers { break-inside: avoid; }
          .colophon-page * { print-color-adjust: exact; }
        }

        """

    private static let names = Kind.allCases.map(\.rawValue)

    /// What is chosen stays; of the pictures the rest fades, so that a year keeps its outline.
    private static let filters = names.map { name in
        let chosen = "main:has(#colophon-show-\(name):checked)"
        return """
              \(chosen) .colophon-item:not([data-kind="\(name)"]),
              \(chosen):not(:has([data-kind="\(name)"])) .colophon { display: none; }
              \(chosen) path:not(.colophon-\(name), .colophon-days) { opacity: .1; }
            """
    }.joined(separator: "\n")

    private static let colours = (names + ["other"]).map { name in
        ".colophon-\(name), .colophon-\(name)::before, [data-kind=\"\(name)\"] .p-category::before { color: var(--\(name)); }"
    }.joined(separator: "\n")
}
