/// The two stylesheets. `widget.css` takes font and colour from the page that it stands in and sets
/// nothing outside `.colophon`; `index.css` is for our own page only.
enum Stylesheet {
    static let widget = """
        /* Colophon. To change its look, set on .colophon or any element around it:
           --colophon-cover (width of a cover), --colophon-gap, --colophon-line, --colophon-soft,
           --colophon-columns (least width of an item; 100% makes one column). */
        .colophon {
          line-height: 1.4;
          overflow-wrap: anywhere;
        }
        .colophon-list {
          display: grid;
          grid-template-columns: repeat(auto-fill, minmax(min(100%, var(--colophon-columns, 19rem)), 1fr));
          gap: var(--colophon-gap, 1.5rem);
          margin: 0;
          padding: 0;
          list-style: none;
        }
        .colophon-item {
          display: grid;
          grid-template-columns: var(--colophon-cover, 4.5rem) minmax(0, 1fr);
          grid-template-rows: repeat(3, auto) 1fr;
          column-gap: 1rem;
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
          background: color-mix(in srgb, currentColor 9%, transparent);
          outline: 1px solid var(--colophon-line, #8884);
          outline-offset: -1px;
        }
        span.colophon-cover {
          display: grid !important;
          place-items: center;
          aspect-ratio: 2 / 3;
          font-size: 1.75rem;
        }
        span.colophon-cover::before {
          content: attr(data-letter);
          content: attr(data-letter) / "";
          opacity: .55;
        }
        [data-kind="music"] > * > span.colophon-cover,
        [data-kind="podcast"] > * > span.colophon-cover {
          aspect-ratio: 1;
        }
        .colophon-title {
          color: inherit;
          font-weight: 600;
          display: -webkit-box;
          -webkit-box-orient: vertical;
          -webkit-line-clamp: 4;
          overflow: hidden;
        }
        a.colophon-title {
          text-decoration: underline;
          text-decoration-thickness: 1px;
          text-underline-offset: .15em;
        }
        a.colophon-title:hover {
          text-decoration-thickness: 2px;
        }
        .colophon :focus-visible {
          outline: 2px solid currentColor;
          outline-offset: 1px;
        }
        .colophon-by,
        .colophon-facts,
        .colophon-review {
          font-size: .9em;
        }
        .colophon-facts {
          color: var(--colophon-soft, inherit);
        }
        .colophon-facts .p-rating {
          display: block;
          letter-spacing: .05em;
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
        @media (prefers-contrast: more), (forced-colors: active) {
          .colophon-item .colophon-cover {
            outline-color: currentColor;
          }
        }
        @media print {
          .colophon .colophon-cover {
            display: none !important;
          }
          .colophon-item {
            display: block;
            break-inside: avoid;
          }
        }

        """

    static let page = """
        :root {
          color-scheme: light dark;
          --book: #a16207;
          --movie: #1d4ed8;
          --tv: #7c3aed;
          --game: #15803d;
          --article: #52606d;
          --podcast: #c026d3;
          --music: #be123c;
          --other: #6b7280;
          --paper: #fdfcfa;
          --ink: #1c1a17;
          --soft: #5d574e;
          --line: #0002;
          --empty: #00000014;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --book: #eab54d;
            --movie: #7aa7ff;
            --tv: #b79cff;
            --game: #5ccf86;
            --article: #a9b5c2;
            --podcast: #ee8bfa;
            --music: #ff8097;
            --other: #a3a3a3;
            --paper: #171614;
            --ink: #ece8e1;
            --soft: #b0a99d;
            --line: #fff3;
            --empty: #ffffff1c;
          }
        }
        .colophon-page {
          --colophon-line: var(--line);
          --colophon-soft: var(--soft);
          max-width: 68rem;
          margin: 0 auto;
          padding: clamp(1rem, 4vw, 3rem);
          background: var(--paper);
          color: var(--ink);
          font: 1.0625rem/1.5 "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, serif;
          overflow-wrap: anywhere;
        }
        html { background: var(--paper); }
        .colophon-page h1 { margin: 0; font-size: clamp(1.9rem, 6vw, 3rem); line-height: 1.1; }
        .colophon-page h2 { margin: 3rem 0 1rem; font-size: 1.4rem; line-height: 1.2; }
        .colophon-page h3 { margin: 0 0 .5rem; font-size: 1.15rem; }
        .colophon-page small { color: var(--soft); font-size: .8em; font-weight: normal; }
        .colophon-page header p, .colophon-page footer { color: var(--soft); }
        .colophon-page header p { margin: .75rem 0 0; }
        .colophon-page footer { margin-block-start: 3rem; border-block-start: 1px solid var(--line); }
        .colophon-page a { color: inherit; text-underline-offset: .15em; }
        .colophon-page :focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
        .colophon-filter { display: none; margin: 2rem 0 -1rem; padding: 0; border: 0; }
        .colophon-filter legend { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
        .colophon-filter label { padding: .3rem .85rem; border: 1px solid var(--line); border-radius: 2rem; cursor: pointer; }
        .colophon-filter label:has(:checked) { border-color: var(--ink); background: var(--ink); color: var(--paper); }
        .colophon-filter label:has(:focus-visible) { outline: 2px solid currentColor; outline-offset: 2px; }
        .colophon-filter input { position: absolute; opacity: 0; pointer-events: none; }
        @supports selector(:has(a)) {
          .colophon-filter { display: flex; flex-wrap: wrap; gap: .5rem; }
          main:has(#colophon-show-book:checked) .colophon-item:not([data-kind="book"]),
          main:has(#colophon-show-movie:checked) .colophon-item:not([data-kind="movie"]),
          main:has(#colophon-show-tv:checked) .colophon-item:not([data-kind="tv"]),
          main:has(#colophon-show-game:checked) .colophon-item:not([data-kind="game"]),
          main:has(#colophon-show-article:checked) .colophon-item:not([data-kind="article"]),
          main:has(#colophon-show-podcast:checked) .colophon-item:not([data-kind="podcast"]),
          main:has(#colophon-show-music:checked) .colophon-item:not([data-kind="music"]) { display: none; }
        }
        .colophon-book { color: var(--book); }
        .colophon-movie { color: var(--movie); }
        .colophon-tv { color: var(--tv); }
        .colophon-game { color: var(--game); }
        .colophon-article { color: var(--article); }
        .colophon-podcast { color: var(--podcast); }
        .colophon-music { color: var(--music); }
        .colophon-other { color: var(--other); }
        .colophon-calendar path, .colophon-bar path { stroke: currentColor; }
        .colophon-days { color: var(--empty); }
        .colophon-legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1rem; padding: 0; list-style: none; }
        .colophon-legend li { color: var(--ink); }
        .colophon-legend li::before { content: ""; display: inline-block; inline-size: .75em; block-size: .75em; margin-inline-end: .4em; border-radius: 2px; background: var(--other); }
        .colophon-legend .colophon-book::before { background: var(--book); }
        .colophon-legend .colophon-movie::before { background: var(--movie); }
        .colophon-legend .colophon-tv::before { background: var(--tv); }
        .colophon-legend .colophon-game::before { background: var(--game); }
        .colophon-legend .colophon-article::before { background: var(--article); }
        .colophon-legend .colophon-podcast::before { background: var(--podcast); }
        .colophon-legend .colophon-music::before { background: var(--music); }
        .colophon-years { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 2.5rem; }
        .colophon-calendar { display: block; inline-size: 100%; block-size: auto; overflow: visible; color: var(--soft); font-family: system-ui, sans-serif; }
        .colophon-scroll { overflow-x: auto; }
        .colophon-page table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
        .colophon-page th, .colophon-page td { padding: .3rem .75rem .3rem 0; border-block-end: 1px solid var(--line); text-align: start; vertical-align: baseline; }
        .colophon-page td { text-align: end; }
        .colophon-page thead th { color: var(--soft); font-weight: normal; text-align: end; }
        .colophon-page thead th:first-child { text-align: start; }
        .colophon-numbers table { inline-size: 100%; }
        .colophon-numbers td:nth-child(2) { inline-size: 45%; min-inline-size: 6rem; }
        .colophon-bar { display: block; inline-size: 100%; block-size: .9rem; }
        .colophon-page summary { cursor: pointer; inline-size: fit-content; min-block-size: 24px; color: var(--soft); }
        .colophon-year details { margin-block-start: .5rem; }
        @media print {
          .colophon-filter, .colophon-page footer, .colophon-year details { display: none; }
          .colophon-page { max-width: none; padding: 0; background: none; color: #000; font-size: 10pt; }
          .colophon-year { break-inside: avoid; }
          .colophon-calendar, .colophon-bar, .colophon-legend { print-color-adjust: exact; }
        }

        """
}
