import { palette } from './palette.js'

/** The page's only style sheet: for screens in light and dark, and for paper. */
export const pageStyle = (): string => `${palette()}${RULES}`

const RULES = `* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100% }
body {
  margin: 0 auto;
  padding: 3rem clamp(1rem, 4vw, 3rem) 4rem;
  max-width: 78rem;
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
h1, h2, h3 { line-height: 1.2; text-wrap: balance; letter-spacing: -.01em }
h1 { margin: 0 0 .75rem; font-size: 2.25rem; font-weight: 650 }
h2 { margin: 0; font-size: 1.5rem; font-weight: 650 }
h3 { margin: 0 0 1rem; font-size: 1.2rem; font-weight: 650 }
h3 small { color: var(--quiet); font-size: .875rem; font-weight: 400; letter-spacing: 0 }
p { margin: .5rem 0; max-width: 46rem; text-wrap: pretty }
a { color: var(--link); text-underline-offset: .15em; text-decoration-thickness: 1px }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
.name { margin: 0 0 .25rem; color: var(--quiet); font-weight: 600; letter-spacing: .02em }
header.page { margin-bottom: 2rem }
section { margin-top: 4rem; padding-top: 1.5rem; border-top: 2px solid var(--ink) }
section > header p { color: var(--quiet) }
section > header .notice { color: var(--notice) }
.notice { padding: .6rem .9rem; border: 1px solid; border-radius: .3rem }
article { margin-top: 2.5rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; line-height: 1.35 }
caption { padding-bottom: .5rem; color: var(--quiet); text-align: left }
th, td { padding: .3rem .55rem; text-align: right; white-space: nowrap; vertical-align: baseline }
thead th:first-child, th[rowspan], th[colspan], .claims td:first-child, .environments td:first-child { padding-left: 0 }
thead th { padding-bottom: .4rem; white-space: normal; color: var(--quiet); font-weight: 500; vertical-align: bottom }
th.text, td.text, tbody th { text-align: left }
tbody th { font-weight: 500 }
tbody { border-top: 1px solid var(--line) }
thead + tbody { border-top-color: var(--ink) }
table { border-bottom: 1px solid var(--ink) }
tbody tr:first-child > * { padding-top: .5rem }
tbody tr:last-child > *, tbody th[rowspan] { padding-bottom: .5rem }
th.width { font-weight: 650; vertical-align: top }
.results, .claims { width: 100%; margin-bottom: 2.5rem }
.results tbody th { white-space: normal; min-width: 9rem; max-width: 20rem }
.results th.width { min-width: 0 }
.claims tbody th { white-space: normal; min-width: 17rem }
.results td strong { font-weight: 700 }
td.drawn { padding-block: 0; vertical-align: middle }
td.drawn svg { margin: 0 auto; max-width: none }
.contents { width: 100% }
.contents th { white-space: normal }
.contents td.text { white-space: normal }
.verdict { white-space: nowrap; font-weight: 600 }
.verdict.holds { color: var(--holds) }
.verdict.fails { color: var(--fails) }
.verdict.undecided { color: var(--quiet); font-weight: 400 }
.verdict + .verdict { margin-left: .75rem }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.75rem; margin: 0 0 .75rem; padding: 0; list-style: none; font-size: .875rem }
.legend li { display: flex; align-items: center; gap: .5rem }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: 2rem; margin-bottom: 2rem }
figure { margin: 0 }
figure.across { grid-column: 1 / -1 }
figcaption { margin-bottom: .5rem; max-width: 46rem; color: var(--quiet); font-size: .875rem; text-wrap: pretty }
figcaption b { color: var(--ink); font-weight: 650 }
svg.plot { display: block; max-width: 100%; height: auto; overflow: visible; font-family: inherit }
svg.plot text { white-space: pre }
details { margin-top: 1rem; font-size: .875rem }
summary { cursor: pointer; color: var(--link) }
details > * + * { margin-top: .75rem }
code { font-family: ui-monospace, monospace; font-size: .925em; overflow-wrap: anywhere }
dl { margin: 0 }
.commands > div, footer dl > div { display: grid; grid-template-columns: 8rem 1fr; gap: .25rem 1rem; padding: .3rem 0; border-top: 1px solid var(--line) }
.settings { columns: 24rem; column-gap: 3rem }
.settings > div { display: flex; justify-content: space-between; gap: 1rem; padding: .15rem 0; border-bottom: 1px solid var(--line) }
dt { font-weight: 500 }
dd { margin: 0; overflow-wrap: anywhere }
.settings dd { text-align: right; font-variant-numeric: tabular-nums }
footer { margin-top: 4rem; padding-top: 1.5rem; border-top: 2px solid var(--ink); font-size: .875rem }
footer h2 { margin-bottom: .75rem; font-size: 1.2rem }
footer dd { max-width: 46rem }
@media (max-width: 40rem) {
  .commands > div, footer dl > div { grid-template-columns: 1fr }
}
@media print {
  @page { size: A4 landscape; margin: 12mm }
  :root { color-scheme: light; --paper: #fff }
  body { padding: 0; max-width: none; font-size: 9pt }
  section { break-before: page; margin-top: 0 }
  svg.plot, tbody, tr, footer dl > div { break-inside: avoid }
  h2, h3, caption, figcaption, .legend { break-after: avoid }
  svg.plot { max-height: 150mm }
  .wide { overflow: visible }
  table { font-size: 7.5pt }
  th, td { padding-inline: .5rem }
  .figures { grid-template-columns: 1fr 1fr 1fr; gap: .5rem }
  a { color: inherit; text-decoration: none }
  details::details-content { display: block; content-visibility: visible; height: auto }
  summary { list-style: none; color: inherit; font-weight: 600 }
}
`
