import { SERIES_COLORS } from './series.js'

/** The colours of everything that is drawn or written, as custom properties: in the light, and in the dark on a screen. */
export function palette(): string {
  const series = (tone: 'light' | 'dark') =>
    SERIES_COLORS.map((color, i) => `  --series-${i}: ${color[tone]};`).join('\n')
  return `:root {
  color-scheme: light dark;
  --paper: #fcfcfa;
  --ink: #1d1d1b;
  --quiet: #63625d;
  --line: #d9d7d0;
  --faint: #f1f0eb;
  --link: #0a5ea8;
  --holds: #1c6b34;
  --fails: #a61b2b;
  --notice: #6b5b1e;
${series('light')}
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a;
    --ink: #e7e5e0;
    --quiet: #a19f98;
    --line: #363a40;
    --faint: #1d2024;
    --link: #7fbcff;
    --holds: #79cf92;
    --fails: #ff8f98;
    --notice: #d9c26b;
${series('dark')}
  }
}
`
}
