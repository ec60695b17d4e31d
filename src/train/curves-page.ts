/** One line of the training log. */
export interface LogRecord {
  readonly step: number
  readonly [key: string]: number | string | boolean | undefined
}

interface Curve {
  readonly key: string
  readonly label: string
}

interface Chart {
  readonly title: string
  readonly curves: readonly Curve[]
  /** Its smallest value is drawn at the bottom; otherwise 0 is. */
  readonly fitted?: boolean
}

const CHARTS: readonly Chart[] = [
  {
    title: 'Loss',
    curves: [
      { key: 'loss', label: 'training' },
      { key: 'validation.loss', label: 'validation' },
    ],
  },
  {
    title: 'Recall on validation, text to music',
    curves: [
      { key: 'validation.recall@10', label: 'R@10' },
      { key: 'validation.recall@5', label: 'R@5' },
      { key: 'validation.recall@1', label: 'R@1' },
    ],
  },
  {
    title: 'Mean cosine',
    curves: [
      { key: 'positive', label: 'with its own text' },
      { key: 'negative', label: 'with others' },
    ],
    fitted: true,
  },
  { title: 'Learning rate', curves: [{ key: 'learningRate', label: 'learning rate' }] },
  { title: 'Temperature', curves: [{ key: 'temperature', label: 'temperature' }] },
  { title: 'Norm of the gradients', curves: [{ key: 'gradientNorm', label: 'norm, before clipping' }] },
]

const WIDTH = 520
const HEIGHT = 220
const LEFT = 56
const RIGHT = 12
const TOP = 12
const BOTTOM = 28
const COLORS = ['#1f6feb', '#d9480f', '#2b8a3e']
const MOST_POINTS = 1000 // of a curve; beyond, points are means of neighbours

/** A page of the run's curves that needs no server and no script: the charts are drawn into it. */
export function curvesPage(name: string, records: readonly LogRecord[]): string {
  const charts = CHARTS.map((chart) => drawChart(chart, records)).filter((svg) => svg !== '')
  const last = records.at(-1)
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(name)}: training</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1b1f24; background: #fff }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 32rem), 1fr)); gap: 1.5rem 2rem }
  figure { margin: 0 } figcaption { font-weight: 600 } svg { width: 100%; height: auto }
  svg text { font-size: 11px; fill: #57606a } .grid { stroke: #d8dee4 }
  @media (prefers-color-scheme: dark) { body { background: #0d1117; color: #e6edf3 } .grid { stroke: #30363d } svg text { fill: #9198a1 } }
</style>
<h1>${escaped(name)}</h1>
<p>${last ? `Step ${last.step}.` : 'No step yet.'} The numbers are in <code>log.jsonl</code>.</p>
<main>
${charts.join('\n')}
</main>
</html>
`
}

interface Point {
  readonly x: number
  readonly y: number
}

function drawChart({ title, curves, fitted = false }: Chart, records: readonly LogRecord[]): string {
  const lines = curves
    .map(({ key, label }) => ({ label, points: thinned(pointsOf(records, key)) }))
    .filter(({ points }) => points.length > 0)
  if (lines.length === 0) return ''
  const all = lines.flatMap(({ points }) => points)
  const ys = all.map(({ y }) => y)
  const ticks = ticksOver(fitted ? Math.min(...ys) : Math.min(0, ...ys), Math.max(...ys))
  const [low, high] = [ticks[0], ticks.at(-1)!]
  const right = Math.max(...all.map(({ x }) => x))
  const x = (step: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * step) / Math.max(1, right)
  const y = (value: number): number => TOP + (HEIGHT - TOP - BOTTOM) * (1 - (value - low) / (high - low))
  const grid = ticks.map((value) => {
    const at = y(value).toFixed(1)
    return `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/><text x="${LEFT - 6}" y="${at}" dy="4" text-anchor="end">${short(value)}</text>`
  })
  const paths = lines.map(({ points }, i) => {
    const color = COLORS[i % COLORS.length]
    if (points.length === 1)
      return `<circle cx="${x(points[0].x).toFixed(1)}" cy="${y(points[0].y).toFixed(1)}" r="2.5" fill="${color}"/>`
    const d = points.map((p, k) => `${k === 0 ? 'M' : 'L'}${x(p.x).toFixed(1)} ${y(p.y).toFixed(1)}`).join('')
    return `<path d="${d}" fill="none" stroke="${color}" stroke-width="1.6"/>`
  })
  const legend = lines.map(
    ({ label }, i) =>
      `<tspan fill="${COLORS[i % COLORS.length]}"${i > 0 ? ' dx="14"' : ''}>${escaped(label)}</tspan>`,
  )
  return `<figure><figcaption>${escaped(title)}</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escaped(title)}">
${grid.join('')}
<text x="${LEFT}" y="${HEIGHT - 8}">step 0</text><text x="${WIDTH - RIGHT}" y="${HEIGHT - 8}" text-anchor="end">${right}</text>
<text x="${(LEFT + WIDTH) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${legend.join('')}</text>
${paths.join('\n')}
</svg></figure>`
}

function pointsOf(records: readonly LogRecord[], key: string): Point[] {
  const points: Point[] = []
  for (const record of records) {
    const value = record[key]
    if (typeof value === 'number' && Number.isFinite(value)) points.push({ x: record.step, y: value })
  }
  return points
}

function thinned(points: readonly Point[]): Point[] {
  const each = Math.ceil(points.length / MOST_POINTS)
  if (each <= 1) return [...points]
  const means: Point[] = []
  for (let from = 0; from < points.length; from += each) {
    const part = points.slice(from, from + each)
    means.push({
      x: part.at(-1)!.x,
      y: part.reduce((sum, { y }) => sum + y, 0) / part.length,
    })
  }
  return means
}

/** Round numbers, about five, that span the values. */
function ticksOver(low: number, high: number): number[] {
  const room = high > low ? 0 : Math.abs(high) / 2 || 1 // a flat line gets a range around it
  const span = high - low + 2 * room
  const magnitude = 10 ** Math.floor(Math.log10(span / 4))
  const step = magnitude * [1, 2, 5, 10].find((factor) => factor * magnitude >= span / 4)!
  const first = Math.floor((low - room) / step)
  const last = Math.ceil((high + room) / step)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

function short(value: number): string {
  const magnitude = Math.abs(value)
  if (magnitude !== 0 && (magnitude < 1e-3 || magnitude >= 1e5)) return value.toExponential(1)
  return String(Number(value.toPrecision(3)))
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (character) => entities[character])
}
