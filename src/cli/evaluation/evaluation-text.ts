import { join } from 'node:path'
import { shownFigure, type Report, type Result } from '../../evaluate/index.js'
import type { Output } from '../context.js'
import { printable } from '../printable.js'
import { count } from '../quantity.js'
import { styles } from '../style.js'
import { table } from '../table.js'

const TAGS_SHOWN = 5

/** A report for people: tables of figures, and what they were measured on. */
export function evaluationText(
  report: Report,
  { stdout, out, saved }: { stdout: Output; out: string | undefined; saved: string | undefined },
): string {
  const { model, protocol, results, tags } = report
  const lines = [
    `${printable(model.name)}: ${printable(protocol.title)} (${protocol.name}, version ${protocol.version})`,
    poolText(report),
    ...(model.known === null
      ? []
      : [`Of ${count(model.known, 'piece')} it was known who listens to them; others were heard only.`]),
    ...(report.expanded === null
      ? []
      : [`${count(report.expanded, 'query', 'queries')} read with what a graph knows of whom they name.`]),
  ]
  for (const result of results) lines.push('', ...resultLines(result, stdout))
  if (tags && tags.length > 0) lines.push('', ...tagLines(tags))
  lines.push(
    '',
    `Intervals: 95 %, bootstrap of ${report.intervals.of}, ${count(report.intervals.samples, 'sample')}, seed ${report.intervals.seed}.`,
  )
  if (out !== undefined) lines.push(`Report: ${printable(join(out, 'report.html'))} and report.json`)
  if (saved !== undefined)
    lines.push(`Vectors: ${printable(join(saved, 'audio.npy'))}, text.npy and ids.jsonl`)
  return `${lines.join('\n')}\n`
}

/** "Pool: 84 pieces of audio (published: 706), 84 queries; left out: 3 pairs without audio." */
export function poolText({ data }: Pick<Report, 'data'>): string {
  const of = (expected: number | null, there: number): string =>
    expected === null || expected === there ? '' : ` (published: ${expected.toLocaleString('en')})`
  const leftOut = [
    [data.missing, 'pair without audio', 'pairs without audio'],
    [data.wrongRows, 'wrong row', 'wrong rows'],
    [data.short, 'piece that is too short', 'pieces that are too short'],
    [data.withoutQuery, 'piece that nothing asks for', 'pieces that nothing asks for'],
    [data.unreadable.length, 'unreadable file', 'unreadable files'],
  ] as const
  const left = leftOut.flatMap(([n, one, many]) => (n > 0 ? count(n, one, many) : []))
  return (
    `Pool: ${count(data.items, 'piece')} of audio${of(data.expected.items, data.items)}, ` +
    `${count(data.queries, 'query', 'queries')}${of(data.expected.queries, data.queries)}` +
    `${left.length > 0 ? `; left out: ${left.join(', ')}` : ''}.`
  )
}

function resultLines({ title, direction, figures, queries, items }: Result, stdout: Output): string[] {
  const { bold, dim } = styles(stdout)
  const heading =
    title !== null ? printable(title) : direction === null ? 'metric' : direction.replaceAll('-', ' ')
  const rows = figures.map(({ metric, value, low, high, n }) => [
    metric,
    shownFigure(metric, value),
    low === null || high === null ? '–' : `${shownFigure(metric, low)} – ${shownFigure(metric, high)}`,
    n.toLocaleString('en'),
  ])
  const lines = table(
    [
      { header: heading, min: 8 },
      { header: 'value', align: 'right', style: bold },
      { header: '95 % interval', align: 'right' },
      { header: 'n', align: 'right' },
    ],
    rows,
    { width: stdout.interactive ? stdout.columns : undefined, headerStyle: dim },
  )
  return direction === null
    ? lines
    : [...lines, dim(`${queries.toLocaleString('en')} queries against ${items.toLocaleString('en')}`)]
}

function tagLines(tags: NonNullable<Report['tags']>): string[] {
  const [metric] = Object.keys(tags[0].figures)
  const sorted = tags
    .filter(({ figures }) => Number.isFinite(figures[metric]))
    .sort((a, b) => (b.figures[metric] ?? 0) - (a.figures[metric] ?? 0))
  const text = (some: typeof sorted): string =>
    some
      .map(
        ({ tag, tracks, figures }) => `${printable(tag)} ${shownFigure(metric, figures[metric])} (${tracks})`,
      )
      .join(', ')
  if (sorted.length <= 2 * TAGS_SHOWN) return [`${metric} by tag (tracks): ${text(sorted)}`]
  return [
    `Best by ${metric} (tracks): ${text(sorted.slice(0, TAGS_SHOWN))}`,
    `Worst: ${text(sorted.slice(-TAGS_SHOWN).reverse())}`,
  ]
}
