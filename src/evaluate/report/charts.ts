import { escaped } from './html.js'
import type { Estimate, RankBin, TagFigures } from './report.js'
import { shown, shownFigure } from './shown.js'

const WIDTH = 200
const HEIGHT = 14

/** A value on a line from 0 to 1 with its interval; nothing for a figure that isn't a share. */
export function intervalBar({ metric, value, low, high }: Estimate): string {
  if (low === null || high === null || low < 0 || high > 1 || /rank/.test(metric)) return ''
  const x = (at: number): string => (at * WIDTH).toFixed(1)
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${shown(value)}, from ${shown(low)} to ${shown(high)}">
<line x1="0" x2="${WIDTH}" y1="7" y2="7" stroke="var(--line)"/>
<rect x="${x(low)}" y="3" width="${x(Math.max(0.004, high - low))}" height="8" fill="var(--band)"/>
<rect x="${x(Math.min(value, 0.99))}" y="1" width="2" height="12" fill="var(--bar)"/></svg>`
}

const CHART = { width: 640, height: 190, bottom: 34, top: 18 }

/** How many queries have their first answer at which rank. */
export function rankHistogram(bins: readonly RankBin[]): string {
  const total = bins.reduce((sum, { queries }) => sum + queries, 0)
  const most = Math.max(1, ...bins.map(({ queries }) => queries))
  const { width, height, bottom, top } = CHART
  const step = width / bins.length
  const bars = bins.map(({ from, to, queries }, i) => {
    const tall = ((height - bottom - top) * queries) / most
    const [x, y] = [i * step + step * 0.12, height - bottom - tall]
    const middle = (i + 0.5) * step
    const share = total > 0 ? `${Math.round((100 * queries) / total)} %` : ''
    return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(step * 0.76).toFixed(1)}" height="${tall.toFixed(1)}" fill="var(--bar)" rx="2"/>
<text x="${middle.toFixed(1)}" y="${(y - 5).toFixed(1)}" text-anchor="middle">${share}</text>
<text x="${middle.toFixed(1)}" y="${height - bottom + 16}" text-anchor="middle">${from === to ? from : `${from}–${to}`}</text>`
  })
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Queries by the rank of their first answer">
<line x1="0" x2="${width}" y1="${height - bottom}" y2="${height - bottom}" stroke="var(--line)"/>
${bars.join('\n')}
<text x="${width / 2}" y="${height - 2}" text-anchor="middle">rank of the first answer</text></svg>`
}

const TAGS_SHOWN = 40 // the best and the worst of many

/** A bar for each tag, best first; of many those in the middle are folded. */
export function tagBars(tags: readonly TagFigures[], metric: string): string {
  const rows = tags
    .flatMap(({ tag, tracks, figures }) => {
      const value = figures[metric]
      return value === null || value === undefined ? [] : [{ tag, tracks, value }]
    })
    .sort((a, b) => b.value - a.value)
    .map(({ tag, tracks, value }) => {
      const percent = (100 * Math.max(0, Math.min(1, value))).toFixed(1)
      return `<div class="tag"><span>${escaped(tag)} <small>${tracks}</small></span><span class="track"><i style="width:${percent}%"></i></span><span>${shownFigure(metric, value)}</span></div>`
    })
  const list = (some: readonly string[]): string => `<div class="tags">\n${some.join('\n')}\n</div>`
  if (rows.length <= 3 * TAGS_SHOWN) return list(rows)
  const between = rows.slice(TAGS_SHOWN, -TAGS_SHOWN)
  return `${list(rows.slice(0, TAGS_SHOWN))}
<details><summary>${between.length.toLocaleString('en')} more</summary>${list(between)}</details>
${list(rows.slice(-TAGS_SHOWN))}`
}

/** What tracks are (rows) and what they were taken for (columns). */
export function confusionTable(labels: readonly string[], counts: readonly (readonly number[])[]): string {
  const head = labels.map((label) => `<th class="n">${escaped(label)}</th>`).join('')
  const rows = counts.map((row, i) => {
    const total = Math.max(
      1,
      row.reduce((a, b) => a + b, 0),
    )
    const cells = row.map((count, j) => {
      const strength = Math.round((100 * count) / total)
      const color = i === j ? 'var(--good)' : 'var(--bad)'
      return `<td class="n" style="background:color-mix(in srgb, ${color} ${Math.round(strength * 0.6)}%, transparent)">${count || ''}</td>`
    })
    return `<tr><th>${escaped(labels[i])}</th>${cells.join('')}</tr>`
  })
  return `<div class="wide"><table><tr><th></th>${head}</tr>\n${rows.join('\n')}\n</table></div>`
}
