/// How pages and pictures look, in light and in dark.
enum PageStyle {
  /// Colours of series; further ones begin again.
  static let colours = [
    "#d62f4b", "#ef8a17", "#2a78c8", "#17a398", "#8a5cd0", "#4f9d2f", "#b8860b", "#c94f9d",
    "#7a8794", "#8c5a3c", "#3fb2d4", "#9aa51e",
  ]

  /// The sheet; no file but the page is needed.
  static var sheet: String {
    base
      + colours.enumerated().map { index, colour in
        ".c\(index){--c:\(colour)}\n"
      }.joined()
      + (0...20).map { ".h\($0){fill:color-mix(in srgb,var(--heat) \(5 * $0)%,var(--cold))}\n" }
      .joined()
  }

  private static let base = """
    :root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--dim:#5b6570;--line:#dfe3e8;--band:#f5f7f9;
    --good:#e3f4e5;--bad:#fbe4e4;--heat:#123f7a;--cold:#eaf1fa;--link:#0b57a4}
    @media(prefers-color-scheme:dark){:root{--fg:#e6e9ed;--bg:#14171b;--dim:#9aa4af;--line:#2c333b;
    --band:#1a1e23;--good:#17351d;--bad:#451d20;--heat:#9cc7ff;--cold:#1b2733;--link:#8ec1ff}}
    body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);margin:2rem auto;
    max-width:1060px;padding:0 1rem}
    h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.25rem;margin:2.6rem 0 .3rem;
    border-top:1px solid var(--line);padding-top:1.2rem}h3{font-size:1rem;margin:1.4rem 0 .2rem}
    p{margin:.3rem 0 .6rem;color:var(--dim);max-width:75ch}
    svg{display:block;width:100%;height:auto}
    .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(310px,1fr));gap:.4rem 1.2rem}
    figure{margin:0}figcaption{font-size:.85rem;font-weight:600}
    .tick{font:11px system-ui,sans-serif;fill:var(--dim)}
    .axis{font:12px system-ui,sans-serif;fill:var(--fg);text-anchor:middle}
    .grid{stroke:var(--line)}.band{fill:var(--band)}
    .level{stroke:var(--fg);stroke-width:1.4;stroke-dasharray:6 4}
    .guess{stroke:var(--dim);stroke-width:1.4;stroke-dasharray:1.5 3}
    g[class^=c] line{stroke:var(--c);stroke-width:1.5}
    g[class^=c] circle{fill:var(--c)}
    g[class^=c] polyline{fill:none;stroke:var(--c);stroke-width:1.8}
    g[class^=c] polyline.join{stroke-width:1;opacity:.45}
    .box{fill:color-mix(in srgb,var(--c) 30%,var(--bg));stroke:var(--c)}
    .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.5rem 0;font-size:.88rem}
    .legend i{display:inline-block;width:.8rem;height:.8rem;margin-right:.35rem;border-radius:2px;
    background:var(--c);vertical-align:-.08rem}
    .legend i.dash{background:none;border-top:2px dashed var(--fg);height:0;vertical-align:.25rem;
    border-radius:0;width:1.3rem}
    .scroll{overflow-x:auto;--shade:color-mix(in srgb,var(--fg) 24%,transparent);
    background:linear-gradient(90deg,var(--bg) 50%,transparent) 0/2.4rem 100% no-repeat local,
    linear-gradient(270deg,var(--bg) 50%,transparent) 100%/2.4rem 100% no-repeat local,
    linear-gradient(90deg,var(--shade),transparent) 0/.7rem 100% no-repeat,
    linear-gradient(270deg,var(--shade),transparent) 100%/.7rem 100% no-repeat}
    table{border-collapse:collapse;font-size:.8rem;font-variant-numeric:tabular-nums;
    white-space:nowrap}
    th,td{padding:.25rem .6rem;text-align:right;border-bottom:1px solid var(--line)}
    th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:var(--bg)}
    td small{display:block;color:var(--dim)}td.good{background:var(--good)}
    td.bad{background:var(--bad)}tr.reference td{font-weight:600}
    tr.reference td small{font-weight:400}
    a{color:var(--link)}:focus-visible{outline:3px solid var(--link);outline-offset:2px}
    main:focus{outline:none}
    .skip{position:absolute;left:-100rem}.skip:focus{left:1rem;top:.5rem;background:var(--bg);
    padding:.4rem .8rem;z-index:2}
    nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;padding:0;margin:.8rem 0}
    .state{color:var(--fg)}.note{font-size:.85rem}
    .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.4rem,1fr));gap:.8rem;
    margin:1rem 0}
    ul.tiles{list-style:none;padding:0}.tiles li{border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem;
    background:var(--band)}
    .tiles span,.tiles small{display:block;font-size:.82rem;color:var(--dim)}
    .tiles strong{font-size:1.35rem}
    .wide,.pair{margin:1rem 0}
    ul.legend{list-style:none;padding:0}
    .legend svg{display:inline-block;width:.85rem;height:.85rem;margin-right:.35rem;
    vertical-align:-.1rem}
    .legend path,.legend circle,g[class^=c] path{fill:var(--c)}
    .bar{fill:var(--c)}.border{stroke:var(--line);stroke-dasharray:2 4}
    .paper{fill:var(--cold)}.ink{fill:var(--heat)}.key{stroke:var(--fg);stroke-width:1.6;
    stroke-dasharray:4 2}
    .off{font:11px system-ui,sans-serif;fill:var(--fg)}
    details{margin:.3rem 0 1rem}summary{cursor:pointer;font-size:.85rem;color:var(--link);
    width:fit-content}
    caption{text-align:left;font-size:.85rem;color:var(--dim);padding:.2rem 0}
    tbody th{font-weight:400}td.text,th.text,td.long{text-align:left}
    td.long{white-space:normal;min-width:20rem}
    pre{background:var(--band);border:1px solid var(--line);border-radius:6px;padding:.6rem .8rem;
    overflow-x:auto;font-size:.85rem}
    footer{margin-top:3rem;border-top:1px solid var(--line)}
    @media print{nav,.skip{display:none}body{max-width:none;margin:0;font-size:11px}
    figure,.tiles li{break-inside:avoid}h2,h3{break-after:avoid}.scroll{overflow:visible;background:none}
    table{white-space:normal;font-size:9px;max-width:100%}th,td{padding:.15rem .3rem}td.long{min-width:0}
    th:first-child,td:first-child{position:static}}

    """
}
